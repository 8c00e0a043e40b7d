using TattleTail.Archive.Delta;

namespace TattleTail.Archive.Catalog;

/// <summary>Which live file holds what, and how far each partition is sealed. Safe for concurrent use.</summary>
internal sealed class FileCatalog
{
    private static readonly Comparer<ArchiveFile> ByRecording = Comparer<ArchiveFile>.Create(CompareByRecording);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, AddAction> _byPath = [];
    private readonly Dictionary<(Guid TopicId, int Partition), SortedList<long, ArchiveFile>> _byPartition = [];
    private readonly Dictionary<(Guid TopicId, int Partition), long> _sealedThrough = [];
    private readonly Dictionary<string, HashSet<ArchiveStream>> _streams = new(StringComparer.Ordinal);

    /// <summary>Takes a version's changes in.</summary>
    public void Apply(DeltaCommit commit)
    {
        lock (_lock)
        {
            foreach (var path in commit.Removes)
            {
                Remove(path);
            }

            foreach (var add in commit.Adds)
            {
                Add(add);
            }

            foreach (var txn in commit.Txns)
            {
                _sealedThrough[(txn.TopicId, txn.Partition)] = txn.Version;
            }
        }
    }

    public long? SealedThrough(Guid topicId, int partition)
    {
        lock (_lock)
        {
            return _sealedThrough.TryGetValue((topicId, partition), out var position) ? position : null;
        }
    }

    public IReadOnlyList<ArchiveStream> Streams(string channel)
    {
        lock (_lock)
        {
            return _streams.TryGetValue(channel, out var streams) ? [.. streams] : [];
        }
    }

    public AddAction? Find(string path)
    {
        lock (_lock)
        {
            return _byPath.GetValueOrDefault(path);
        }
    }

    public ArchiveFile? FindByOffset(Guid topicId, int partition, long offset)
    {
        lock (_lock)
        {
            return _byPartition.TryGetValue((topicId, partition), out var files) && FirstAtOrAfter(files, offset) is var at && at < files.Count ? files.Values[at] : null;
        }
    }

    public IReadOnlyList<ArchiveFile> FindByTime(Guid topicId, int partition, long fromOffset, long time, bool byRecorded)
    {
        lock (_lock)
        {
            var found = new List<ArchiveFile>();
            if (_byPartition.TryGetValue((topicId, partition), out var files))
            {
                for (var i = FirstAtOrAfter(files, fromOffset); i < files.Count; i++)
                {
                    var file = files.Values[i];
                    if ((byRecorded ? file.LastRecordedAtMicros : file.Partitions.First(p => p.Partition == partition).MaxTimestamp) >= time)
                    {
                        found.Add(file);
                    }
                }
            }

            return found;
        }
    }

    public IReadOnlyList<ArchiveFile> Files(string? channel)
    {
        lock (_lock)
        {
            var files = _byPath.Values.Select(a => a.File).Where(f => channel is null || f.Stream.Channel == channel).ToList();
            files.Sort(ByRecording);
            return files;
        }
    }

    /// <summary>Files by the last offset that they hold of a partition; a file that holds an offset is the first whose last offset is not below it.</summary>
    private static int FirstAtOrAfter(SortedList<long, ArchiveFile> files, long offset)
    {
        var low = 0;
        var high = files.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (files.Keys[middle] < offset)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private static int CompareByRecording(ArchiveFile a, ArchiveFile b)
    {
        var order = string.CompareOrdinal(a.Stream.Channel, b.Stream.Channel);
        order = order != 0 ? order : a.Stream.Incarnation.CompareTo(b.Stream.Incarnation);
        order = order != 0 ? order : a.FirstRecordedAtMicros.CompareTo(b.FirstRecordedAtMicros);
        return order != 0 ? order : string.CompareOrdinal(a.Path, b.Path);
    }

    private void Add(AddAction add)
    {
        _byPath[add.File.Path] = add;
        var stream = add.File.Stream;
        if (!_streams.TryGetValue(stream.Channel, out var streams))
        {
            streams = [];
            _streams.Add(stream.Channel, streams);
        }

        streams.Add(stream);
        foreach (var range in add.File.Partitions)
        {
            var key = (stream.TopicId, range.Partition);
            if (!_byPartition.TryGetValue(key, out var files))
            {
                files = [];
                _byPartition.Add(key, files);
            }

            files[range.LastOffset] = add.File;
        }
    }

    private void Remove(string path)
    {
        if (_byPath.Remove(path, out var add))
        {
            foreach (var range in add.File.Partitions)
            {
                if (_byPartition.TryGetValue((add.File.Stream.TopicId, range.Partition), out var files) && files.TryGetValue(range.LastOffset, out var file) && file.Path == path)
                {
                    files.Remove(range.LastOffset);
                }
            }
        }
    }
}
