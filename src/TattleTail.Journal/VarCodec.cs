namespace TattleTail.Journal;

/// <summary>Writes unsigned LEB128 varints and zig-zag signed ones.</summary>
internal sealed class VarWriter
{
    private byte[] _buffer = new byte[256];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

    public void Write(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        WriteRaw((ulong)value);
    }

    public void WriteSigned(long value) => WriteRaw(((ulong)value << 1) ^ (ulong)(value >> 63));

    public void Append(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(Length));
        Length += bytes.Length;
    }

    private void WriteRaw(ulong raw)
    {
        Reserve(10);
        for (; raw >= 0x80; raw >>= 7)
        {
            _buffer[Length++] = (byte)(raw | 0x80);
        }

        _buffer[Length++] = (byte)raw;
    }

    private void Reserve(int bytes)
    {
        if (_buffer.Length - Length < bytes)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, Length + bytes));
        }
    }
}

/// <summary>Reads what <see cref="VarWriter"/> wrote; after malformed bytes it is <see cref="Failed"/> and gives zeros.</summary>
internal ref struct VarReader(ReadOnlySpan<byte> source)
{
    private readonly ReadOnlySpan<byte> _source = source;
    private int _position;

    public bool Failed { get; private set; }

    public readonly bool AtEnd => _position == _source.Length;

    public long Read()
    {
        var raw = ReadRaw();
        Failed |= raw > long.MaxValue;
        return Failed ? 0 : (long)raw;
    }

    /// <summary>A number that fits an int.</summary>
    public int ReadInt()
    {
        var value = Read();
        Failed |= value > int.MaxValue;
        return Failed ? 0 : (int)value;
    }

    /// <summary>A number of things of which each takes a byte at least: never more than the bytes that are left.</summary>
    public int ReadCount()
    {
        var count = Read();
        Failed |= count > _source.Length - _position;
        return Failed ? 0 : (int)count;
    }

    public long ReadSigned()
    {
        var raw = ReadRaw();
        return (long)(raw >> 1) ^ -(long)(raw & 1);
    }

    private ulong ReadRaw()
    {
        ulong raw = 0;
        for (var shift = 0; shift < 70 && _position < _source.Length; shift += 7)
        {
            var b = _source[_position++];
            raw |= (ulong)(b & 0x7f) << shift;
            if (b < 0x80)
            {
                return raw;
            }
        }

        Failed = true;
        return 0;
    }
}
