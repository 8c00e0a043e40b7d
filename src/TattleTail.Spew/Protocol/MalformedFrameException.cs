namespace TattleTail.Spew.Protocol;

/// <summary>Bytes of a client are not a request as the protocol lays it out: what is wrong and where in the frame. Ends the connection, nothing else.</summary>
internal sealed class MalformedFrameException(string message) : Exception(message);
