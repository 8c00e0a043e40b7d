namespace TattleTail.Events.CloudEvents;

/// <summary>What makes a CloudEvent the one that it is: its <c>source</c> and <c>id</c> together (CloudEvents 1.0, "id").</summary>
public readonly record struct CloudEventId(string Source, string Id);
