using System.Text;
using TattleTail.Events.RecordBatches;

namespace TattleTail.Events.Tests;

public sealed class EventIdentityTests
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    private const string Parent = "00-" + Trace + "-00f067aa0ba902b7-01";

    [Fact]
    public void Of_NoKnownHeader_TellsNothing() => Assert.Equal(default, Identity(null, ("user", "x"), ("ce_subject", "y")));

    [Fact]
    public void Of_CloudEventsHeaders_TellAll() => Assert.Equal(
        new EventIdentity("1", "order.placed", "flow", "0"),
        Identity(null, ("ce_id", "1"), ("ce_type", "order.placed"), ("ce_correlationid", "flow"), ("ce_causationid", "0")));

    [Theory]
    [InlineData("CE_ID")]
    [InlineData("cloudEvents:id")]
    [InlineData("cloudEvents_id")]
    [InlineData("NServiceBus.MessageId")]
    [InlineData("MessageId")]
    [InlineData("message-id")]
    public void Of_HeaderOfAnId_TellsIt(string name) => Assert.Equal(new EventIdentity("7", null, null, null), Identity(null, (name, "7")));

    [Fact]
    public void Of_NServiceBusHeaders_ConversationIsTheFlowAndTheFirstTypeNameTheType() => Assert.Equal(
        new EventIdentity("m", "Sales.OrderPlaced", "conversation", "parent"),
        Identity(
            null,
            ("NServiceBus.MessageId", "m"),
            ("NServiceBus.EnclosedMessageTypes", "Sales.OrderPlaced, Sales, Version=1.0.0.0;Sales.IEvent, Sales"),
            ("NServiceBus.CorrelationId", "m"),
            ("NServiceBus.ConversationId", "conversation"),
            ("NServiceBus.RelatedTo", "parent")));

    [Fact]
    public void Of_MassTransitHeaders_TellAll() => Assert.Equal(
        new EventIdentity("m", "urn:message:Sales:OrderPlaced", "conversation", "initiator"),
        Identity(
            null,
            ("CorrelationId", "c"),
            ("MessageId", "m"),
            ("MT-MessageType", "urn:message:Sales:OrderPlaced;urn:message:Sales:IEvent"),
            ("ConversationId", "conversation"),
            ("MT-InitiatorId", "initiator")));

    [Fact]
    public void Of_MassTransitEnvelope_TellsAll() => Assert.Equal(
        new EventIdentity("m", "urn:message:Sales:OrderPlaced", "conversation", "initiator"),
        Identity(
            """
            {"messageId":"m","requestId":null,"correlationId":"c","conversationId":"conversation","initiatorId":"initiator",
             "messageType":["urn:message:Sales:OrderPlaced","urn:message:Sales:IEvent"],"message":{"messageId":"inner"}}
            """,
            ("Content-Type", "application/vnd.masstransit+json")));

    [Theory]
    [InlineData("application/cloudevents+json")]
    [InlineData("Application/CloudEvents+JSON; charset=utf-8")]
    public void Of_StructuredBody_TellsAllButWhatLiesDeeper(string contentType) => Assert.Equal(
        new EventIdentity("a\"b", "t", "c", null),
        Identity("""{"data":{"id":"inner","causationid":"inner"},"id":"a\"b","type":"t","id":"second","correlationid":"c"}""", ("content-type", contentType)));

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/cloudevents-batch+json")]
    [InlineData("application/cloudevents+avro")]
    public void Of_OtherContentTypes_BodyIsNotLookedAt(string contentType) =>
        Assert.Equal(default, Identity("""{"id":"1","type":"t"}""", ("content-type", contentType)));

    [Fact]
    public void Of_HeaderAndBodyTell_TheCloudEventsHeaderWins() => Assert.Equal(
        new EventIdentity("header", "body", "body", null),
        Identity(
            """{"id":"body","type":"body","correlationid":"body"}""",
            ("content-type", "application/cloudevents+json"),
            ("message-id", "generic"),
            ("correlation-id", "generic"),
            ("ce_id", "header")));

    [Fact]
    public void Of_BrokenBody_WhatCameBeforeTheFaultCounts() => Assert.Equal(
        new EventIdentity("1", null, null, null),
        Identity("""{"id":"1","x":}""", ("content-type", "application/cloudevents+json")));

    [Theory]
    [InlineData(Parent, Trace)]
    [InlineData("01-" + Trace + "-00f067aa0ba902b7-01-more", Trace)]
    [InlineData(Parent + "-more", null)]
    [InlineData("ff-" + Trace + "-00f067aa0ba902b7-01", null)]
    [InlineData("00-00000000000000000000000000000000-00f067aa0ba902b7-01", null)]
    [InlineData("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01", null)]
    [InlineData("00-" + Trace, null)]
    public void Of_Traceparent_TraceIdIsTheCorrelationId(string traceparent, string? expected) =>
        Assert.Equal(expected, Identity(null, ("traceparent", traceparent)).CorrelationId);

    [Fact]
    public void Of_TraceparentAndCorrelationId_TheCorrelationIdWins() =>
        Assert.Equal("c", Identity(null, ("traceparent", Parent), ("x-correlation-id", "c")).CorrelationId);

    [Fact]
    public void Of_RepeatedHeader_TheFirstUsableWins()
    {
        EventHeader[] headers = [new("ce_id", null), new("ce_id", ""u8.ToArray()), new("ce_id", (byte[])[0xff]), new("ce_id", "1"u8.ToArray()), new("ce_id", "2"u8.ToArray())];

        Assert.Equal("1", EventIdentity.Of(new Event(0, null, headers, null)).EventId);
    }

    [Fact]
    public void Of_ValueAtTheLimitAndOneMore_IsKeptAndNotTold()
    {
        var limit = new string('x', EventIdentityView.MaxValueBytes);
        var escaped = string.Concat(Enumerable.Repeat("\\u0041", EventIdentityView.MaxValueBytes));
        (string, string) structured = ("content-type", "application/cloudevents+json");

        Assert.Equal(limit, Identity(null, ("ce_id", limit)).EventId);
        Assert.Null(Identity(null, ("ce_id", limit + "x")).EventId);
        Assert.Equal(limit, Identity($$"""{"id":"{{limit}}"}""", structured).EventId);
        Assert.Equal(new string('A', limit.Length), Identity($$"""{"id":"{{escaped}}"}""", structured).EventId);
        Assert.Null(Identity($$"""{"id":"{{escaped}}\u0041"}""", structured).EventId);
        Assert.Null(Identity("""{"id":"\ud800"}""", structured).EventId);
    }

    [Fact]
    public void Of_RecordAndEvent_TellTheSameWithoutAllocating()
    {
        var @event = new Event(
            0, null, [new("content-type", "application/cloudevents+json"u8.ToArray()), new("traceparent", Encoding.UTF8.GetBytes(Parent))], """{"id":"\u0031","type":"t"}"""u8.ToArray());
        var builder = new RecordBatchBuilder();
        builder.Start(0, 0);
        Assert.True(builder.TryAdd(0, @event));
        using var reader = new RecordBatchReader(builder.Finish().Span);
        Assert.True(reader.MoveNext());

        Assert.Equal(new EventIdentity("1", "t", Trace, null), EventIdentity.Of(reader.Current));
        Assert.Equal(EventIdentity.Of(reader.Current), EventIdentity.Of(@event));

        Span<byte> scratch = stackalloc byte[EventIdentityView.ScratchBytes];
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            _ = EventIdentityView.Of(reader.Current, scratch);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static EventIdentity Identity(string? body, params (string Name, string Value)[] headers)
    {
        var builder = new RecordBatchBuilder();
        builder.Start(0, 0);
        EventHeader[] encoded = [.. headers.Select(h => new EventHeader(h.Name, Encoding.UTF8.GetBytes(h.Value)))];
        Assert.True(builder.TryAdd(0, new Event(0, null, encoded, body is null ? null : Encoding.UTF8.GetBytes(body))));
        using var reader = new RecordBatchReader(builder.Finish().Span);
        Assert.True(reader.MoveNext());
        return EventIdentity.Of(reader.Current);
    }
}
