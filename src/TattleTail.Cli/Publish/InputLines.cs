using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using TattleTail.Cli.Terminal;

namespace TattleTail.Cli.Publish;

/// <summary>Cuts a stream into lines at LF (a CR before it is dropped). Blank lines count but are not given; the last line may lack its LF.</summary>
internal static class InputLines
{
    /// <summary>The longest line, in bytes: above what any channel takes as one event.</summary>
    public const int MaxBytes = 128 * 1024 * 1024;

    /// <summary>Reads the lines; a line over <see cref="MaxBytes"/> ends it with a <see cref="LineException"/>.</summary>
    public static async IAsyncEnumerable<InputLine> ReadAsync(Stream input, [EnumeratorCancellation] CancellationToken cancel)
    {
        var reader = PipeReader.Create(input, new StreamPipeReaderOptions(bufferSize: 256 * 1024, minimumReadSize: 64 * 1024, leaveOpen: true));
        var number = 0L;
        while (true)
        {
            var read = await reader.ReadAsync(cancel);
            var rest = read.Buffer;
            while (TryCut(ref rest, read.IsCompleted, out var line))
            {
                number++;
                if (Trim(line) is { Length: > 0 } bytes)
                {
                    yield return new InputLine(number, bytes);
                }
            }

            if (rest.Length > MaxBytes)
            {
                throw new LineException(number + 1, $"longer than {Wording.Bytes(MaxBytes)}, or the input has no line ends");
            }

            reader.AdvanceTo(rest.Start, rest.End);
            if (read.IsCompleted)
            {
                await reader.CompleteAsync();
                yield break;
            }
        }
    }

    private static bool TryCut(ref ReadOnlySequence<byte> rest, bool last, out ReadOnlySequence<byte> line)
    {
        if (rest.PositionOf((byte)'\n') is { } end)
        {
            line = rest.Slice(0, end);
            rest = rest.Slice(rest.GetPosition(1, end));
            return true;
        }

        line = rest;
        rest = last ? rest.Slice(rest.End) : rest;
        return last && line.Length > 0;
    }

    private static byte[] Trim(in ReadOnlySequence<byte> line)
    {
        var bytes = line.ToArray();
        return bytes.Length > 0 && bytes[^1] == (byte)'\r' ? bytes[..^1] : bytes;
    }
}
