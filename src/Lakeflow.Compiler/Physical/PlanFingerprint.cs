using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Lakeflow.Compiler.Plans;

namespace Lakeflow.Compiler.Physical;

/// <summary>A short name for what a flow computes: equal plans and settings have equal fingerprints, in any process.</summary>
/// <remarks>Column ids are numbered anew in order of appearance, so that an edit elsewhere does not change it.</remarks>
public static class PlanFingerprint
{
    private const int HexDigits = 16;

    public static string Of(LogicalPlan plan, IEnumerable<KeyValuePair<string, string>> settings, string zone)
    {
        var text = new StringBuilder();
        Add(text, plan, []);
        foreach (var (name, value) in settings.OrderBy(s => s.Key, StringComparer.Ordinal)) text.Append("set ").Append(name).Append('=').Append(value).Append('\n');
        text.Append("zone ").Append(zone);
        return OfText(text.ToString());
    }

    public static string OfText(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..HexDigits];

    private static void Add(StringBuilder text, LogicalPlan plan, Dictionary<int, int> numbers)
    {
        text.Append(plan.ToString());
        foreach (var node in plan.All())
        {
            if (node is Scan scan)
            {
                text.Append('[').AppendJoin(", ", scan.Output.Select(c => $"{c.Name} {c.Type}")).Append("]\n");
                if (scan.Source is FilesSource files) text.AppendJoin(", ", files.Options.Select(o => $"{o.Key}={o.Value}")).Append('\n');
            }

            foreach (var column in node.Columns) Number(column);
            node.MapExpressions(expr =>
            {
                foreach (var part in expr.All())
                {
                    if (part is ColumnRef c) text.Append(CultureInfo.InvariantCulture, $"{Number(c.Column)},");
                    else if (part is Literal l) text.Append(l.Type).Append(',');
                    else if (part is ScalarSubquery s) Add(text, s.Plan, numbers);
                    else if (part is SubqueryTest t) Add(text, t.Plan, numbers);
                }

                return expr;
            });
            text.Append('\n');
        }

        int Number(PlanColumn column)
        {
            if (!numbers.TryGetValue(column.Id, out var number)) numbers.Add(column.Id, number = numbers.Count);
            return number;
        }
    }
}
