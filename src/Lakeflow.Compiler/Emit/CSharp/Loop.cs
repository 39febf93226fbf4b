using System.Globalization;
using Lakeflow.Arrow;
using Lakeflow.Compiler.Functions;
using Lakeflow.Compiler.Plans;

namespace Lakeflow.Compiler.Emit.CSharp;

/// <summary>One generated method around a loop: its prologue of spans in locals, its body, and what each column is there.</summary>
internal sealed class Loop
{
    private readonly Dictionary<string, string> prologueNames = new(StringComparer.Ordinal);
    private readonly Dictionary<int, Binding> bindings = [];
    private readonly Stack<Dictionary<string, Value>> held = new();

    public Loop(ClassMembers members, CodeWriter prologue, CodeWriter body, NameScope names, bool noNulls)
    {
        Members = members;
        Prologue = prologue;
        Body = body;
        Names = names;
        NoNulls = noNulls;
        held.Push(new(StringComparer.Ordinal));
    }

    public ClassMembers Members { get; }

    /// <summary>Before the loop.</summary>
    public CodeWriter Prologue { get; }

    /// <summary>The block that is being written.</summary>
    public CodeWriter Body { get; set; }

    public NameScope Names { get; }

    /// <summary>True in the variant that runs when no column read holds a NULL.</summary>
    public bool NoNulls { get; }

    /// <summary>False inside a method that was cut out of a loop: it is not cut again.</summary>
    public bool CanOutline { get; init; } = true;

    /// <summary>Ordinals of the input batch's nullable columns that the loop reads.</summary>
    public SortedSet<int> NullableRead { get; } = [];

    /// <summary>Ordinals of the input batch's columns that are not NULL in any row that gets into the loop: a mask left those rows out.</summary>
    public HashSet<int> Present { get; init; } = [];

    public void Bind(PlanColumn column, Binding binding) => bindings[column.Id] = binding;

    /// <summary>Takes over the computed columns of another loop.</summary>
    public void BindRest(Loop other)
    {
        foreach (var (id, binding) in other.bindings)
        {
            if (binding is Binding.Computed) bindings.TryAdd(id, binding);
        }
    }

    /// <summary>Takes over all that another loop knows; for a method whose parameters are called like the other's locals.</summary>
    public void BindAll(Loop other)
    {
        foreach (var (id, binding) in other.bindings) bindings.TryAdd(id, binding);
    }

    public Binding this[PlanColumn column] => bindings[column.Id];

    /// <summary>The binding behind references that only rename.</summary>
    public Binding Resolve(PlanColumn column)
    {
        var binding = bindings[column.Id];
        return binding is Binding.Computed { Expr: ColumnRef other } ? Resolve(other.Column) : binding;
    }

    /// <summary>Values held while this is open are forgotten after it: they stand in a block.</summary>
    public IDisposable NewBlock(CodeWriter body)
    {
        var outer = Body;
        Body = body;
        held.Push(new(StringComparer.Ordinal));
        return new BlockEnd(this, outer);
    }

    public bool TryHeld(string key, out Value value)
    {
        foreach (var scope in held)
        {
            if (scope.TryGetValue(key, out value)) return true;
        }

        value = default;
        return false;
    }

    public void Remember(string key, Value value) => held.Peek()[key] = value;

    /// <summary>A local in the prologue; one for equal initializers.</summary>
    public string Before(string wish, string initializer, string type = "var")
    {
        if (prologueNames.TryGetValue(initializer, out var name)) return name;
        name = Names.New(wish);
        Prologue.Line($"{type} {name} = {initializer};");
        prologueNames.Add(initializer, name);
        return name;
    }

    /// <summary>The batch of a source; made in the prologue where it must be.</summary>
    public string BatchOf(RowSource rows) => rows.StructIn is var (outer, ordinal)
        ? Before(rows.Batch, $"Fields.Of({BatchOf(outer)}.Columns[{ordinal.ToString(CultureInfo.InvariantCulture)}])", "using var")
        : rows.Setup is null ? rows.Batch : Before(rows.Batch, rows.Setup, "using var");

    /// <summary>A value of a stored column.</summary>
    public Value Read(Binding.Stored stored)
    {
        var (rows, ordinal, column) = stored;
        var wish = CSharpName.From(column.Name);
        var at = ordinal.ToString(CultureInfo.InvariantCulture);
        var batch = BatchOf(rows);
        string text;
        if (column.Type.IsNested || column.Type is NullType)
        {
            var array = Before(wish, $"{batch}.Columns[{at}]");
            text = $"{array}.GetValue({rows.Index})!";
            return new Value(Guard(rows, text), IsNullable(stored) ? Inside(rows, $"{array}.IsValid({rows.Index})") : Outside(rows));
        }

        text = column.Type switch
        {
            BooleanType => $"Bitmap.Get({Before(wish, $"Columns.Bits({batch}, {at})")}, {rows.Index})",
            StringType or BinaryType => $"{Before(wish, $"Columns.Text({batch}, {at})")}[{rows.Index}]",
            _ => $"{Before(wish, $"Columns.Values<{PhysicalTypes.NameOf(column.Type)}>({batch}, {at})")}[{rows.Index}]",
        };
        return new Value(Guard(rows, text), IsNullable(stored) ? Valid(stored, wish) : Outside(rows));
    }

    /// <summary>True if the column can be NULL in this variant of the loop.</summary>
    public bool IsNullable(Binding.Stored stored)
    {
        if (!stored.Column.Nullable) return false;
        if (!stored.Rows.IsInput) return true;
        NullableRead.Add(stored.Ordinal);
        return !NoNulls && !Present.Contains(stored.Ordinal);
    }

    private string Valid(Binding.Stored stored, string wish)
    {
        var (rows, ordinal, _) = stored;
        var bits = Before(wish + "Valid", $"Columns.Validity({BatchOf(rows)}, {ordinal.ToString(CultureInfo.InvariantCulture)})");
        return Inside(rows, $"Bitmap.Get({bits}, {rows.Index})");
    }

    private static string Guard(RowSource rows, string text) => rows.IsOuter ? $"({rows.Index} < 0 ? default : {text})" : text;

    private static string Inside(RowSource rows, string valid) => rows.IsOuter ? $"({rows.Index} >= 0 && {valid})" : valid;

    private static string Outside(RowSource rows) => rows.IsOuter ? $"{rows.Index} >= 0" : Value.Always;

    private sealed class BlockEnd(Loop loop, CodeWriter outer) : IDisposable
    {
        public void Dispose()
        {
            loop.Body = outer;
            loop.held.Pop();
        }
    }
}
