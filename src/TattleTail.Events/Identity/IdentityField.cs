namespace TattleTail.Events.Identity;

/// <summary>What an event may tell about itself.</summary>
internal enum IdentityField
{
    EventId,
    EventType,
    CorrelationId,
    CausationId,
}

/// <summary>How a value is cut out of what a header or member holds.</summary>
internal enum IdentityForm
{
    /// <summary>The whole value.</summary>
    Whole,

    /// <summary>The first name of a list: up to the first comma or semicolon (NServiceBus' assembly-qualified names, MassTransit's URNs).</summary>
    FirstName,

    /// <summary>The trace id of a W3C traceparent.</summary>
    TraceId,
}

/// <summary>A place where an event may tell something.</summary>
/// <param name="Field">What it tells.</param>
/// <param name="Rank">Which place wins when several tell: the lowest.</param>
/// <param name="Form">Which part of the value counts.</param>
internal readonly record struct IdentityPlace(IdentityField Field, byte Rank, IdentityForm Form = IdentityForm.Whole);
