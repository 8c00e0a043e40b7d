namespace TattleTail.Platform;

/// <summary>Files for the eyes of their owner.</summary>
public static class PrivateFile
{
    /// <summary>Writes a new file in UTF-8, in the place of one of that name, which at no moment can be read by others. Windows gives it the rights of its folder.</summary>
    /// <param name="path">The file.</param>
    /// <param name="text">What it is to say.</param>
    /// <param name="like">A file whose rights it gets instead, when that is there; null: none.</param>
    public static void Write(string path, string text, string? like = null)
    {
        File.Delete(path);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = File.Exists(like) ? File.GetUnixFileMode(like) : UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var writer = new StreamWriter(path, options);
        writer.Write(text);
    }
}
