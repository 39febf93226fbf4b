using Lakeflow.Runtime.Functions;

namespace Pricing;

public static class Prices
{
    /// <summary>What a customer pays. NULL in either argument is NULL in the result, without a call.</summary>
    [SqlFunction("gross_price", Returns = "DECIMAL(12, 2)")]
    public static decimal Gross(decimal net, string country) => net * country switch
    {
        "NO" or "SE" => 1.25m,
        "DE" => 1.19m,
        _ => throw new ArgumentException($"There is no rate for '{country}'."),
    };

    /// <summary>Takes NULL, because its parameter does.</summary>
    [SqlFunction("or_guest")]
    public static string OrGuest(string? customer) => customer ?? "guest";
}
