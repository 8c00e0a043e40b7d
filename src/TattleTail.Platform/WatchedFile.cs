namespace TattleTail.Platform;

/// <summary>
/// What a file says, read again when the file has changed. A file that cannot be read any more, or is wrong, changes nothing: what it said last stays, and it is tried again at the next look,
/// whether or not it changes once more. Safe for concurrent use.
/// </summary>
/// <typeparam name="T">What the file says.</typeparam>
public sealed class WatchedFile<T>
{
    private readonly Lock _lock = new();
    private readonly string _path;
    private readonly Func<T> _read;
    private readonly TimeSpan _lookEvery;
    private readonly TimeProvider _clock;
    private (DateTime Changed, long Bytes)? _seen;
    private long _lookedAt;
    private string? _fault;
    private T _current;

    /// <summary>Reads the file; what that throws is the caller's.</summary>
    /// <param name="path">The file.</param>
    /// <param name="read">Reads what it says: <see cref="IOException"/>, <see cref="UnauthorizedAccessException"/> or, when the file is wrong, <see cref="InvalidDataException"/>.</param>
    /// <param name="lookEvery">How long what was read holds without another look at the file.</param>
    /// <param name="clock">The time.</param>
    public WatchedFile(string path, Func<T> read, TimeSpan lookEvery, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(read);
        ArgumentNullException.ThrowIfNull(clock);
        _path = path;
        _read = read;
        _lookEvery = lookEvery;
        _clock = clock;
        _lookedAt = clock.GetTimestamp();
        _seen = Seen();
        _current = read();
    }

    /// <summary>Told of what was read again.</summary>
    public Action<T>? OnRead { get; init; }

    /// <summary>Told why the file cannot be read, once for each reason until it can be again.</summary>
    public Action<string>? OnFault { get; init; }

    /// <summary>What the file says now.</summary>
    public T Current
    {
        get
        {
            lock (_lock)
            {
                if (_clock.GetElapsedTime(_lookedAt) >= _lookEvery)
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
                _seen = null;
                _current = _read();
                _seen = seen;
                _fault = null;
                OnRead?.Invoke(_current);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            if (e.Message != _fault)
            {
                _fault = e.Message;
                OnFault?.Invoke(e.Message);
            }
        }
    }

    private (DateTime Changed, long Bytes) Seen()
    {
        var file = new FileInfo(_path);
        return (file.LastWriteTimeUtc, file.Length);
    }
}
