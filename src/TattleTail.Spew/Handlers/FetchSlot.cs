using TattleTail.Log;
using TattleTail.Spew.Protocol;
using TattleTail.Spew.Protocol.Messages;

namespace TattleTail.Spew.Handlers;

/// <summary>One partition of a fetch, and what has been read of it. It is refused with an error, or served.</summary>
internal sealed class FetchSlot(FetchPartition asked, LogPartition? partition, ErrorCode refused)
{
    private LogRead? _read;

    public FetchPartition Asked { get; } = asked;

    public LogPartition? Partition { get; } = partition;

    public ErrorCode Error { get; private set; }

    /// <summary>As of the last look.</summary>
    public long HighWatermark { get; private set; } = -1;

    public BatchRun Run { get; private set; }

    /// <summary>There is more to read than at the last look.</summary>
    public bool HasNews => Error == ErrorCode.None && Partition!.HighWatermark > HighWatermark;

    /// <summary>Forgets what was read, and looks at the partition again. True when there is something to read.</summary>
    public bool Look()
    {
        Release();
        if (Partition is null or { Channel.IsClosed: true })
        {
            Error = refused != ErrorCode.None ? refused : ErrorCode.UnknownTopicOrPartition;
            return false;
        }

        Error = ChannelLookup.CheckEpoch(Partition, Asked.CurrentLeaderEpoch);
        HighWatermark = Partition.HighWatermark;
        if (Error == ErrorCode.None && (Asked.FetchOffset < Partition.StartOffset || Asked.FetchOffset > HighWatermark))
        {
            Error = ErrorCode.OffsetOutOfRange;
        }

        return Error == ErrorCode.None && Asked.FetchOffset < HighWatermark;
    }

    /// <summary>Reads batches up to a number of bytes, but at least one.</summary>
    public async ValueTask ReadAsync(Exchange exchange, int maxBytes)
    {
        try
        {
            _read = await exchange.Node.Log.ReadAsync(Partition!, Asked.FetchOffset, maxBytes, cancel: exchange.Client.Ending);
            HighWatermark = Math.Max(HighWatermark, _read.HighWatermark);
            Run = Whole(_read.Batches);
        }
        catch (OffsetOutOfRangeException)
        {
            Error = ErrorCode.OffsetOutOfRange;
        }
        catch (Exception fault) when (fault is IOException or InvalidDataException)
        {
            SpewEvents.ReadFailed(exchange.Node.Logger, fault, Partition!.Channel.Name, Partition.Index, Asked.FetchOffset);
            Error = ErrorCode.KafkaStorageError;
        }
    }

    /// <summary>Gives back what was read.</summary>
    public void Release()
    {
        Run = default;
        _read?.Dispose();
        _read = null;
    }

    /// <summary>All that was read, zstd to old versions too: Kafka refuses it only where the topic itself asks for zstd, and kafka-python reads it with version 4.</summary>
    private static BatchRun Whole(IReadOnlyList<LogBatch> batches)
    {
        int bytes = 0;
        foreach (LogBatch batch in batches)
        {
            bytes += batch.Batch.Length;
        }

        return batches.Count == 0 ? default : new BatchRun(batches, batches.Count, bytes);
    }
}
