using System.Globalization;
using System.Text.Json.Nodes;
using DuckDB.NET.Data;

namespace TattleTail.EndToEnd.Engines;

public sealed class DuckDbTests(EngineTable table) : IClassFixture<EngineTable>
{
    private static readonly SqlDialect Sql = new(micros => $"TIMESTAMPTZ '{TableRow.TimeText(micros)}'", bytes => $"from_hex('{Convert.ToHexStringLower(bytes)}')");

    private string Source => $"read_parquet([{string.Join(", ", table.Files.Select(f => $"'{f}'"))}], hive_partitioning = false)";

    [Fact]
    public void DuckDb_AllRows_AreAsWritten()
    {
        var found = Query(
            $"""
            SELECT channel, recorded_month, recorded_date::VARCHAR AS recorded_date, source, address, incarnation, partition_id, event_offset, epoch_us(event_time) AS event_time, event_time_raw, event_time_type,
                epoch_us(recorded_at) AS recorded_at, event_id, event_type, correlation_id, causation_id, base64(event_key) AS event_key,
                to_json(list_transform(headers, lambda h: struct_pack(key := h.key, value := base64(h.value))))::VARCHAR AS headers, base64(body) AS body
            FROM {Source}
            """);
        EngineScript.AssertSameRows(table, found.Select(row =>
        {
            foreach (var time in new[] { "event_time", "recorded_at" })
            {
                row[time] = row[time] is { } micros ? TableRow.TimeText(micros.GetValue<long>()) : null;
            }

            row["headers"] = JsonNode.Parse(row["headers"]!.GetValue<string>());
            return row;
        }));
    }

    [Fact]
    public void DuckDb_FilterOnEachColumnWithStatistics_LosesNoRow()
    {
        var filters = ColumnFilters.Of(table.Rows, Sql);
        var rows = Query(ColumnFilters.Statement(filters, Source));
        EngineScript.AssertSameCounts(filters, rows.Select(r => ((int)r["filter_number"]!.GetValue<long>(), r["row_count"]!.GetValue<long>())));
    }

    private static List<JsonObject> Query(string sql)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SET TimeZone = 'UTC'";
        command.ExecuteNonQuery();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<JsonObject>();
        while (reader.Read())
        {
            var row = new JsonObject();
            for (var i = 0; i < reader.FieldCount; i++)
            {
                row[reader.GetName(i)] = reader.IsDBNull(i) ? null : reader.GetValue(i) switch
                {
                    string text => JsonValue.Create(text),
                    var number => JsonValue.Create(Convert.ToInt64(number, CultureInfo.InvariantCulture)),
                };
            }

            rows.Add(row);
        }

        return rows;
    }
}
