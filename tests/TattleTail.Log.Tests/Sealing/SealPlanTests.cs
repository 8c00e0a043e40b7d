using TattleTail.Log.Sealing;

namespace TattleTail.Log.Tests.Sealing;

public sealed class SealPlanTests
{
    private const long SealBytes = 128 * 1024 * 1024;

    [Fact]
    public void Learn_FromAFileOfOneEvent_HardlyMovesTheEstimate()
    {
        var ratio = SealPlan.Learn(SealPlan.FirstRatio, journalBytes: 200, fileBytes: 6_000, SealBytes);

        Assert.InRange(ratio, SealPlan.FirstRatio, SealPlan.FirstRatio + 0.001);
    }

    [Fact]
    public void Learn_FromAFullFile_IsWhatWasSeen() =>
        Assert.Equal(0.25, SealPlan.Learn(SealPlan.FirstRatio, 4 * SealBytes, SealBytes, SealBytes), precision: 12);

    [Fact]
    public void Learn_FromACommitOfNothing_ChangesNothing() => Assert.Equal(0.7, SealPlan.Learn(0.7, 0, 10_000, SealBytes));

    [Theory]
    [InlineData(1, 0.01)]
    [InlineData(100 * SealBytes, 2.0)]
    public void Learn_OfAnOddCommit_StaysWithinBounds(long fileBytes, double most) =>
        Assert.InRange(SealPlan.Learn(SealPlan.FirstRatio, 10 * SealBytes, fileBytes, SealBytes), 0.01, Math.Max(SealPlan.FirstRatio, most));
}
