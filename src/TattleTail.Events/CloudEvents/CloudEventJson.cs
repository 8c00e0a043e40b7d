namespace TattleTail.Events.CloudEvents;

/// <summary>Limits and names of the CloudEvents JSON format 1.0.</summary>
internal static class CloudEventJson
{
    /// <summary>Deepest nesting that is read.</summary>
    public const int MaxDepth = 128;

    /// <summary>The content type of structured mode.</summary>
    public const string ContentType = "application/cloudevents+json";
}
