using System.Buffers.Binary;
using TattleTail.Events.RecordBatches;

namespace TattleTail.Events.Tests;

/// <summary>Batches damaged at random, from fixed seeds: whatever comes, only the documented faults, and memory in proportion.</summary>
public sealed class MutationTests
{
    private const int MaxDecompressed = 1 << 20;

    public static TheoryData<BatchCompression, bool> Codecs => CompressionTests.Codecs;

    [Fact]
    public void CheckAndReader_RandomBytes_OnlyFault()
    {
        var random = new Random(1);
        for (var i = 0; i < 5_000; i++)
        {
            var bytes = new byte[random.Next(200)];
            random.NextBytes(bytes);
            if (bytes.Length > 16)
            {
                bytes[16] = 2;
                BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(8), bytes.Length - 12);
            }

            AssertOnlyFaults(bytes, i);
        }
    }

    [Fact]
    public void CheckAndReader_PlainBatchDamaged_OnlyFault() => Damage(CompressionTests.Compressed(BatchCompression.None, false, 20), 5_000);

    [Theory]
    [MemberData(nameof(Codecs))]
    public void CheckAndReader_CompressedBatchDamaged_OnlyFault(BatchCompression codec, bool xerial) => Damage(CompressionTests.Compressed(codec, xerial, 200), 600);

    /// <summary>A frame that says it is huge gets no memory for it, however its length is written.</summary>
    [Theory]
    [MemberData(nameof(Codecs))]
    public void Check_DamagedHead_TakesMemoryInProportion(BatchCompression codec, bool xerial)
    {
        var batch = CompressionTests.Compressed(codec, xerial, 200);
        var limits = new BatchLimits(MaxDecompressedBytes: MaxDecompressed);
        RecordBatch.Check(batch, limits, out _);
        for (var at = RecordBatchHeader.Size; at < RecordBatchHeader.Size + 24; at++)
        {
            foreach (var value in (byte[])[0x00, 0x7F, 0x80, 0xFE, 0xFF])
            {
                var damaged = batch.ToArray();
                damaged[at] = value;
                CompressionTests.Complete(damaged);
                var before = GC.GetAllocatedBytesForCurrentThread();

                RecordBatch.Check(damaged, limits, out _);

                // The pool may have to make its buffers, of up to twice what is asked for, while they grow.
                Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, (4 * batch.Length) + (4 * MaxDecompressed) + 65_536);
            }
        }
    }

    private static void Damage(byte[] batch, int rounds)
    {
        var random = new Random(2);
        for (var i = 0; i < rounds; i++)
        {
            var damaged = batch.ToArray();
            for (var changes = random.Next(1, 4); changes > 0; changes--)
            {
                // Half of the damage goes to the first bytes, where lengths and flags are.
                var span = random.Next(2) == 0 ? Math.Min(40, batch.Length - RecordBatchHeader.Size) : batch.Length - RecordBatchHeader.Size;
                damaged[RecordBatchHeader.Size + random.Next(span)] = (byte)random.Next(256);
            }

            damaged = random.Next(4) == 0 ? damaged[..random.Next(RecordBatchHeader.Size, damaged.Length)] : damaged;
            CompressionTests.Complete(damaged);
            AssertOnlyFaults(damaged, i);
        }
    }

    private static void AssertOnlyFaults(byte[] bytes, int round)
    {
        var fault = RecordBatch.Check(bytes, new BatchLimits(MaxDecompressedBytes: MaxDecompressed), out var reason);
        Assert.True(fault == BatchFault.None == reason is null, $"round {round}: {fault}, {reason}");
        RecordBatch.CrcMatches(bytes);
        try
        {
            using var reader = new RecordBatchReader(bytes, MaxDecompressed);
            while (reader.MoveNext())
            {
                EventIdentity.Of(reader.Current);
                reader.Current.ToEvent();
            }

            Assert.NotEqual(BatchFault.TooLarge, fault);
        }
        catch (InvalidDataException)
        {
            Assert.NotEqual(BatchFault.None, fault);
        }
    }
}
