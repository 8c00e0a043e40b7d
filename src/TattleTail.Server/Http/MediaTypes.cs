namespace TattleTail.Server.Http;

/// <summary>The content types that events come and go in.</summary>
internal static class MediaTypes
{
    public const string CloudEvent = "application/cloudevents+json";
    public const string CloudEventsBatch = "application/cloudevents-batch+json";
    public const string Envelope = "application/vnd.tattletail.event+json";
    public const string Ndjson = "application/x-ndjson";
}
