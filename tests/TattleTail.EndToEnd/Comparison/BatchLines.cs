using System.Globalization;
using System.Text;
using TattleTail.Events;
using TattleTail.Events.RecordBatches;
using TattleTail.Spew.Protocol;

namespace TattleTail.EndToEnd.Comparison;

/// <summary>Writes record batches down as consumers see them.</summary>
internal static class BatchLines
{
    public static void Write(Transcript transcript, string step, string place, BatchRun run)
    {
        ReadOnlySpan<byte> records = run.Count == 0 ? default : run.Batches[0].Batch.Span;
        int number = 0;
        while (RecordBatchHeader.TryRead(records, out RecordBatchHeader header) && header.TotalSize <= records.Length)
        {
            string batch = $"{place}[{number++}]";
            transcript.Add(step, $"{batch}.Header", Describe(transcript, header));
            transcript.Add(step, $"{batch}.Crc", RecordBatch.CrcMatches(records[..header.TotalSize]) ? "good" : "bad");
            using var reader = new RecordBatchReader(records[..header.TotalSize]);
            while (reader.MoveNext())
            {
                transcript.Add(step, $"{batch}.Record[{reader.Current.Offset}]", Describe(reader.Current.ToEvent()));
            }

            records = records[header.TotalSize..];
        }

        transcript.Add(step, $"{place}.Length", string.Create(CultureInfo.InvariantCulture, $"{number}, {(records.IsEmpty ? "nothing" : "a part of a batch")} behind"));
    }

    /// <summary>Text of bytes that a test made.</summary>
    public static string Text(ReadOnlyMemory<byte>? bytes) => bytes is { } there ? $"'{Encoding.UTF8.GetString(there.Span)}'" : "null";

    private static string Describe(Transcript transcript, in RecordBatchHeader header)
    {
        string producer = header.ProducerId < 0 ? "none" : transcript.NameOf("producer", header.ProducerId.ToString(CultureInfo.InvariantCulture));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"offsets {header.BaseOffset} to {header.LastOffset}, {header.Count} records, epoch {transcript.EpochName(header.LeaderEpoch)}, attributes {header.Attributes}, producer {producer} epoch {header.ProducerEpoch} from {header.BaseSequence}, times {Time(header.BaseTimestamp)} to {Time(header.MaxTimestamp)}");
    }

    private static string Describe(Event e) => $"{Text(e.Key)} = {Text(e.Body)} at {Time(e.Timestamp)} [{string.Join(", ", e.Headers.Select(h => $"{h.Key}={Text(h.Value)}"))}]";

    private static string Time(long time) => time > 1_750_000_000_000 ? "now" : time.ToString(CultureInfo.InvariantCulture);
}
