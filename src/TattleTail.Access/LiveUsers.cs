using Microsoft.Extensions.Logging;
using TattleTail.Platform;

namespace TattleTail.Access;

/// <summary>The users file, read again when it has changed. A file that cannot be read any more, or is wrong, changes nothing and is told of. Safe for concurrent use.</summary>
public sealed class LiveUsers
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly WatchedFile<UserDirectory> _file;

    /// <summary>Reads the file. <see cref="IOException"/>, <see cref="UnauthorizedAccessException"/> or <see cref="InvalidDataException"/> when that cannot be.</summary>
    public LiveUsers(string path, TimeProvider clock, ILogger logger) =>
        _file = new WatchedFile<UserDirectory>(path, () => new UserDirectory(UsersFile.Read(File.ReadAllBytes(path))), LookEvery, clock)
        {
            OnRead = users => AccessEvents.UsersRead(logger, path, users.All.Count),
            OnFault = reason => AccessEvents.UsersNotRead(logger, path, reason),
        };

    /// <summary>The users of now.</summary>
    public UserDirectory Current => _file.Current;
}
