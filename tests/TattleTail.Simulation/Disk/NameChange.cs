namespace TattleTail.Simulation.Disk;

/// <summary>A change of names that is not yet on the disk: one name goes, one comes, at once.</summary>
/// <param name="Stamp">When it was made.</param>
/// <param name="Removed">The path that goes, or null.</param>
/// <param name="Added">The path that comes, or null.</param>
/// <param name="Node">The file; null for a directory.</param>
internal sealed record NameChange(long Stamp, string? Removed, string? Added, CachedFile? Node)
{
    public bool Touches(string directory) => ParentOf(Removed) == directory || ParentOf(Added) == directory;

    public void Apply(SortedDictionary<string, CachedFile?> names)
    {
        if (Removed is not null && names.TryGetValue(Removed, out var there) && ReferenceEquals(there, Node))
        {
            names.Remove(Removed);
        }

        if (Added is not null)
        {
            names[Added] = Node;
        }
    }

    public static string? ParentOf(string? path) => path?[..Math.Max(1, path.LastIndexOf('/'))];
}
