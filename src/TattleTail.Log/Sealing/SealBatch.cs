using TattleTail.Archive;
using TattleTail.Log.State;

namespace TattleTail.Log.Sealing;

/// <summary>What one commit will hold: finished files and how far each partition is sealed by them.</summary>
internal sealed class SealBatch : IDisposable
{
    private readonly List<EncodedFile> _files = [];
    private readonly List<PartitionProgress> _parts = [];

    public IReadOnlyList<EncodedFile> Files => _files;

    public IReadOnlyList<PartitionProgress> Parts => _parts;

    /// <summary>Bytes of the finished files, all of which are in memory.</summary>
    public long Bytes { get; private set; }

    public long Events { get; private set; }

    /// <summary>Bytes of their batches in the journal.</summary>
    public long JournalBytes { get; private set; }

    public void Add(EncodedFile file)
    {
        _files.Add(file);
        Bytes += file.Content.Length;
    }

    public void Add(PartitionProgress part)
    {
        _parts.Add(part);
        Events += part.Events;
        JournalBytes += part.Bytes;
    }

    public void Dispose()
    {
        foreach (var file in _files)
        {
            file.Dispose();
        }
    }
}

/// <summary>How far a partition has come in a commit.</summary>
internal sealed class PartitionProgress(LogPartition partition, long from, long restSince)
{
    public LogPartition Partition { get; } = partition;

    /// <summary>Where it is sealed to before the commit.</summary>
    public long From { get; } = from;

    /// <summary>Where it is sealed to after it.</summary>
    public long Next { get; set; } = from;

    public long Events { get; set; }

    public long Bytes { get; set; }

    /// <summary>When the last event before <see cref="Next"/> was recorded (µs).</summary>
    public long RestSince { get; set; } = restSince;

    public SealedPosition Position => new(Partition.Channel.TopicId, Partition.Index, From, Next);

    public SealedPart Part => new(Partition.Channel.Stream, Partition.Index, Next, Events, Bytes, RestSince);
}
