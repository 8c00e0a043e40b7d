using Microsoft.Extensions.Logging;

namespace TattleTail.Access;

/// <summary>The users file, read again when it has changed. A file that cannot be read any more, or is wrong, changes nothing and is told of. Safe for concurrent use.</summary>
public sealed class LiveUsers
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly string _path;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private (DateTime Changed, long Bytes) _seen;
    private long _lookedAt;
    private UserDirectory _current;

    /// <summary>Reads the file. <see cref="IOException"/>, <see cref="UnauthorizedAccessException"/> or <see cref="InvalidDataException"/> when that cannot be.</summary>
    public LiveUsers(string path, TimeProvider clock, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(clock);
        _path = path;
        _clock = clock;
        _logger = logger;
        _lookedAt = clock.GetTimestamp();
        _seen = Seen();
        _current = Read();
    }

    /// <summary>The users of now.</summary>
    public UserDirectory Current
    {
        get
        {
            lock (_lock)
            {
                if (_clock.GetElapsedTime(_lookedAt) >= LookEvery)
                {
                    _lookedAt = _clock.GetTimestamp();
                    Look();
                }

                return _current;
            }
        }
    }

    private void Look()
    {
        try
        {
            (DateTime, long) seen = Seen();
            if (seen != _seen)
            {
                _seen = seen;
                _current = Read();
                AccessEvents.UsersRead(_logger, _path, _current.All.Count);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            AccessEvents.UsersNotRead(_logger, _path, e.Message);
        }
    }

    private (DateTime Changed, long Bytes) Seen()
    {
        var file = new FileInfo(_path);
        return (file.LastWriteTimeUtc, file.Length);
    }

    private UserDirectory Read() => new(UsersFile.Read(File.ReadAllBytes(_path)));
}
