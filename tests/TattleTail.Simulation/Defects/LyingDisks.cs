using TattleTail.Platform;
using TattleTail.Simulation.Run;

namespace TattleTail.Simulation.Defects;

/// <summary>Says that the journal is synced and does nothing: acknowledgements come before the sync.</summary>
internal sealed class NeverSyncs(IFileSystem inner) : LyingFiles(inner)
{
    protected override ValueTask SyncAsync(IFile file) => Journal(file.Path) ? ValueTask.CompletedTask : file.SyncAsync();

    internal static bool Journal(string path) => path.StartsWith(SimulatedRun.JournalFolder, StringComparison.Ordinal);
}

/// <summary>Skips the sync of the journal's folder: a segment may have no name after a power cut.</summary>
internal sealed class NeverSyncsNames(IFileSystem inner) : LyingFiles(inner)
{
    public override ValueTask SyncDirectoryAsync(string directory) => NeverSyncs.Journal(directory) ? ValueTask.CompletedTask : Inner.SyncDirectoryAsync(directory);
}

/// <summary>Swallows the error of a sync.</summary>
internal sealed class SwallowsSyncErrors(IFileSystem inner) : LyingFiles(inner)
{
    protected override async ValueTask SyncAsync(IFile file)
    {
        try
        {
            await file.SyncAsync();
        }
        catch (FileSystemException)
        {
            // The planted defect.
        }
    }
}

/// <summary>Does not sync what recovery writes: what is recovered is served although it may exist in the page cache alone.</summary>
internal sealed class RecoversUnsynced(IFileSystem inner) : LyingFiles(inner)
{
    private int _syncs;

    protected override ValueTask SyncAsync(IFile file) => _syncs++ < 3 ? ValueTask.CompletedTask : file.SyncAsync();
}

/// <summary>Never closes a file.</summary>
internal sealed class NeverCloses(IFileSystem inner) : LyingFiles(inner)
{
    protected override void Close(IFile file)
    {
    }
}
