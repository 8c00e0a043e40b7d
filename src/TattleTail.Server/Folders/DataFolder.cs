using System.Text.Json;
using TattleTail.Platform;
using TattleTail.Server.Hosting;

namespace TattleTail.Server.Folders;

/// <summary>
/// A data folder, held by this process until disposed: <c>journal/</c>, <c>archive/</c> (unless it is elsewhere), the lock, what the owner says of itself, and the marker of its format.
/// Layout: docs/formats/data-folder.md.
/// </summary>
public sealed class DataFolder : IDisposable
{
    private readonly FolderLock _lock;

    private DataFolder(string path, FolderLock held)
    {
        Path = path;
        _lock = held;
    }

    /// <summary>The folder, as an absolute path.</summary>
    public string Path { get; }

    /// <summary>The folder of the journal.</summary>
    public string Journal => System.IO.Path.Combine(Path, "journal");

    /// <summary>
    /// Takes a folder: makes it when it is missing, completes it when it is half made, and proves that its file system links and syncs. Throws <see cref="StartException"/>.
    /// </summary>
    /// <param name="path">The folder.</param>
    /// <param name="files">The file system.</param>
    /// <param name="create">False: only a folder that is a data folder already.</param>
    public static async ValueTask<DataFolder> OpenAsync(string path, IFileSystem files, bool create = true)
    {
        ArgumentNullException.ThrowIfNull(files);
        path = FolderPreparation.Absolute(path);
        FolderPreparation.Enter(path, files, create);
        var held = Lock(path);
        try
        {
            await FolderPreparation.ProveAsync(path, files);
            await FolderMarker.CheckOrWriteAsync(path, files, create);
            var folder = new DataFolder(path, held);
            files.CreateDirectory(folder.Journal);
            await files.SyncDirectoryAsync(path);
            return folder;
        }
        catch (FileSystemException e)
        {
            held.Dispose();
            throw FolderPreparation.Refused(path, e);
        }
        catch (StartException)
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>The node that uses a folder now; null when there is none. A node that is still starting has no addresses yet.</summary>
    public static RunningNode? FindNode(string path)
    {
        path = FolderPreparation.Absolute(path);
        try
        {
            return FolderLock.ReadOwner(path) is { } text ? JsonSerializer.Deserialize<RunningNode>(text, JsonSerializerOptions.Web) : null;
        }
        catch (FileSystemException e)
        {
            throw FolderPreparation.Refused(path, e);
        }
        catch (JsonException e)
        {
            throw new StartException(StartFault.FolderInUse, $"{System.IO.Path.Combine(path, FolderLock.OwnerName)} is not what a node writes: is the node of this folder of another version? Name it with --server.", e);
        }
    }

    /// <summary>Tells others who uses the folder.</summary>
    public void Describe(RunningNode node) => _lock.Describe(JsonSerializer.Serialize(node, JsonSerializerOptions.Web));

    /// <summary>Lets go of the folder.</summary>
    public void Dispose() => _lock.Dispose();

    private static FolderLock Lock(string path)
    {
        try
        {
            return FolderLock.TryAcquire(path) ?? throw new StartException(StartFault.FolderInUse, InUse(path));
        }
        catch (FileSystemException e)
        {
            throw FolderPreparation.Refused(path, e);
        }
    }

    private static string InUse(string path) => FindNode(path) is { } node
        ? $"the data folder {path} is in use by process {node.ProcessId}{(node.Http is null ? "" : $", which answers at {node.Http}")}: stop that node, or choose another folder with --data"
        : $"the data folder {path} is in use by another process: stop it, or choose another folder with --data";
}
