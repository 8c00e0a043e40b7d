using System.Text;
using System.Text.Json;
using TattleTail.Platform;
using TattleTail.Server.Hosting;

namespace TattleTail.Server.Folders;

/// <summary>The file that makes a folder a data folder and names its format. It is written last, so a folder without it is new or half made.</summary>
internal static class FolderMarker
{
    /// <summary>The file's name.</summary>
    public const string Name = "tattletail.format";

    /// <summary>The format that this version writes and reads.</summary>
    public const int Version = 1;

    private const string Content = """{"product":"TattleTail","format":1}""" + "\n";
    private const int MaxBytes = 4096;

    public static async ValueTask CheckOrWriteAsync(string folder, IFileSystem files, bool create)
    {
        var path = Path.Combine(folder, Name);
        if (files.FileExists(path))
        {
            Check(folder, Read(files, path));
            return;
        }

        if (!create)
        {
            throw new StartException(StartFault.FolderUnusable, $"{folder} is not a data folder (it has no {Name}): name one with --data, or start a node there with 'tattletail up'");
        }

        RefuseForeign(folder, files);
        await WriteAsync(folder, files, path);
    }

    private static void Check(string folder, byte[] content)
    {
        int? format = null;
        try
        {
            using var json = JsonDocument.Parse(content);
            format = json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("format", out var value) && value.TryGetInt32(out var number) ? number : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw Damaged(folder, e);
        }

        switch (format)
        {
            case Version:
                return;
            case > Version:
                throw new StartException(StartFault.FolderNewer, $"the data folder {folder} has format {format}, this version knows formats up to {Version}: use the newer version that wrote it");
            default:
                throw Damaged(folder, null);
        }
    }

    private static StartException Damaged(string folder, Exception? e) =>
        new(StartFault.FolderUnusable, $"{Path.Combine(folder, Name)} is damaged: it should read {Content.TrimEnd()}; write that when you know that this version wrote the folder", e);

    /// <summary>A node must not settle in a folder of somebody else's; one that it began to make holds nothing but its own names.</summary>
    private static void RefuseForeign(string folder, IFileSystem files)
    {
        var foreign = files.ListFiles(folder).Where(n => n is not (FolderLock.LockName or FolderLock.OwnerName or FolderLock.OwnerName + ".tmp" or Name + ".tmp" or "lost+found"))
            .Concat(files.ListDirectories(folder).Where(n => n is not ("journal" or "archive" or "lost+found")))
            .FirstOrDefault();
        if (foreign is not null)
        {
            throw new StartException(StartFault.FolderUnusable, $"{folder} is not a data folder and not empty (it holds '{foreign}'): name an empty or a new folder with --data");
        }
    }

    private static byte[] Read(IFileSystem files, string path)
    {
        using var file = files.OpenFile(path, FileAccess.Read);
        var bytes = new byte[(int)Math.Min(MaxBytes, file.Length)];
        return bytes[..file.Read(0, bytes)];
    }

    private static async ValueTask WriteAsync(string folder, IFileSystem files, string path)
    {
        var temporary = path + ".tmp";
        files.DeleteFile(temporary);
        using (var file = files.CreateFile(temporary))
        {
            file.Write(0, Encoding.UTF8.GetBytes(Content));
            await file.SyncAsync();
        }

        files.Rename(temporary, path);
        await files.SyncDirectoryAsync(folder);
    }
}
