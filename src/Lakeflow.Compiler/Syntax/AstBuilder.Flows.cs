using System.Diagnostics;
using System.Globalization;
using Lakeflow.Compiler.Diagnostics;
using Lakeflow.Runtime.Diagnostics;
using static Lakeflow.Compiler.Syntax.Generated.LakeflowParser;

namespace Lakeflow.Compiler.Syntax;

internal sealed partial class AstBuilder
{
    private CreateFlowSyntax CreateFlow(CreateFlowContext node)
    {
        var name = Name(node.flowName);
        var comment = Maybe(node.commentClause(), Comment);
        switch (node.flowBody())
        {
            case CdcBodyContext cdc:
                if (cdc.APPLY() is not null) bag.Add(SyntaxErrors.LegacySpelling(Span(cdc.APPLY()).To(Span(cdc.CHANGES())), "APPLY CHANGES", "AUTO CDC"));
                var body = Cdc(cdc.cdcSpec(), cdc.ONCE() is not null, cdc.SNAPSHOT() is not null, Span(cdc));
                return new CreateFlowSyntax(name, comment, DatasetName(cdc.target), body, Span(node));
            case InsertBodyContext insert:
                var target = DatasetName(insert.target);
                var once = insert._once.Count > 0;
                if (insert._once.Count > 1) bag.Add(SyntaxErrors.DuplicateClause(Span(insert._once[1]), "ONCE", Span(insert._once[0])));
                if (insert.NAME() is null) bag.Add(SyntaxErrors.InsertWithoutByName(target.Span));
                return new CreateFlowSyntax(name, comment, target, Append(insert.query(), once, insert.replaceUsing(), Span(insert)), Span(node));
            default:
                throw new UnreachableException(node.flowBody().GetType().Name);
        }
    }

    private FlowBodySyntax Append(QueryContext query, bool once, ReplaceUsingContext? replace, SourceSpan span)
    {
        if (replace is null) return new AppendFlowSyntax(Query(query), once, span);
        if (once) bag.Add(SyntaxErrors.OnceWithReplace(Span(replace)));
        return new ReplaceUsingFlowSyntax(Map(replace.name(), Name), Value(replace.valueExpression()), Query(query), once, span);
    }

    /// <summary>The legacy stand-alone statement: a flow named like its target.</summary>
    private CreateFlowSyntax ApplyChanges(ApplyChangesContext node)
    {
        var target = DatasetName(node.target);
        bag.Add(SyntaxErrors.LegacySpelling(
            Span(node.APPLY()).To(Span(node.INTO())), "APPLY CHANGES INTO", $"CREATE FLOW {target.Last.Text}_cdc AS AUTO CDC INTO"));
        return new CreateFlowSyntax(null, null, target, Cdc(node.cdcSpec(), node.ONCE() is not null, fromSnapshot: false, Span(node)), Span(node));
    }

    private FlowBodySyntax Flow(FlowClauseContext node)
    {
        switch (node)
        {
            case InsertFlowContext insert:
                if (insert.NAME() is null) bag.Add(SyntaxErrors.InsertWithoutByName(Span(insert.INSERT())));
                return new AppendFlowSyntax(Query(insert.query()), insert.ONCE() is not null, Span(node));
            case CdcFlowContext cdc:
                if (cdc.APPLY() is not null) bag.Add(SyntaxErrors.LegacySpelling(Span(cdc.APPLY()).To(Span(cdc.CHANGES())), "APPLY CHANGES", "AUTO CDC"));
                return Cdc(cdc.cdcSpec(), cdc.ONCE() is not null, fromSnapshot: false, Span(node));
            case ReplaceWhereFlowContext where:
                return new ReplaceWhereFlowSyntax(Expression(where.expression()), Query(where.query()), Span(node));
            case ReplaceUsingFlowContext replace:
                return Append(replace.query(), once: false, replace.replaceUsing(), Span(node));
            default:
                throw new UnreachableException(node.GetType().Name);
        }
    }

    /// <summary>The clauses of a CDC flow, in any order, each at most once.</summary>
    private AutoCdcFlowSyntax Cdc(CdcSpecContext node, bool once, bool fromSnapshot, SourceSpan span)
    {
        fromSnapshot |= node.SNAPSHOT() is not null;
        var flow = new AutoCdcFlowSyntax(
            RelationPrimary(node.relationPrimary()), once, fromSnapshot, [], IgnoreNullUpdates: false, null, null, null, null, null, null, null, null, null, null, span);
        var seen = new Dictionary<string, SourceSpan>(StringComparer.Ordinal);
        foreach (var clause in node.cdcClause())
        {
            var (word, next) = Clause(flow, clause);
            if (seen.TryAdd(word, Span(clause))) flow = next;
            else bag.Add(SyntaxErrors.DuplicateClause(Span(clause), word, seen[word]));
        }

        if (!seen.ContainsKey("KEYS")) bag.Add(SyntaxErrors.MissingCdcClause(HeadOf(node), "KEYS (column, …)", "names the columns that identify a row"));
        if (flow.SequenceBy is null && !fromSnapshot)
            bag.Add(SyntaxErrors.MissingCdcClause(HeadOf(node), "SEQUENCE BY column", "tells which of two changes to a row is the later one"));
        if (flow.SnapshotVersion is not null && !fromSnapshot)
            bag.Add(SyntaxErrors.ClauseDoesNotFit(flow.SnapshotVersion.Span, "SNAPSHOT VERSION", "AUTO CDC flow that does not read FROM SNAPSHOT"));
        return flow;
    }

    private SourceSpan HeadOf(CdcSpecContext node) => Span(node.FROM()).To(Span(node.relationPrimary()));

    private (string Word, AutoCdcFlowSyntax Flow) Clause(AutoCdcFlowSyntax flow, CdcClauseContext node)
    {
        switch (node)
        {
            case CdcKeysContext keys:
                if (keys.name().Length == 0) bag.Add(SyntaxErrors.EmptyBrackets(Span(node), "AUTOCDC_EMPTY_KEYS"));
                return ("KEYS", flow with { Keys = Map(keys.name(), Name) });
            case CdcIgnoreNullContext ignore:
                return ("IGNORE NULL UPDATES", flow with { IgnoreNullUpdates = true, IgnoreNullColumns = Maybe(ignore.columnSelection(), c => Selection(c, "AUTOCDC_IGNORE_NULL_EMPTY_COLUMN_LIST")) });
            case CdcDeleteContext delete:
                return ("APPLY AS DELETE WHEN", flow with { DeleteWhen = Expression(delete.expression()) });
            case CdcTruncateContext truncate:
                return ("APPLY AS TRUNCATE WHEN", flow with { TruncateWhen = Expression(truncate.expression()) });
            case CdcSequenceContext sequence:
                return ("SEQUENCE BY", flow with { SequenceBy = Expression(sequence.expression()) });
            case CdcSystemSequenceContext sequence:
                return ("SYSTEM SEQUENCE BY", flow with { SystemSequenceBy = Expression(sequence.expression()) });
            case CdcColumnsContext columns:
                return ("COLUMNS", flow with { Columns = Selection(columns.columnSelection()) });
            case CdcColumnsToUpdateContext update:
                return ("COLUMNS TO UPDATE", flow with { ColumnsToUpdate = Name(update.name()) });
            case CdcStoredContext stored:
                return ("STORED AS", flow with { Storage = Storage(stored) });
            case CdcTrackHistoryContext track:
                return ("TRACK HISTORY ON", flow with { TrackHistory = Selection(track.columnSelection()) });
            case CdcSnapshotVersionContext version:
                return ("SNAPSHOT VERSION", flow with { SnapshotVersion = Expression(version.expression()) });
            default:
                throw new UnreachableException(node.GetType().Name);
        }
    }

    private CdcStorage Storage(CdcStoredContext node)
    {
        if (node.BITEMPORAL() is not null) return CdcStorage.Bitemporal;
        var number = node.INTEGER_VALUE().Symbol;
        if (number.Text is "1" or "2") return int.Parse(number.Text, CultureInfo.InvariantCulture) == 1 ? CdcStorage.ScdType1 : CdcStorage.ScdType2;
        bag.Add(SyntaxErrors.ScdType(Span(number), number.Text));
        return CdcStorage.ScdType1;
    }

    private ColumnSelectionSyntax Selection(ColumnSelectionContext node) => Selection(node, null);

    private ColumnSelectionSyntax Selection(ColumnSelectionContext node, string? errorClass)
    {
        var columns = Map(node.name(), Name);
        if (columns.Length == 0) bag.Add(SyntaxErrors.EmptyBrackets(Span(node), errorClass));
        return new ColumnSelectionSyntax(node.EXCEPT() is not null, columns, Span(node));
    }
}
