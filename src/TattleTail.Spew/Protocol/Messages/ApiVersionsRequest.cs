namespace TattleTail.Spew.Protocol.Messages;

internal struct ApiVersionsRequest : IWire
{
    public string? ClientSoftwareName;
    public string? ClientSoftwareVersion;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        if (io.Version >= 3)
        {
            io.String(ref ClientSoftwareName!);
            io.String(ref ClientSoftwareVersion!);
        }

        io.Tags();
    }
}
