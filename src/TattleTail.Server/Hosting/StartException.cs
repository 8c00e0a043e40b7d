namespace TattleTail.Server.Hosting;

/// <summary>Why a node did not start, or a folder was not opened.</summary>
public enum StartFault
{
    /// <summary>The data folder can't be made, entered or written, or is something else than a data folder.</summary>
    FolderUnusable,

    /// <summary>Another process uses the data folder.</summary>
    FolderInUse,

    /// <summary>The data folder was written by a newer version.</summary>
    FolderNewer,

    /// <summary>The file system can't link or sync.</summary>
    FileSystemUnfit,

    /// <summary>Another process listens on the port.</summary>
    PortInUse,

    /// <summary>The address can't be bound for another reason.</summary>
    AddressUnusable,

    /// <summary>The configuration contradicts itself.</summary>
    Configuration,

    /// <summary>Journal, state or archive can't be opened.</summary>
    LogUnusable,
}

/// <summary>A node could not start: what, where, and what to do, in words for the user. Nothing was changed that a second try would stumble over.</summary>
public sealed class StartException : Exception
{
    /// <summary>Creates the exception.</summary>
    public StartException(StartFault fault, string message, Exception? inner = null)
        : base(message, inner) => Fault = fault;

    /// <summary>The kind of failure.</summary>
    public StartFault Fault { get; }
}
