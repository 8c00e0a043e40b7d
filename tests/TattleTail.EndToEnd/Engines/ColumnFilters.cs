using System.Globalization;
using System.Text;

namespace TattleTail.EndToEnd.Engines;

/// <summary>How an engine writes the literals of its SQL; timestamps from µs since 1970.</summary>
internal sealed record SqlDialect(Func<long, string> Timestamp, Func<byte[], string> Binary);

/// <summary>A condition on one column and how many rows meet it.</summary>
internal sealed record ColumnFilter(string Condition, int Rows);

/// <summary>
/// Conditions on every column that has statistics, in the transaction log or in the files: at, below and above its values, and null. Wrong statistics lose rows only under a filter, without an error.
/// </summary>
internal static class ColumnFilters
{
    private static readonly Comparer<object> ByValue = Comparer<object>.Create((a, b) => (a, b) switch
    {
        (string x, string y) => Encoding.UTF8.GetBytes(x).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(y)),
        (byte[] x, byte[] y) => x.AsSpan().SequenceCompareTo(y),
        _ => Comparer<object>.Default.Compare(a, b),
    });

    public static List<ColumnFilter> Of(IReadOnlyList<TableRow> rows, SqlDialect sql) =>
    [
        .. On(rows, "channel", r => r.Channel, Text), .. On(rows, "recorded_month", r => r.RecordedMonth, Text), .. On(rows, "recorded_date", r => r.RecordedDate, v => $"DATE {Text(v)}"),
        .. On(rows, "source", r => r.Source, Text), .. On(rows, "address", r => r.Address, Text), .. On(rows, "incarnation", r => (long)r.Incarnation, Number),
        .. On(rows, "partition_id", r => (long)r.Partition, Number), .. On(rows, "event_offset", r => r.Offset, Number),
        .. On(rows, "event_time", r => r.EventTime, v => sql.Timestamp((long)v)), .. On(rows, "event_time_raw", r => r.Event.Timestamp, Number),
        .. On(rows, "event_time_type", r => r.TimeType.ToString(), Text), .. On(rows, "recorded_at", r => r.RecordedAt, v => sql.Timestamp((long)v)),
        .. On(rows, "event_id", r => r.EventId, Text), .. On(rows, "event_type", r => r.EventType, Text), .. On(rows, "correlation_id", r => r.CorrelationId, Text),
        .. On(rows, "causation_id", r => r.CausationId, Text), .. On(rows, "event_key", r => r.Event.Key?.ToArray(), v => sql.Binary((byte[])v)),
    ];

    /// <summary>One statement that gives each condition's number and its rows.</summary>
    public static string Statement(IReadOnlyList<ColumnFilter> filters, string table) =>
        string.Join(" UNION ALL ", filters.Select((f, i) => $"SELECT {i} AS filter_number, count(*) AS row_count FROM {table} WHERE {f.Condition}"));

    private static IEnumerable<ColumnFilter> On(IReadOnlyList<TableRow> rows, string column, Func<TableRow, object?> value, Func<object, string> literal)
    {
        var values = rows.Select(value).OfType<object>().Order(ByValue).ToList();
        int Count(Func<object, bool> meets) => values.Count(meets);
        foreach (var v in new[] { values[0], values[values.Count / 3], values[2 * values.Count / 3], values[^1] })
        {
            yield return new ColumnFilter($"{column} = {literal(v)}", Count(x => ByValue.Compare(x, v) == 0));
        }

        var middle = values[values.Count / 2];
        yield return new ColumnFilter($"{column} >= {literal(values[^1])}", Count(x => ByValue.Compare(x, values[^1]) >= 0));
        yield return new ColumnFilter($"{column} <= {literal(values[0])}", Count(x => ByValue.Compare(x, values[0]) <= 0));
        yield return new ColumnFilter($"{column} > {literal(middle)}", Count(x => ByValue.Compare(x, middle) > 0));
        yield return new ColumnFilter($"{column} < {literal(middle)}", Count(x => ByValue.Compare(x, middle) < 0));
        yield return new ColumnFilter($"{column} IS NULL", rows.Count - values.Count);
    }

    private static string Text(object value) => $"'{value}'";

    private static string Number(object value) => $"CAST('{((long)value).ToString(CultureInfo.InvariantCulture)}' AS BIGINT)";
}
