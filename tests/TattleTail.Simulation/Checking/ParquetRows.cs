using ParquetSharp;
using ParquetSharp.IO;

namespace TattleTail.Simulation.Checking;

/// <summary>A row of the table as the checker reads it.</summary>
internal sealed record ArchivedRow(string Channel, string Month, int Incarnation, int Partition, DateTime? EventTime, long RecordedAt, WireRecord Record);

/// <summary>The checker's own reading of a data file, column by column, by the names of the documented schema.</summary>
internal static class ParquetRows
{
    public static IReadOnlyList<ArchivedRow> Read(byte[] file)
    {
        using var stream = new MemoryStream(file, writable: false);
        using var access = new ManagedRandomAccessFile(stream);
        using var reader = new ParquetFileReader(access);
        var paths = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var column = 0; column < reader.FileMetaData.NumColumns; column++)
        {
            paths[reader.FileMetaData.Schema.Column(column).Path.ToDotString()] = column;
        }

        var rows = new List<ArchivedRow>();
        for (var group = 0; group < reader.FileMetaData.NumRowGroups; group++)
        {
            using var rowGroup = reader.RowGroup(group);
            rows.AddRange(ReadGroup(rowGroup, paths));
        }

        return rows;
    }

    private static IEnumerable<ArchivedRow> ReadGroup(RowGroupReader group, Dictionary<string, int> paths)
    {
        var channels = Flat(Texts(group, paths["channel"]));
        var months = Flat(Texts(group, paths["recorded_month"]));
        var incarnations = Flat(Cells<int, int>(group, paths["incarnation"], value => value));
        var partitions = Flat(Cells<int, int>(group, paths["partition_id"], value => value));
        var offsets = Flat(Cells<long, long>(group, paths["event_offset"], value => value));
        var times = Cells<long, long>(group, paths["event_time"], value => value);
        var raw = Cells<long, long>(group, paths["event_time_raw"], value => value);
        var recorded = Flat(Cells<long, long>(group, paths["recorded_at"], value => value));
        var keys = Cells(group, paths["event_key"]);
        var bodies = Cells(group, paths["body"]);
        var headers = Headers(Cells(group, paths["headers.list.element.key"]), Cells(group, paths["headers.list.element.value"]));
        for (var row = 0; row < channels.Count; row++)
        {
            var timestamp = times[row].Present ? times[row].Value / 1000 : raw[row].Value;
            var record = new WireRecord(offsets[row], timestamp, keys[row].Value, headers[row], bodies[row].Value);
            DateTime? time = times[row].Present ? DateTime.UnixEpoch.AddMicroseconds(times[row].Value) : null;
            yield return new ArchivedRow(channels[row], months[row], incarnations[row], partitions[row], time, recorded[row], record);
        }
    }

    private static List<IReadOnlyList<(string Key, byte[]? Value)>> Headers(List<Cell<byte[]>> keys, List<Cell<byte[]>> values)
    {
        var rows = new List<IReadOnlyList<(string, byte[]?)>>();
        List<(string, byte[]?)> current = [];
        for (var index = 0; index < keys.Count; index++)
        {
            if (!keys[index].Repeats)
            {
                rows.Add(current = []);
            }

            if (keys[index].Present)
            {
                current.Add((System.Text.Encoding.UTF8.GetString(keys[index].Value!), values[index].Value));
            }
        }

        return rows;
    }

    private static List<T> Flat<T>(List<Cell<T>> cells) =>
        [.. cells.Select(cell => cell.Present ? cell.Value! : throw new FormatException("a null where the schema allows none"))];

    private static List<Cell<string>> Texts(RowGroupReader group, int column) => Cells<ByteArray, string>(group, column, value => System.Text.Encoding.UTF8.GetString(Copy(value)));

    private static List<Cell<byte[]>> Cells(RowGroupReader group, int column) => Cells<ByteArray, byte[]>(group, column, Copy);

    private static byte[] Copy(ByteArray value)
    {
        var bytes = new byte[value.Length];
        if (value.Length > 0)
        {
            System.Runtime.InteropServices.Marshal.Copy(value.Pointer, bytes, 0, value.Length);
        }

        return bytes;
    }

    private static List<Cell<TTo>> Cells<TFrom, TTo>(RowGroupReader group, int column, Func<TFrom, TTo> convert)
        where TFrom : unmanaged
    {
        using var untyped = group.Column(column);
        var reader = (ColumnReader<TFrom>)untyped;
        var most = reader.ColumnDescriptor.MaxDefinitionLevel;
        var definitions = new short[256];
        var repetitions = new short[256];
        var values = new TFrom[256];
        var cells = new List<Cell<TTo>>();
        while (reader.HasNext)
        {
            var levels = (int)reader.ReadBatch(values.Length, definitions, repetitions, values, out var read);
            var next = 0;
            for (var index = 0; index < (most == 0 ? (int)read : levels); index++)
            {
                var present = most == 0 || definitions[index] == most;
                var repeats = reader.ColumnDescriptor.MaxRepetitionLevel > 0 && repetitions[index] > 0;
                cells.Add(new Cell<TTo>(present, repeats, present ? convert(values[next++]) : default));
            }
        }

        return cells;
    }

    private readonly record struct Cell<T>(bool Present, bool Repeats, T? Value);
}
