namespace TattleTail.Spew.Protocol.Messages;

internal struct HeartbeatRequest : IWire
{
    public string GroupId;
    public int GenerationId;
    public string MemberId;
    public string? GroupInstanceId;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.String(ref GroupId);
        io.Int32(ref GenerationId);
        io.String(ref MemberId);
        if (io.Version >= 3)
        {
            io.NullableString(ref GroupInstanceId);
        }

        io.Tags();
    }
}
