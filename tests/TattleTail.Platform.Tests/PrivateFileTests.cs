namespace TattleTail.Platform.Tests;

public sealed class PrivateFileTests : IDisposable
{
    private const UnixFileMode Owners = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _folder = Directory.CreateTempSubdirectory("tattletail-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Write_InThePlaceOfAFileForAll_IsForTheOwnerOnly()
    {
        string path = Path.Combine(_folder, "secret");
        File.WriteAllText(path, "longer than what comes");
        SetMode(path, Owners | UnixFileMode.OtherRead);

        PrivateFile.Write(path, "ü");

        Assert.Equal("ü"u8.ToArray(), File.ReadAllBytes(path));
        AssertMode(Owners, path);
    }

    [Fact]
    public void Write_LikeAFileThatIsThere_GetsItsRights()
    {
        string path = Path.Combine(_folder, "new");
        string like = Path.Combine(_folder, "old");
        PrivateFile.Write(like, "");
        SetMode(like, Owners | UnixFileMode.GroupRead);

        PrivateFile.Write(path, "", like);
        PrivateFile.Write(path + "er", "", like: Path.Combine(_folder, "none"));

        AssertMode(Owners | UnixFileMode.GroupRead, path);
        AssertMode(Owners, path + "er");
    }

    private static void SetMode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }
    }

    private static void AssertMode(UnixFileMode mode, string path) => Assert.Equal(mode, OperatingSystem.IsWindows() ? mode : File.GetUnixFileMode(path));
}
