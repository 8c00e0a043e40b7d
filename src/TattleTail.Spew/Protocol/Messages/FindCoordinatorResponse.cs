namespace TattleTail.Spew.Protocol.Messages;

/// <summary>One answer up to version 3, a list from version 4.</summary>
internal struct FindCoordinatorResponse : IWire
{
    public int ThrottleTimeMs;
    public short ErrorCode;
    public string? ErrorMessage;
    public int NodeId;
    public string Host;
    public int Port;
    public Coordinator[] Coordinators;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        if (io.Version >= 1)
        {
            io.Int32(ref ThrottleTimeMs);
        }

        if (io.Version >= 4)
        {
            io.Array(ref Coordinators);
            io.Tags();
            return;
        }

        io.Int16(ref ErrorCode);
        if (io.Version >= 1)
        {
            io.NullableString(ref ErrorMessage);
        }

        io.Int32(ref NodeId);
        io.String(ref Host);
        io.Int32(ref Port);
        io.Tags();
    }
}

internal struct Coordinator : IWire
{
    public string Key;
    public int NodeId;
    public string Host;
    public int Port;
    public short ErrorCode;
    public string? ErrorMessage;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.String(ref Key);
        io.Int32(ref NodeId);
        io.String(ref Host);
        io.Int32(ref Port);
        io.Int16(ref ErrorCode);
        io.NullableString(ref ErrorMessage);
        io.Tags();
    }
}
