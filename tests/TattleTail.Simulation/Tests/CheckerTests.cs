using TattleTail.Simulation.Checking;

namespace TattleTail.Simulation.Tests;

public sealed class CheckerTests
{
    private static readonly Guid Topic = new(1, 2, 3, new byte[8]);
    private readonly Findings _findings = new();
    private readonly Ledger _ledger;

    public CheckerTests() => _ledger = new Ledger(_findings);

    [Fact]
    public void WireBatch_WrittenAndRead_IsTheSame()
    {
        var records = new[] { Record("a"), new WireRecord(-1, -1, null, [("h", null), ("h", [])], null) };
        var read = WireBatch.Read(WireBatch.Write(records, 7, 1, 3));
        Assert.Equal([0L, 1L], read.Select(record => record.Offset));
        Assert.Equal(records[1].Timestamp, read[1].Timestamp);
        Assert.Null(read[1].Key);
        Assert.Null(read[1].Body);
        Assert.Null(read[1].Headers[0].Value);
        Assert.Equal("[]", string.Concat("[", string.Concat(read[1].Headers[1].Value!), "]"));
        Assert.Equal(records[0].Body!, read[0].Body!);
    }

    [Fact]
    public void WireBatch_OneBitFlipped_IsRefused()
    {
        var batch = WireBatch.Write([Record("a")]);
        batch[^3] ^= 1;
        Assert.Throws<FormatException>(() => WireBatch.Read(batch));
    }

    [Fact]
    public void Scan_AcknowledgedMissing_IsI1()
    {
        _ledger.Acknowledge(Send("a"), 0);
        _ledger.Acknowledge(Send("b"), 1);
        Scan(At("a", 0));
        Assert.Equal(["I1"], Found());
    }

    [Fact]
    public void Scan_OffsetTwice_IsI2()
    {
        Send("a");
        Send("b");
        Scan(At("a", 0), At("b", 0));
        Assert.Contains("I2", Found());
    }

    [Fact]
    public void Scan_Hole_IsI3()
    {
        Send("a");
        Send("b");
        Scan(At("a", 0), At("b", 2));
        Assert.Equal(["I3"], Found());
    }

    [Fact]
    public void Scan_SendersOrderTurned_IsI3()
    {
        Send("a");
        Send("b");
        Scan(At("b", 0), At("a", 1));
        Assert.Equal(["I3"], Found());
    }

    [Fact]
    public void Observe_ByteChanged_IsI4()
    {
        Send("a");
        var found = At("a", 0);
        found.Body![0] ^= 1;
        _ledger.Observe(found with { Body = [.. found.Body, 1] }, Topic, 0, "test");
        Assert.Equal(["I4"], Found());
    }

    [Fact]
    public void Observe_SameEventAtTwoOffsets_IsI6()
    {
        Send("a");
        _ledger.Observe(At("a", 0), Topic, 0, "test");
        _ledger.Observe(At("a", 5), Topic, 0, "test");
        Assert.Equal(["I6"], Found());
    }

    [Fact]
    public void Observe_NeverSent_IsI6()
    {
        _ledger.Observe(At("ghost", 0), Topic, 0, "test");
        Assert.Equal(["I6"], Found());
    }

    private static WireRecord Record(string id) =>
        new(-1, 1000, [1, 2], [(SentEvent.IdHeader, System.Text.Encoding.ASCII.GetBytes(id))], [3, 4, 5]);

    private static WireRecord At(string id, long offset) => Record(id) with { Offset = offset };

    private SentEvent Send(string id)
    {
        var sent = new SentEvent(id, "sender", Topic, 0, Record(id)) { Order = _ledger.NextNumber() };
        _ledger.Send(sent);
        return sent;
    }

    private void Scan(params WireRecord[] records)
    {
        var scan = new PartitionScan(_ledger, _findings, Topic, 0, "test");
        foreach (var record in records)
        {
            scan.Add(record);
        }

        scan.Finish();
    }

    private IEnumerable<string> Found() => _findings.Violations.Select(violation => violation.Invariant).Distinct();
}
