using TattleTail.Server.Http.Problems;
using TattleTail.Server.Http.Publishing;

namespace TattleTail.Server.Tests.Http;

public sealed class BodyMemoryTests
{
    private readonly BodyMemory _memory = new(100);

    [Fact]
    public void Resize_ToTheLimitAndOneByteMore_IsTakenAndRefused()
    {
        using var first = _memory.Take();
        using var second = _memory.Take();
        first.Resize(60);
        second.Resize(40);

        var refused = Assert.Throws<ProblemException>(() => second.Resize(41));

        Assert.Equal((503, 1, 100L), (refused.Status, refused.RetryAfterSeconds, _memory.Held));
        Assert.Throws<ProblemException>(() => first.Resize(61));
        first.Resize(59);
        second.Resize(41);
        Assert.Equal(100, _memory.Held);
    }

    [Fact]
    public void Share_Disposed_GivesBackWhatItHeldAlsoAfterARefusal()
    {
        using var other = _memory.Take();
        other.Resize(30);
        using (var share = _memory.Take())
        {
            share.Resize(50);
            Assert.Throws<ProblemException>(() => share.Resize(71));
        }

        Assert.Equal(30, _memory.Held);
        other.Resize(100);
    }
}
