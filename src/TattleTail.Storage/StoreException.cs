namespace TattleTail.Storage;

/// <summary>How a store failed, as far as callers act differently on it.</summary>
public enum StoreError
{
    /// <summary>Unreachable, slow, throttled, an error of its own: worth trying again.</summary>
    Unavailable,

    /// <summary>No such object.</summary>
    NotFound,

    /// <summary>No room.</summary>
    NoSpace,

    /// <summary>Not allowed, wrong credentials.</summary>
    Denied,

    /// <summary>The store cannot do what the archive needs (conditional put, links).</summary>
    Unsupported,
}

/// <summary>A store's operation failed: what, on which name, why.</summary>
public sealed class StoreException : IOException
{
    /// <summary>Creates the exception.</summary>
    public StoreException(StoreError error, string message, Exception? inner = null)
        : base(message, inner) => Error = error;

    /// <summary>The kind of failure.</summary>
    public StoreError Error { get; }
}
