using System.Diagnostics;
using Lakeflow.Compiler.Diagnostics;
using static Lakeflow.Compiler.Syntax.Generated.LakeflowParser;

namespace Lakeflow.Compiler.Syntax;

internal sealed partial class AstBuilder
{
    private TableElementSyntax TableElement(TableElementContext node)
    {
        switch (node)
        {
            case ColumnElementContext column:
                var definition = column.columnDefinition();
                return new ColumnSyntax(
                    Identifier(definition.identifier()), Maybe(definition.dataType(), DataType), ColumnProperties(definition.columnProperty()), Span(node));
            case ExpectationContext rule:
                var action = rule.DROP() is not null ? ViolationAction.DropRow : rule.FAIL() is not null ? ViolationAction.FailUpdate : ViolationAction.Warn;
                return new ExpectationSyntax(Identifier(rule.identifier()), Expression(rule.expression()), TextOf(rule.expression()), action, Span(node));
            case PrimaryKeyContext key:
                return new PrimaryKeySyntax(Maybe(key.identifier(), Identifier), Map(key.keyColumn(), k => Identifier(k.identifier())), Span(node));
            case ForeignKeyContext key:
                return new ForeignKeySyntax(
                    Maybe(key.identifier(), Identifier), Identifiers(key.identifierList(0)), Name(key.name()),
                    key.identifierList().Length > 1 ? Identifiers(key.identifierList(1)) : [], Span(node));
            case CheckConstraintContext check:
                return new OtherConstraintSyntax(Maybe(check.identifier(), Identifier), "CHECK", Span(node));
            case UniqueConstraintContext unique:
                return new OtherConstraintSyntax(Maybe(unique.identifier(), Identifier), "UNIQUE", Span(node));
            default:
                throw new UnreachableException(node.GetType().Name);
        }
    }

    private ImmutableArray<ColumnPropertySyntax> ColumnProperties(ColumnPropertyContext[] nodes)
    {
        var properties = ImmutableArray.CreateBuilder<ColumnPropertySyntax>();
        foreach (var node in nodes)
        {
            if (ColumnProperty(node) is not { } property) continue;
            if (properties.FirstOrDefault(p => p.GetType() == property.GetType()) is { } first)
                bag.Add(SyntaxErrors.DuplicateClause(property.Span, Words(node, 1), first.Span));
            else properties.Add(property);
        }

        return properties.ToImmutable();
    }

    /// <summary>Null for what says nothing new (NULL) or nothing here (CHECK, which is reported).</summary>
    private ColumnPropertySyntax? ColumnProperty(ColumnPropertyContext node)
    {
        switch (node)
        {
            case NotNullContext:
                return new NotNullSyntax(Span(node));
            case NullableContext:
                return null;
            case GeneratedAsContext generated:
                return new GeneratedSyntax(Expression(generated.expression()), Span(node));
            case IdentityColumnContext identity:
                var start = identity.identityOption().FirstOrDefault(o => o.START() is not null);
                var step = identity.identityOption().FirstOrDefault(o => o.INCREMENT() is not null);
                return new IdentitySyntax(
                    identity.ALWAYS() is not null, start is null ? 1 : Int64(start.signedInteger()), step is null ? 1 : Int64(step.signedInteger()), Span(node));
            case DefaultValueContext value:
                return new DefaultSyntax(Expression(value.expression()), Span(node));
            case ColumnCommentContext comment:
                return new ColumnCommentSyntax(Comment(comment.commentClause()), Span(node));
            case ColumnPrimaryKeyContext key:
                return new ColumnPrimaryKeySyntax(Maybe(key.identifier(), Identifier), Span(node));
            case ColumnReferenceContext reference:
                var named = reference.CONSTRAINT() is not null;
                var names = reference.identifier();
                return new ColumnReferenceSyntax(
                    named ? Identifier(names[0]) : null, Name(reference.name()), reference.LPAREN() is not null ? Identifier(names[^1]) : null, Span(node));
            case ColumnCheckContext:
                bag.Add(SyntaxErrors.CheckOfColumn(Span(node)));
                return null;
            case MaskContext mask:
                return new MaskSyntax(Name(mask.name()), Expressions(mask.expression()), Span(node));
            default:
                throw new UnreachableException(node.GetType().Name);
        }
    }

    private TableClauseSyntax TableClause(TableClauseContext node)
    {
        switch (node)
        {
            case UsingFormatContext format:
                return new UsingSyntax(Name(format.name()), Span(node));
            case PartitionedByContext partitioned:
                return new PartitionedBySyntax(Map(partitioned.partitionItem(), p => p.expression() is { } e
                    ? Expression(e)
                    : NameOf([Identifier(p.identifier())])), Span(node));
            case ClusterByContext cluster:
                return new ClusterBySyntax(Map(cluster.name(), Name), cluster.AUTO() is not null, Span(node));
            case LocationContext location:
                return new LocationSyntax(Text(location.@string()), Span(node));
            case CommentContext comment:
                return new CommentSyntax(Comment(comment.commentClause()), Span(node));
            case TablePropertiesContext properties:
                return new PropertiesSyntax(Properties(properties.propertyList()), Span(node));
            case TableOptionsContext options:
                return new OptionsSyntax(Properties(options.propertyList()), Span(node));
            case ScheduleContext schedule:
                return Schedule(schedule);
            case TriggerContext trigger:
                return new TriggerSyntax(Maybe(trigger.expression(), Expression), Span(node));
            case RowFilterContext filter:
                return new RowFilterSyntax(Name(filter.name()), Expressions(filter.expression()), Span(node));
            case RefreshPolicyContext policy:
                var kind = policy.STRICT() is not null ? RefreshPolicy.IncrementalStrict
                    : policy.INCREMENTAL() is not null ? RefreshPolicy.Incremental
                    : policy.FULL() is not null ? RefreshPolicy.Full
                    : RefreshPolicy.Auto;
                return new RefreshPolicySyntax(kind, Span(node));
            case OtherClauseContext other:
                return new OtherClauseSyntax(Words(other, 2), Span(node));
            default:
                throw new UnreachableException(node.GetType().Name);
        }
    }

    private ScheduleSyntax Schedule(ScheduleContext node)
    {
        if (node.EVERY() is not null)
        {
            var unit = node.scheduleUnit().Start.Text.ToUpperInvariant().TrimEnd('S');
            return new ScheduleSyntax(Int32(node.INTEGER_VALUE().Symbol), unit, null, null, Span(node));
        }

        var texts = node.@string();
        return new ScheduleSyntax(null, null, Text(texts[0]), node.LOCAL() is not null ? "LOCAL" : texts.Length > 1 ? Text(texts[1]) : null, Span(node));
    }

    private ImmutableArray<PropertySyntax> Properties(PropertyListContext node)
    {
        var seen = new Dictionary<string, PropertySyntax>(StringComparer.Ordinal);
        foreach (var item in Map(node.property(), Property))
        {
            if (!seen.TryAdd(item.Key, item)) bag.Add(SyntaxErrors.DuplicateKey(item.Span, item.Key, seen[item.Key].Span));
        }

        return [.. seen.Values];
    }

    private PropertySyntax Property(PropertyContext node)
    {
        var key = node.propertyKey();
        var keyText = key.@string() is { } quoted ? Text(quoted) : string.Join('.', key.anyIdentifier().Select(i => Identifier(i).Text));
        var value = node.propertyValue();
        var valueText = value is null ? null : value.@string() is { } text ? Text(text) : value.GetText();
        return new PropertySyntax(keyText, valueText, Span(node));
    }
}
