// A service that hosts a pipeline: it brings the tables up to date, then reads one of them as C# records.
using System.Globalization;
using Lakeflow.Runtime.Flows;
using Report;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var lakehouse = Lakehouse.InFolder("lakehouse");
var result = await new Pipeline().UpdateAsync(lakehouse);
foreach (var flow in result.Flows)
{
    if (flow.Error is { } error) Console.Error.WriteLine(error);
}

if (result.State != UpdateState.Completed) return 1;

// A column that the pipeline no longer has, or has with another type, is an error of the build here.
var sales = new List<SalesByCountry>();
await foreach (var row in SalesByCountry.ReadAsync(lakehouse)) sales.Add(row);
foreach (var (country, orders, gross) in sales.OrderByDescending(row => row.Gross))
    Console.WriteLine($"{country}: {orders} order(s), {gross:0.00} in all");
return 0;
