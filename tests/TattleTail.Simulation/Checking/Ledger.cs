namespace TattleTail.Simulation.Checking;

/// <summary>
/// What the clients know: which events were sent, which were acknowledged where, and which a reader was served where. Everything that is served or found later is held against it.
/// </summary>
internal sealed class Ledger(Findings findings)
{
    private readonly Dictionary<string, SentEvent> _sent = new(StringComparer.Ordinal);
    private readonly Dictionary<Place, SentEvent> _places = [];
    private long _numbers;

    public IReadOnlyCollection<SentEvent> Sent => _sent.Values;

    public int AcknowledgedCount { get; private set; }

    /// <summary>A new event's number, for its id and order.</summary>
    public long NextNumber() => ++_numbers;

    public void Send(SentEvent sent) => _sent.Add(sent.Id, sent);

    public SentEvent? Find(string id) => _sent.GetValueOrDefault(id);

    /// <summary>The event that is known to lie at a place, or null.</summary>
    public SentEvent? At(Place place) => _places.GetValueOrDefault(place);

    /// <summary>The log said: durable, at this offset.</summary>
    public void Acknowledge(SentEvent sent, long offset)
    {
        findings.Require(
            sent.Acknowledged is null || sent.Acknowledged == offset, "I2", $"{sent.Id} was acknowledged at {sent.Acknowledged} and again at {offset}");
        AcknowledgedCount += sent.Acknowledged is null ? 1 : 0;
        sent.Acknowledged ??= offset;
        Put(sent, new Place(sent.Topic, sent.Partition, offset), "acknowledged");
    }

    /// <summary>A reader was served a record, or it was found in the archive.</summary>
    public void Observe(WireRecord record, Guid topic, int partition, string by)
    {
        var place = new Place(topic, partition, record.Offset);
        var sent = SentEvent.IdOf(record) is { } id ? Find(id) : null;
        if (sent is null)
        {
            findings.Add(At(place) is null ? "I6" : "I4", $"{by}: what lies at {place} was never sent so (expected {At(place)?.Id ?? "nothing"})");
            return;
        }

        if (sent.Difference(record) is { } difference)
        {
            findings.Add("I4", $"{by}: {sent.Id} at {place} has {difference}");
        }

        findings.Require(sent.Topic == topic && sent.Partition == partition, "I3", $"{by}: {sent.Id} lies at {place}, sent to {sent.Topic}/{sent.Partition}");
        findings.Require(!sent.Refused, "I6", $"{by}: {sent.Id} at {place} was refused when it was sent");
        findings.Require(
            (sent.Acknowledged ?? record.Offset) == record.Offset && (sent.Seen ?? record.Offset) == record.Offset,
            "I6",
            $"{by}: {sent.Id} lies at {place} and before at {sent.Acknowledged ?? sent.Seen}: it is there twice or moved");
        sent.Seen ??= record.Offset;
        Put(sent, place, by);
    }

    private void Put(SentEvent sent, Place place, string by)
    {
        if (_places.TryGetValue(place, out var other) && other != sent)
        {
            findings.Add("I2", $"{by}: {place} is {sent.Id}'s and was {other.Id}'s before");
            return;
        }

        _places[place] = sent;
    }
}
