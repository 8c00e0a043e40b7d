namespace TattleTail.Cli.Publish;

/// <summary>In which form an event travels to the node.</summary>
internal enum OutgoingForm
{
    /// <summary>A structured CloudEvent, as it stood in the input.</summary>
    CloudEvent,

    /// <summary>The JSON envelope.</summary>
    Envelope,
}

/// <summary>An event on its way to the node.</summary>
/// <param name="Line">The input line it came from.</param>
/// <param name="Form">What <paramref name="Json"/> is.</param>
/// <param name="Json">One JSON object.</param>
internal readonly record struct OutgoingEvent(long Line, OutgoingForm Form, ReadOnlyMemory<byte> Json);
