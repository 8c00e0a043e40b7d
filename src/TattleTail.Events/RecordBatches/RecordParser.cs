namespace TattleTail.Events.RecordBatches;

/// <summary>
/// Parses one record of a batch: length varint, attributes int8, timestamp delta varlong, offset delta varint, key and value with varint lengths (-1: null), header count varint,
/// headers. Source: Apache Kafka, <c>DefaultRecord</c>.
/// </summary>
internal static class RecordParser
{
    /// <summary>Reads the record at <paramref name="position"/> and steps over it; false with what is wrong when it is malformed.</summary>
    public static bool TryRead(ReadOnlySpan<byte> records, scoped ref int position, scoped in RecordBatchHeader batch, out RecordView record, out int offsetDelta, out string? fault)
    {
        record = default;
        offsetDelta = 0;
        if (!VarInt.TryReadInt32(records, ref position, out var length) || length < 0 || length > records.Length - position)
        {
            fault = "a record's length goes beyond the batch";
            return false;
        }

        var bytes = records.Slice(position, length);
        position += length;
        var at = 1;
        if (length == 0 || !VarInt.TryReadInt64(bytes, ref at, out var timestampDelta) || !VarInt.TryReadInt32(bytes, ref at, out offsetDelta))
        {
            fault = "a record's timestamp or offset is malformed";
            return false;
        }

        if (!TryReadBytes(bytes, ref at, out var key, out var keyIsNull) || !TryReadBytes(bytes, ref at, out var body, out var bodyIsNull))
        {
            fault = "a record's key or value goes beyond it";
            return false;
        }

        // A header takes two bytes at least.
        if (!VarInt.TryReadInt32(bytes, ref at, out var headers) || headers < 0 || headers > (length - at) / 2)
        {
            fault = "a record's header count is malformed";
            return false;
        }

        record = new RecordView
        {
            Offset = batch.BaseOffset + offsetDelta,
            Timestamp = batch.TimestampType == TimestampType.LogAppendTime ? batch.MaxTimestamp : unchecked(batch.BaseTimestamp + timestampDelta),
            KeyIsNull = keyIsNull,
            Key = key,
            BodyIsNull = bodyIsNull,
            Body = body,
            HeaderCount = headers,
            HeaderBytes = bytes[at..],
        };
        fault = null;
        return true;
    }

    private static bool TryReadBytes(ReadOnlySpan<byte> source, scoped ref int position, out ReadOnlySpan<byte> bytes, out bool isNull)
    {
        bytes = default;
        isNull = false;
        if (!VarInt.TryReadInt32(source, ref position, out var length) || length < -1 || length > source.Length - position)
        {
            return false;
        }

        isNull = length < 0;
        if (!isNull)
        {
            bytes = source.Slice(position, length);
            position += length;
        }

        return true;
    }
}
