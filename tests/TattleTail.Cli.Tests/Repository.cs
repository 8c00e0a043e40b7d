namespace TattleTail.Cli.Tests;

/// <summary>The source tree that the tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    public static string File(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (System.IO.File.Exists(Path.Combine(folder.FullName, "TattleTail.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"no TattleTail.slnx above {AppContext.BaseDirectory}");
    }
}
