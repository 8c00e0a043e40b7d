namespace TattleTail.EndToEnd.Engines;

public sealed class DeltaRsTests(EngineTable table) : IClassFixture<EngineTable>
{
    private static readonly SqlDialect Sql = new(micros => $"arrow_cast({micros}, 'Timestamp(Microsecond, Some(\"UTC\"))')", bytes => $"X'{Convert.ToHexStringLower(bytes)}'");

    [Fact]
    public async Task DeltaRs_AllRows_AreAsWritten()
    {
        var rows = await EngineScript.QueryAsync("delta-sql.sh", table.Path, "SELECT * FROM events");
        foreach (var row in rows)
        {
            // Python prints the year 1 as "1".
            row["event_time"] = row["event_time"]?.GetValue<string>().PadLeft("0001-01-01T00:00:00.000000Z".Length, '0');
        }

        EngineScript.AssertSameRows(table, rows);
    }

    [Fact]
    public async Task DeltaRs_FilterOnEachColumnWithStatistics_LosesNoRow() => await EngineScript.AssertFiltersAsync("delta-sql.sh", table, Sql);

    [Theory]
    [InlineData("delete()")]
    [InlineData("optimize.compact()")]
    public async Task DeltaRs_Change_IsRefused(string call)
    {
        var (exitCode, _, errors) = await EngineScript.RunAsync("delta-rs.sh", "-c", $"import sys; from deltalake import DeltaTable; DeltaTable(sys.argv[1]).{call}", table.Path);
        Assert.NotEqual(0, exitCode);
        Assert.Contains("feature", errors, StringComparison.OrdinalIgnoreCase);
    }
}
