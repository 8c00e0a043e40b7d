namespace TattleTail.Events;

/// <summary>Bytes from outside are not an event: what is wrong and where, in words for the sender.</summary>
public sealed class InvalidEventException : Exception
{
    /// <summary>Creates the exception.</summary>
    public InvalidEventException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
