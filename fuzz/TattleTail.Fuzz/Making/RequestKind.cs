using System.Reflection;
using TattleTail.Spew.Handlers;
using TattleTail.Spew.Protocol;
using TattleTail.Spew.Protocol.Messages;
using TattleTail.Spew.Tests.Protocol;

namespace TattleTail.Fuzz.Making;

/// <summary>A row of the product's api table with its request's type, so that a new row is fuzzed without a word here.</summary>
/// <param name="Api">The row.</param>
/// <param name="Make">Makes a body up.</param>
/// <param name="Read">Reads the body as the row's handler does.</param>
/// <param name="Rewrite">Reads a body and writes what was read; the whole of the bytes must be used.</param>
internal sealed record RequestKind(Api Api, Action<RequestMaker> Make, Action<Exchange> Read, Func<byte[], short, bool, byte[]> Rewrite)
{
    public static readonly IReadOnlyList<RequestKind> All = [.. ApiTable.Apis.Select(Of)];

    private static readonly Dictionary<short, RequestKind> ByKey = All.ToDictionary(kind => kind.Api.Key);

    public static RequestKind Find(Api api) => ByKey[api.Key];

    private static RequestKind Of(Api api)
    {
        string name = $"{typeof(ProduceRequest).Namespace}.{api.Name}Request";
        Type request = typeof(ProduceRequest).Assembly.GetType(name) ?? throw new InvalidOperationException($"{api.Name} has no request {name}");
        MethodInfo typed = typeof(RequestKind).GetMethod(nameof(OfType), BindingFlags.NonPublic | BindingFlags.Static)!;
        return (RequestKind)typed.MakeGenericMethod(request).Invoke(null, [api])!;
    }

    private static RequestKind OfType<TRequest>(Api api)
        where TRequest : struct, IWire => new(
            api,
            static maker => default(TRequest).Transfer(ref maker),
            static exchange => exchange.Read<TRequest>(),
            static (body, version, flexible) => WireCase.Encode(WireCase.Decode<TRequest>(body, version, flexible), version, flexible));
}
