using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging.Abstractions;
using TattleTail.Events;
using TattleTail.Events.RecordBatches;
using TattleTail.Fuzz.Making;
using TattleTail.Fuzz.Oracles;
using TattleTail.Log;
using TattleTail.Log.State;
using TattleTail.Spew;
using TattleTail.Spew.Connections;
using TattleTail.Spew.Handlers;
using TattleTail.Spew.Protocol;

namespace TattleTail.Fuzz.Targets;

/// <summary>
/// Record batches of every codec, sound and damaged, through <see cref="RecordBatch.Check(ReadOnlySpan{byte}, BatchLimits, out string?)"/>, <see cref="RecordBatchReader"/> and what a produce request goes through,
/// <see cref="BatchAdmission"/>. All three agree, and nothing but the documented faults comes out.
/// </summary>
internal sealed class BatchesTarget : FuzzTarget
{
    private const int WarmUps = 300;
    private const short ProduceVersion = 11;

    /// <summary>Largest block of LZ4, by which a buffer may go beyond the limit.</summary>
    private const int Lz4Block = 4 << 20;

    private static readonly ErrorCode[] Answers =
        [ErrorCode.None, ErrorCode.CorruptMessage, ErrorCode.InvalidRecord, ErrorCode.UnsupportedCompressionType, ErrorCode.MessageTooLarge];

    private readonly SpewMetrics _metrics = new();
    private readonly SpewNode _node;
    private readonly Exchange _exchange;
    private readonly LogPartition _partition;

    public BatchesTarget()
    {
        var log = (EventLog)RuntimeHelpers.GetUninitializedObject(typeof(EventLog));
        // The smallest node: a quarter of its memory is what a batch may decompress to.
        _node = new SpewNode(log, new SpewOptions { RequestMemoryBytes = 4 << 20 }, NullLogger.Instance, _metrics, null, TimeProvider.System);
        _exchange = new Exchange(new Client(_node, new Endpoint("localhost", 9092), "localhost", true, default));
        byte[] head = new byte[RequestHeader.LeastBytes + 1];
        head[3] = (byte)ProduceVersion;
        _exchange.Start(ApiTable.Apis[0], head);
        var created = new ChannelCreated(1, "wild-1", 1, Guid.Empty, "spew", "wild-1", 1, new ChannelConfig());
        _partition = new Channel(null!, new ChannelState(created)).Partitions[0];
        for (int i = 1; i <= WarmUps; i++)
        {
            Try(BatchMaker.MakeDamaged(new Random(-i)), _node.MaxDecompressedBytes, measured: false);
        }
    }

    /// <inheritdoc />
    public override string Run(int seed)
    {
        var random = new Random(seed);
        int limit = 1 << random.Next(12, 21);
        bool sound = random.Next(10) == 0;
        byte[] batch = sound ? BatchMaker.Make(random) : BatchMaker.MakeDamaged(random);
        BatchFault fault = Try(batch, limit, measured: true);
        return !sound ? fault.ToString()
            : fault is BatchFault.None or BatchFault.TooLarge ? "whole"
            : throw new OracleException($"a sound batch is {fault}");
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        _exchange.Dispose();
        _node.Groups.Dispose();
        _metrics.Dispose();
    }

    private BatchFault Try(byte[] batch, int limit, bool measured)
    {
        var limits = new BatchLimits(MaxDecompressedBytes: limit);
        var allocation = Allocation.Start();
        BatchFault fault = RecordBatch.Check(batch, limits, out string? reason, out long maxTimestamp);
        if (measured)
        {
            allocation.Check(batch.Length, Beyond(batch, limit), "checking a batch");
        }

        Require(fault == BatchFault.None == reason is null, $"{fault} with the reason {reason}");
        Require(RecordBatch.CrcMatches(batch) || fault is not BatchFault.None, "a batch whose CRC does not match was taken");
        Read(batch, limit, fault, maxTimestamp, measured);
        Admit(batch);
        return fault;
    }

    /// <summary>The decompressed records have a cap of their own: the buffer grows to it by doubling, in arrays of the pool, which are powers of two.</summary>
    private static long Beyond(byte[] batch, int limit) =>
        !RecordBatchHeader.TryRead(batch, out RecordBatchHeader header) || header.Compression == BatchCompression.None ? 0
        : 4L * (limit + (header.Compression == BatchCompression.Lz4 ? Math.Min(Lz4Block, 255L * batch.Length) : 4096));

    private static void Read(byte[] batch, int limit, BatchFault fault, long maxTimestamp, bool measured)
    {
        int records = 0;
        long latest = long.MinValue;
        try
        {
            var allocation = Allocation.Start();
            using var reader = new RecordBatchReader(batch, limit);
            while (reader.MoveNext())
            {
                records++;
                latest = Math.Max(latest, reader.Current.Timestamp);
                var headers = new RecordHeaderReader(reader.Current);
                while (headers.MoveNext())
                {
                }
            }

            if (measured)
            {
                allocation.Check(batch.Length, Beyond(batch, limit), "reading a batch");
            }

            Require(fault != BatchFault.TooLarge || batch.Length > new BatchLimits().MaxBatchBytes, "a batch is too large for the check and not for the reader");
            Require(fault != BatchFault.None || records == reader.Header.Count, $"{records} of {reader.Header.Count} records were read");
            Require(fault != BatchFault.None || latest == (reader.Header.TimestampType == TimestampType.LogAppendTime ? reader.Header.MaxTimestamp : maxTimestamp), "check and reader see other timestamps");
            TakeApart(batch, limit);
        }
        catch (InvalidDataException refused)
        {
            Require(fault != BatchFault.None, $"a batch that was taken cannot be read: {refused.Message}");
        }
    }

    /// <summary>The objects that are made of records, whose memory is the caller's affair.</summary>
    private static void TakeApart(byte[] batch, int limit)
    {
        using var reader = new RecordBatchReader(batch, limit);
        while (reader.MoveNext())
        {
            EventIdentity.Of(reader.Current);
            reader.Current.ToEvent();
        }
    }

    private void Admit(byte[] batch)
    {
        ValueTask<(ErrorCode Error, string? Reason)> admission = BatchAdmission.CheckAsync(_exchange, _partition, batch);
        (ErrorCode error, string? reason) = admission.IsCompleted ? admission.Result : throw new OracleException("admission waits although nobody else decompresses");
        Require(Answers.Contains(error), $"admission answers {error}");
        Require(error == ErrorCode.None == reason is null, $"{error} with the reason {reason}");
        if (error == ErrorCode.None)
        {
            BatchFault fault = RecordBatch.Check(batch, new BatchLimits(MaxDecompressedBytes: _node.MaxDecompressedBytes), out string? why, out long maxTimestamp);
            Require(fault == BatchFault.None, $"a batch that was admitted is {fault}: {why}");
            Require(RecordBatchHeader.TryRead(batch, out RecordBatchHeader header) && header.MaxTimestamp == maxTimestamp, "the header of an admitted batch does not tell its largest timestamp");
        }
    }

    private static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new OracleException(what);
        }
    }
}
