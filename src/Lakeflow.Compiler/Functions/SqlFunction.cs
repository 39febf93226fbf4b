using System.Collections.Immutable;

namespace Lakeflow.Compiler.Functions;

/// <summary>What a function takes in and gives back, seen from the plan.</summary>
public enum FunctionKind
{
    /// <summary>One row in, one value out.</summary>
    Scalar,

    /// <summary>Many rows in, one value out; also with OVER.</summary>
    Aggregate,

    /// <summary>Only with OVER: <c>row_number</c>, <c>lag</c> …</summary>
    Window,

    /// <summary>One row in, any number of rows out: <c>explode</c> …</summary>
    Generator,

    /// <summary>Stands in FROM: <c>range</c> …</summary>
    TableFunction,
}

/// <summary>What a function does with NULL.</summary>
public enum NullRule
{
    /// <summary>Any NULL argument gives NULL; the kernel sees only values. An aggregate skips rows with a NULL argument.</summary>
    AnyNullGivesNull,

    /// <summary>The lowering, or a kernel over boxed values, decides; see <see cref="SqlFunction.Lowering"/>.</summary>
    Custom,
}

/// <summary>A function that the binder turns into a core expression instead of a kernel call.</summary>
public enum Lowering
{
    /// <summary>A kernel call, or the declared aggregate or window function.</summary>
    None,
    And,
    Or,
    Not,
    IsNull,
    IsNotNull,

    /// <summary><c>a &lt;=&gt; b</c>: TRUE or FALSE, never NULL; over the kernel of <c>=</c>.</summary>
    NullSafeEqual,

    /// <summary><c>coalesce(a, b, …)</c>; <c>nvl</c> and <c>ifnull</c> with two.</summary>
    Coalesce,

    /// <summary><c>if(c, a, b)</c> is <c>CASE WHEN c THEN a ELSE b END</c>.</summary>
    If,

    /// <summary><c>nvl2(x, a, b)</c> is <c>CASE WHEN x IS NOT NULL THEN a ELSE b END</c>.</summary>
    Nvl2,

    /// <summary><c>nullif(a, b)</c> is <c>CASE WHEN a = b THEN NULL ELSE a END</c>.</summary>
    NullIf,

    /// <summary><c>nullifzero(a)</c> is <c>CASE WHEN a = 0 THEN NULL ELSE a END</c>.</summary>
    NullIfZero,

    /// <summary><c>zeroifnull(a)</c> is <c>coalesce(a, 0)</c>.</summary>
    ZeroIfNull,

    /// <summary><c>nanvl(a, b)</c> is <c>CASE WHEN isnan(a) THEN b ELSE a END</c>.</summary>
    NanVl,

    /// <summary><c>decode(x, k1, v1, …[, else])</c> is CASE over <c>&lt;=&gt;</c>. (With two arguments it is the character-set function.)</summary>
    Decode,

    /// <summary><c>x IN (…)</c>.</summary>
    In,

    /// <summary><c>x BETWEEN a AND b</c> is <c>x &gt;= a AND x &lt;= b</c>.</summary>
    Between,

    /// <summary><c>int(x)</c>, <c>date(x)</c>, <c>string(x)</c> …: a CAST to the declared result type.</summary>
    Cast,

    /// <summary><c>try_to_date(x)</c> and its kin: a TRY_CAST to the declared result type.</summary>
    TryCast,

    /// <summary>A constant of the update: <c>current_timestamp()</c>, <c>current_date()</c>, <c>now()</c>, <c>current_timezone()</c> …</summary>
    RunConstant,

    /// <summary>Comes from the row's source file: <c>input_file_name()</c> …</summary>
    InputFile,

    /// <summary><c>struct(…)</c>: named_struct with the arguments' names, or <c>col1</c> ….</summary>
    Struct,

    /// <summary><c>named_struct('a', x, …)</c>: the names are constants and shape the type.</summary>
    NamedStruct,

    /// <summary><c>typeof(x)</c>: a constant text, the simple name of the type.</summary>
    TypeOf,

    /// <summary><c>schema_of_json('…')</c>, <c>schema_of_csv('…')</c>: a constant text, the types that the constant looks like.</summary>
    SchemaOf,

    /// <summary><c>not (a = b)</c>.</summary>
    NotEqual,

    /// <summary><c>grouping(x)</c>, <c>grouping_id(…)</c>: from the grouping set.</summary>
    Grouping,

    /// <summary>Time windows: <c>window(ts, '5 minutes')</c>, <c>session_window</c>.</summary>
    TimeWindow,
}

/// <summary>One SQL function: names, overloads, meaning of NULL, documentation. One declaration is all there is.</summary>
/// <param name="Name">Lower-case name, or the operator's sign (<c>+</c>, <c>&lt;=</c>, <c>||</c>; the unary signs are <c>negative</c>, <c>positive</c>).</param>
public sealed record SqlFunction(string Name)
{
    /// <summary>Other names of the same function.</summary>
    public ImmutableArray<string> Aliases { get; init; } = [];

    public required ImmutableArray<Overload> Overloads { get; init; }

    public NullRule Nulls { get; init; } = NullRule.AnyNullGivesNull;

    public FunctionKind Kind { get; init; } = FunctionKind.Scalar;

    /// <summary>The core expression that the binder builds in place of a call.</summary>
    public Lowering Lowering { get; init; }

    /// <summary>Turns the arguments' types into the common types of an operator before an overload is looked for; null: nothing to do, or no rule.</summary>
    public Func<ImmutableArray<Argument>, ImmutableArray<Arrow.DataType>?>? Promote { get; init; }

    /// <summary>The name in Spark SQL, for export.</summary>
    public string Spark { get; init; } = Name;

    /// <summary>What it does, for the reference page.</summary>
    public required string Summary { get; init; }

    /// <summary>SQL and the literal it equals. Every one is a test.</summary>
    public ImmutableArray<(string Sql, string Result)> Examples { get; init; } = [];

    /// <summary>False for <c>rand</c>, <c>uuid</c>, …: never folded, never shared.</summary>
    public bool IsDeterministic { get; init; } = true;

    /// <summary>True for <c>current_timestamp</c> and its kin: a view that uses it is never up to date.</summary>
    public bool DependsOnTime { get; init; }

    /// <summary>For an aggregate or window function: rows with a NULL argument are skipped (true) or seen (false).</summary>
    public bool SkipsNulls { get; init; } = true;

    /// <summary>A window function or aggregate whose answer depends on the order of rows.</summary>
    public bool NeedsOrder { get; init; }

    public bool Equals(SqlFunction? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Name;
}
