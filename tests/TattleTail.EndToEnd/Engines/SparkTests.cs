namespace TattleTail.EndToEnd.Engines;

/// <summary>Each test starts a Java machine, so each asks as much as it can.</summary>
public sealed class SparkTests(EngineTable table) : IClassFixture<EngineTable>
{
    private static readonly SqlDialect Sql = new(micros => $"TIMESTAMP'{TableRow.TimeText(micros)}'", bytes => $"X'{Convert.ToHexStringLower(bytes)}'");

    [Fact]
    public async Task Spark_AllRows_AreAsWritten()
    {
        var rows = await EngineScript.QueryAsync("spark-sql.sh", table.Path, "SELECT *, unix_micros(event_time) AS event_micros FROM events");
        foreach (var row in rows)
        {
            // As a java.sql.Timestamp, which the script prints, a time before 1582 is moved to the Julian calendar.
            row["event_time"] = row["event_micros"] is { } micros ? TableRow.TimeText(micros.GetValue<long>()) : null;
        }

        EngineScript.AssertSameRows(table, rows);
    }

    [Fact]
    public async Task Spark_FilterOnEachColumnWithStatistics_LosesNoRow() => await EngineScript.AssertFiltersAsync("spark-sql.sh", table, Sql);

    [Theory]
    [InlineData("DELETE FROM delta.`{0}` WHERE partition_id = 0")]
    [InlineData("OPTIMIZE delta.`{0}` WHERE channel = 'orders'")]
    [InlineData("VACUUM delta.`{0}`")]
    public async Task Spark_Change_IsRefused(string statement)
    {
        var (exitCode, _, errors) = await EngineScript.RunAsync("spark-sql.sh", table.Path, string.Format(System.Globalization.CultureInfo.InvariantCulture, statement, table.Path));
        Assert.NotEqual(0, exitCode);
        Assert.True(errors.Contains("feature", StringComparison.OrdinalIgnoreCase), errors);
    }
}
