using System.Net.Sockets;
using TattleTail.Fuzz.Making;
using TattleTail.Spew.Tests;

namespace TattleTail.Fuzz.Targets;

/// <summary>One connection of a client that is broken or wishes ill. What it sends is the seed's; how far it gets depends on the node.</summary>
internal static class HostileClient
{
    private const int MostRequests = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    /// <summary>Sends, and leaves: at once, or after the answers of a moment. Returns when the connection is closed.</summary>
    public static async Task RunAsync(int port, Random random)
    {
        byte[] bytes = Bytes(random);
        bool waits = random.Next(3) != 0;
        using KafkaSocket socket = await KafkaSocket.ConnectAsync(port);
        try
        {
            foreach (byte[] piece in Pieces(random, bytes))
            {
                await socket.SendAsync(piece);
            }

            if (waits)
            {
                socket.EndSending();
                await TakeAnswersAsync(socket).WaitAsync(Patience);
            }
        }
        catch (Exception refused) when (refused is IOException or SocketException or TimeoutException)
        {
            // The node closed the connection, as it should, or still waits with a request of this client, as it may.
        }
    }

    private static async Task TakeAnswersAsync(KafkaSocket socket)
    {
        try
        {
            while (await socket.ReceiveAsync() is not null)
            {
            }
        }
        catch (ObjectDisposedException)
        {
            // It left in the meantime.
        }
    }

    private static byte[] Bytes(Random random)
    {
        var bytes = new List<byte>();
        for (int left = random.Next(1, MostRequests); left > 0; left--)
        {
            bytes.AddRange(random.Next(12) switch
            {
                0 => Words.Bytes(random),
                1 => "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8,
                < 7 => Frame.Make(random).ToBytes(),
                _ => Frame.Make(random).Damage(random),
            });
        }

        return [.. bytes.Take(random.Next(4) == 0 ? random.Next(bytes.Count + 1) : bytes.Count)];
    }

    private static IEnumerable<byte[]> Pieces(Random random, byte[] bytes)
    {
        int most = random.Next(4) == 0 ? 16 : 64 << 10;
        for (int at = 0; at < bytes.Length;)
        {
            int size = Math.Min(random.Next(1, most), bytes.Length - at);
            yield return bytes[at..(at + size)];
            at += size;
        }
    }
}
