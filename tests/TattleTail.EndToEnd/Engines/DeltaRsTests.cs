namespace TattleTail.EndToEnd.Engines;

public sealed class DeltaRsTests(EngineTable table) : IClassFixture<EngineTable>
{
    private static readonly SqlDialect Sql = new(time => $"to_timestamp_micros('{time}')", bytes => $"X'{Convert.ToHexStringLower(bytes)}'");

    [Fact]
    public async Task DeltaRs_AllRows_AreAsWritten() =>
        EngineScript.AssertSameRows(table, await EngineScript.QueryAsync("delta-sql.sh", table.Path, "SELECT * FROM events"));

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
