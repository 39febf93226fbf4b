using Lakeflow.Benchmarks.Data;

var data = new GeneratedData(GeneratedData.DefaultFolder);
foreach (var table in new[] { "customer", "orders", "lineitem", "events" }) Console.WriteLine(data.Parquet(table));
return 0;
