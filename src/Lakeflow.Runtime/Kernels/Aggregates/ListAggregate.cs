using Lakeflow.Runtime.Spilling;

namespace Lakeflow.Runtime.Kernels.Aggregates;

/// <summary><c>listagg(text[, separator])</c>, <c>string_agg</c>: the texts in the order of the rows, NULLs left out; NULL without any.</summary>
public sealed class ListAggregate : IObjectAggregate
{
    private readonly string separator;
    private readonly List<string> texts = [];

    private ListAggregate(string separator) => this.separator = separator;

    public static IObjectAggregate Create(AggregateContext context) => new ListAggregate(context.Constants is [_, string separator, ..] ? separator : "");

    public void Add(object? value, object? second, int site)
    {
        if (value is not null) texts.Add((string)value);
    }

    public void Merge(IObjectAggregate other, int site) => texts.AddRange(((ListAggregate)other).texts);

    public object? Result(int site) => texts.Count == 0 ? null : string.Join(separator, texts);

    public void Write(SpillWriter to) => to.PutValues(texts);

    public void Read(SpillReader from) => texts.AddRange(from.GetValues().Cast<string>());
}
