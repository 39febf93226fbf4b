using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Lakeflow.Parquet.Tests")]
