using System.Collections;
using TattleTail.Simulation.Disk;
using TattleTail.Simulation.Stores;

namespace TattleTail.Simulation.Checking;

/// <summary>
/// The archive as it lies on the simulated disk, read without the product. Files never change, so each is read once.
/// </summary>
internal sealed class ArchiveShelf(SimulatedFiles files, string folder)
{
    private readonly Dictionary<string, IReadOnlyList<ArchivedRow>?> _rows = new(StringComparer.Ordinal);

    /// <summary>Which bytes of which object were read back since they were put.</summary>
    public Dictionary<string, BitArray> Reads { get; } = new(StringComparer.Ordinal);

    /// <summary>The objects by name.</summary>
    public Dictionary<string, ReadOnlyMemory<byte>> Objects()
    {
        var objects = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        foreach (var path in files.PeekNames(folder))
        {
            objects[path[(folder.Length + 1)..]] = files.Peek(path)!.Value;
        }

        return objects;
    }

    /// <summary>Ids of the events in sound live files; with those only that were read back whole when asked for.</summary>
    public HashSet<string> Events(bool readBackOnly)
    {
        var objects = Objects();
        var unheard = new Findings();
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in DeltaTable.Read(objects, unheard).Files)
        {
            if (readBackOnly && !WatchedStore.WasReadBack(Reads, file.Path, file.Size))
            {
                continue;
            }

            foreach (var row in Rows(file, objects, unheard) ?? [])
            {
                if (SentEvent.IdOf(row.Record) is { } id)
                {
                    found.Add(id);
                }
            }
        }

        return found;
    }

    /// <summary>A live file's rows, null when it is not what the log says.</summary>
    public IReadOnlyList<ArchivedRow>? Rows(ListedFile file, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> objects, Findings findings)
    {
        if (!_rows.TryGetValue(file.Path, out var rows) || rows is null)
        {
            _rows[file.Path] = rows = DeltaTable.ReadFile(file, objects, findings);
        }

        return rows;
    }

    /// <summary>Reads all again at the end: what was sound once may have been overwritten.</summary>
    public void Forget() => _rows.Clear();
}
