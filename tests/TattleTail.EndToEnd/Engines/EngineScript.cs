using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace TattleTail.EndToEnd.Engines;

/// <summary>A script that runs an engine which shares no code with the product.</summary>
internal static class EngineScript
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);

    /// <summary>Runs a script of the folder in TT_TEST_ENGINES; skips the test when it is not there.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(string script, params string[] arguments)
    {
        var folder = Environment.GetEnvironmentVariable("TT_TEST_ENGINES");
        Assert.SkipWhen(string.IsNullOrEmpty(folder), "set TT_TEST_ENGINES to a folder with delta-sql.sh and spark-sql.sh (see eng/engines.md)");
        var path = Path.Combine(folder!, script);
        Assert.SkipUnless(File.Exists(path), $"{script} is not in TT_TEST_ENGINES (see eng/engines.md)");
        var start = new ProcessStartInfo(path, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };

        // A union of more than ten asks for parallel collections, a library of Scala that Spark does not need otherwise.
        start.Environment["SPARK_OPTS"] = "-Dspark.rdd.parallelListingThreshold=100000";
        using var process = Process.Start(start)!;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Patience);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
            var errors = process.StandardError.ReadToEndAsync(deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            return (process.ExitCode, await output, await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>Runs a statement that must succeed and gives its rows.</summary>
    public static async Task<List<JsonObject>> QueryAsync(string script, string table, string sql)
    {
        var (exitCode, output, errors) = await RunAsync(script, table, sql);
        Assert.True(exitCode == 0, $"{script}: {errors}");
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<JsonObject>(line)!)];
    }

    /// <summary>Compares what an engine gave with what was written.</summary>
    public static void AssertSameRows(EngineTable table, IEnumerable<JsonObject> found)
    {
        string[] columns = [.. JsonSerializer.Deserialize<JsonObject>(table.Rows[0].ToJson())!.Select(member => member.Key)];
        var rows = found.Select(row => new JsonObject(columns.Select(c => KeyValuePair.Create(c, row[c]?.DeepClone()))).ToJsonString());
        Assert.Equal(table.Rows.Select(r => r.ToJson()).Order(StringComparer.Ordinal), rows.Order(StringComparer.Ordinal));
    }

    /// <summary>Compares the counts of filters.</summary>
    public static void AssertSameCounts(IReadOnlyList<ColumnFilter> filters, IEnumerable<(int Filter, long Rows)> found) =>
        Assert.Equal(filters.Select((f, i) => $"{f.Condition}: {f.Rows}"), found.OrderBy(f => f.Filter).Select(f => $"{filters[f.Filter].Condition}: {f.Rows}"));

    /// <summary>Compares the counts of filters that a script printed.</summary>
    public static async Task AssertFiltersAsync(string script, EngineTable table, SqlDialect dialect)
    {
        var filters = ColumnFilters.Of(table.Rows, dialect);
        var rows = await QueryAsync(script, table.Path, ColumnFilters.Statement(filters, "events"));
        AssertSameCounts(filters, rows.Select(r => (r["filter_number"]!.GetValue<int>(), r["row_count"]!.GetValue<long>())));
    }
}
