namespace TattleTail.Spew.Handlers;

/// <summary>Answers one request.</summary>
internal delegate ValueTask Handler(Exchange exchange);

/// <summary>An api of the protocol that Spew serves.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Name">Its name.</param>
/// <param name="First">First version advertised.</param>
/// <param name="Last">Last version advertised and served.</param>
/// <param name="FlexibleFrom">First version with compact lengths and tagged fields.</param>
/// <param name="Handler">What answers it.</param>
internal sealed record Api(short Key, string Name, short First, short Last, short FlexibleFrom, Handler Handler)
{
    /// <summary>First version served, when it is above the first advertised.</summary>
    public short ServedFrom { get; init; } = First;

    /// <summary>Requests one behind the other are taken, in their order, before the earlier ones are answered.</summary>
    public bool IsPipelined { get; init; }

    public bool Serves(short version) => version >= ServedFrom && version <= Last;

    public bool IsFlexible(short version) => version >= FlexibleFrom;

    /// <summary>The response header has a tag section. Never for ApiVersions, whose client does not know yet what the node speaks.</summary>
    public bool HasTaggedResponseHeader(short version) => IsFlexible(version) && Key != ApiTable.ApiVersionsKey;
}
