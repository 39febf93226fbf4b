namespace Lakeflow.Sql.Tests.Conformance;

/// <summary>How an answer of ours compares with Spark's.</summary>
internal enum Verdict
{
    /// <summary>The same rows and types, or the same error.</summary>
    Passed,

    /// <summary>Other rows, other types, an error in place of rows, or rows in place of an error while running.</summary>
    Wrong,

    /// <summary>Both raise an error, of different classes.</summary>
    OtherError,

    /// <summary>We answer where Spark refuses the text.</summary>
    Lenient,

    /// <summary>The compiler refuses the text, where Spark answers.</summary>
    Refused,

    /// <summary>Needs a table or a setting that is not here.</summary>
    NotHere,

    /// <summary>DDL and settings of the session, not a query.</summary>
    Session,
}

/// <summary>One statement's verdict.</summary>
/// <param name="Reason">Short, the same for the same cause.</param>
/// <param name="Detail">What we have, for whoever looks into it.</param>
internal sealed record Judgement(GoldenQuery Query, Verdict Verdict, string Reason = "", string Detail = "");
