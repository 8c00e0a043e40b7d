using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;
using TattleTail.Fuzz.Making;
using TattleTail.Fuzz.Oracles;
using TattleTail.Log;
using TattleTail.Spew;
using TattleTail.Spew.Connections;
using TattleTail.Spew.Handlers;
using TattleTail.Spew.Protocol;

namespace TattleTail.Fuzz.Targets;

/// <summary>
/// Requests of every api and version, sound and damaged, cut into frames and read as a connection does it: <see cref="FrameReader"/>, then <see cref="Exchange"/>. They are read or malformed, and nothing else.
/// </summary>
internal sealed class FramesTarget : FuzzTarget
{
    private const int MaxRequestBytes = 1 << 20;
    private const int WarmUps = 300;

    private readonly SpewMetrics _metrics = new();
    private readonly RequestMemory _memory;
    private readonly ConnectionWatch _watch = new(new DefaultConnectionContext(), TimeProvider.System);
    private readonly SpewNode _node;
    private readonly Exchange _exchange;
    private long _charged;

    public FramesTarget()
    {
        _memory = new RequestMemory(256 << 20, change => _charged += Math.Max(change, 0));
        var log = (EventLog)RuntimeHelpers.GetUninitializedObject(typeof(EventLog));
        _node = new SpewNode(log, new SpewOptions(), NullLogger.Instance, _metrics, null, TimeProvider.System);
        _exchange = new Exchange(new Client(_node, new Endpoint("localhost", 9092), "localhost", true, default));

        // What a first time allocates is no case's.
        for (int i = 1; i <= WarmUps; i++)
        {
            Read(Frame.Make(new Random(-i)).Damage(new Random(i)), measured: false);
        }
    }

    /// <inheritdoc />
    public override string Run(int seed)
    {
        var random = new Random(seed);
        Frame frame = Frame.Make(random);
        if (random.Next(10) == 0)
        {
            byte[] whole = frame.ToBytes();
            RequireWhole(Read(whole, measured: true) == 1, frame, "was refused");
            RequireWhole(frame.HasTags || IsWrittenSo(frame, whole), frame, "is written otherwise than it was read");
            return "whole";
        }

        byte[] bytes = frame.Damage(random);
        return Read(bytes, measured: true) > 0 ? "readable" : "malformed";
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        _exchange.Dispose();
        _watch.Dispose();
        _node.Groups.Dispose();
        _metrics.Dispose();
    }

    /// <summary>How many requests the bytes were; what came after a malformed one is not looked at.</summary>
    private int Read(byte[] bytes, bool measured)
    {
        PipeReader pipe = PipeReader.Create(new ReadOnlySequence<byte>(bytes));
        _charged = 0;
        var allocation = Allocation.Start();
        int requests = 0;
        try
        {
            var frames = new FrameReader(pipe, () => MaxRequestBytes, _memory, _watch);
            while (Next(frames) is { } frame)
            {
                using (frame)
                {
                    Read(frame);
                    requests++;
                }
            }
        }
        catch (MalformedFrameException)
        {
            // The documented answer. What was read before it stays read.
        }

        if (measured)
        {
            // A frame's memory is reserved, from a budget, when its length is known: see ADR 0503.
            allocation.Check(bytes.Length, Math.Max(0, _charged - (2L * bytes.Length)), "reading requests");
        }

        return _memory.Out == 0 ? requests : throw new OracleException($"{_memory.Out} bytes of a request were not given back");
    }

    private static RequestFrame? Next(FrameReader frames)
    {
        ValueTask<RequestFrame?> reading = frames.ReadAsync(default);
        return reading.IsCompleted ? reading.Result : throw new OracleException("it waits for bytes although no more come");
    }

    private void Read(RequestFrame frame)
    {
        try
        {
            _exchange.Start(frame.Api, frame.Bytes);
            if (frame.Api.Serves(_exchange.Version))
            {
                RequestKind.Find(frame.Api).Read(_exchange);
            }
        }
        finally
        {
            _exchange.End();
        }
    }

    private static bool IsWrittenSo(Frame frame, byte[] whole)
    {
        byte[] body = whole[frame.BodyAt..];
        return frame.Kind.Rewrite(body, frame.Version, frame.Kind.Api.IsFlexible(frame.Version)).AsSpan().SequenceEqual(body);
    }

    private static void RequireWhole(bool holds, Frame frame, string what)
    {
        if (!holds)
        {
            throw new OracleException($"a sound {frame.Kind.Api.Name} request of version {frame.Version} {what}");
        }
    }
}
