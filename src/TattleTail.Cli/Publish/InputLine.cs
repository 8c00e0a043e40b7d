namespace TattleTail.Cli.Publish;

/// <summary>A line of the input.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Bytes">Its bytes without the line ending, its own to keep.</param>
internal readonly record struct InputLine(long Number, ReadOnlyMemory<byte> Bytes);
