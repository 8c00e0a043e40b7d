using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using TattleTail.Platform;

namespace TattleTail.Storage.Local;

/// <summary>Whole, synced files under names that nobody reads, waiting for their real name.</summary>
internal sealed class TemporaryFiles(IFileSystem files, DurableDirectories directories)
{
    /// <summary>Where they lie, under a name that foreign readers of the table ignore.</summary>
    public const string Folder = "_tattletail/tmp";

    private const int MostNamesTried = 1000;

    private long _counter;

    /// <summary>Writes and syncs a file; gives its path. Nothing is left behind by a failure.</summary>
    public async ValueTask<string> WriteAsync(string name, ReadOnlySequence<byte> content)
    {
        using var file = Create(name);
        try
        {
            var position = 0L;
            foreach (var part in content)
            {
                file.Write(position, part.Span);
                position += part.Length;
            }

            await file.SyncAsync();
            return file.Path;
        }
        catch (FileSystemException)
        {
            Discard(file.Path);
            throw;
        }
    }

    /// <summary>Removes a temporary name. One that cannot be removed is no harm: the next opening of the store tries again.</summary>
    public void Discard(string path)
    {
        try
        {
            files.DeleteFile(path);
        }
        catch (FileSystemException)
        {
            // The object's own outcome is decided already, and must not be reported otherwise for the sake of a left-over.
        }
    }

    /// <summary>Removes what a process that died left behind.</summary>
    public void RemoveLeftOvers()
    {
        foreach (var name in files.ListFiles(directories.PathOf(Folder)))
        {
            files.DeleteFile(directories.PathOf($"{Folder}/{name}"));
        }
    }

    /// <summary>The name is a counter and a hash, without randomness; another process in the same folder may have taken it, so the next is tried.</summary>
    private IFile Create(string name)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 8));
        for (var tried = 0; ; tried++)
        {
            var number = Interlocked.Increment(ref _counter).ToString(CultureInfo.InvariantCulture);
            try
            {
                return files.CreateFile(directories.PathOf($"{Folder}/{number}-{hash}"));
            }
            catch (FileSystemException e) when (e.Error == FileSystemError.Exists && tried < MostNamesTried)
            {
                continue;
            }
        }
    }
}
