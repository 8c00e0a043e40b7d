using System.Buffers.Binary;
using TattleTail.Spew.Handlers;

namespace TattleTail.Fuzz.Making;

/// <summary>A sound request as it goes over the wire, its length first.</summary>
/// <param name="Kind">Which api.</param>
/// <param name="Version">Which version.</param>
/// <param name="Marked">The bytes.</param>
/// <param name="BodyAt">Where the body begins.</param>
/// <param name="HasTags">It may have tagged fields, which no product writes.</param>
internal sealed record Frame(RequestKind Kind, short Version, MarkedBytes Marked, int BodyAt, bool HasTags)
{
    public static Frame Make(Random random)
    {
        RequestKind kind = RequestKind.All[random.Next(RequestKind.All.Count)];
        Api api = kind.Api;
        short version = (short)random.Next(api.ServedFrom, api.Last + 1);
        bool flexible = api.IsFlexible(version);
        bool tags = random.Next(3) == 0;
        var marked = new MarkedBytes();
        marked.AddLength(0, LengthKind.Int32);
        marked.AddInt16(api.Key);
        marked.AddInt16(version);
        marked.AddInt32(random.Next());
        string? clientId = null;
        new RequestMaker(random, marked, version, flexible: false, tags: false).NullableString(ref clientId);
        new RequestMaker(random, marked, version, flexible, tags).Tags();
        int bodyAt = marked.Count;
        kind.Make(new RequestMaker(random, marked, version, flexible, tags));
        return new Frame(kind, version, marked, bodyAt, tags && flexible);
    }

    /// <summary>Its bytes, undamaged.</summary>
    public byte[] ToBytes() => WithLength(Marked.ToArray());

    /// <summary>Its bytes after damage. Mostly the frame's length is made to fit again, so that the damage is looked at.</summary>
    public byte[] Damage(Random random)
    {
        byte[] bytes = Mutation.Apply(random, WithLength(Marked.ToArray()), Marked, static other => Make(other).ToBytes());
        return random.Next(4) == 0 ? bytes : WithLength(bytes);
    }

    private static byte[] WithLength(byte[] bytes)
    {
        if (bytes.Length >= 4)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes, bytes.Length - 4);
        }

        return bytes;
    }
}
