using System.Runtime.InteropServices;

namespace Lakeflow.DuckDb;

/// <summary>An in-memory DuckDB in this process, through its C API. The yardstick for speed and the oracle for answers; never part of the product.</summary>
public sealed class DuckDbConnection : IDisposable
{
    private nint database;
    private nint connection;

    static DuckDbConnection() => DuckDbLibrary.Register();

    /// <param name="threads">Worker threads that DuckDB may use.</param>
    public DuckDbConnection(int threads = 2)
    {
        if (Native.Open(0, out database) != 0) throw new InvalidOperationException("DuckDB did not open");
        if (Native.Connect(database, out connection) != 0) throw new InvalidOperationException("DuckDB did not connect");
        Execute($"SET threads = {threads}");
        Execute("SET TimeZone = 'UTC'");
    }

    /// <summary>Runs statements and drops their rows.</summary>
    public void Execute(string sql)
    {
        var failed = Native.Query(connection, sql, out var result) != 0;
        var message = failed ? Marshal.PtrToStringUTF8(Native.Error(ref result)) : null;
        Native.Destroy(ref result);
        if (failed) throw new InvalidOperationException($"{message}\n{sql}");
    }

    /// <summary>The rows of a query, each value as DuckDB prints it; NULL is null.</summary>
    public List<string?[]> Query(string sql)
    {
        if (Native.Query(connection, sql, out var result) != 0)
        {
            var message = Marshal.PtrToStringUTF8(Native.Error(ref result));
            Native.Destroy(ref result);
            throw new InvalidOperationException($"{message}\n{sql}");
        }

        try
        {
            var rows = new List<string?[]>();
            var columns = Native.Columns(ref result);
            var count = Native.Rows(ref result);
            for (ulong r = 0; r < count; r++)
            {
                var row = new string?[columns];
                for (ulong c = 0; c < columns; c++)
                {
                    var text = Native.Text(ref result, c, r);
                    row[c] = Marshal.PtrToStringUTF8(text);
                    if (text != 0) Native.Free(text);
                }

                rows.Add(row);
            }

            return rows;
        }
        finally
        {
            Native.Destroy(ref result);
        }
    }

    public void Dispose()
    {
        if (connection != 0) Native.Disconnect(ref connection);
        if (database != 0) Native.Close(ref database);
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Result
    {
        public ulong Columns;
        public ulong Rows;
        public ulong Changed;
        public nint Data;
        public nint Error;
        public nint Internal;
    }

    private static class Native
    {
        [DllImport(DuckDbLibrary.Name, EntryPoint = "duckdb_open")]
        public static extern int Open(nint path, out nint database);

        [DllImport(DuckDbLibrary.Name, EntryPoint = "duckdb_connect")]
        public static extern int Connect(nint database, out nint connection);

        [DllImport(DuckDbLibrary.Name, EntryPoint = "duckdb_query")]
        public static extern int Query(nint connection, [MarshalAs(UnmanagedType.LPUTF8Str)] string sql, out Result result);

        [DllImport(DuckDbLibrary.Name, EntryPoint = "duckdb_destroy_result")]
        public static extern void Destroy(ref Result result);

        [DllImport(DuckDbLibrary.Name, EntryPoint = "duckdb_result_error")]
        public static extern nint Error(ref Result result);

        [DllImport(DuckDbLibrary.Name, EntryPoint = "duckdb_row_count")]
        public static extern ulong Rows(ref Result result);

        [DllImport(DuckDbLibrary.Name, EntryPoint = "duckdb_column_count")]
        public static extern ulong Columns(ref Result result);

        [DllImport(DuckDbLibrary.Name, EntryPoint = "duckdb_value_varchar")]
        public static extern nint Text(ref Result result, ulong column, ulong row);

        [DllImport(DuckDbLibrary.Name, EntryPoint = "duckdb_free")]
        public static extern void Free(nint memory);

        [DllImport(DuckDbLibrary.Name, EntryPoint = "duckdb_disconnect")]
        public static extern void Disconnect(ref nint connection);

        [DllImport(DuckDbLibrary.Name, EntryPoint = "duckdb_close")]
        public static extern void Close(ref nint database);
    }
}
