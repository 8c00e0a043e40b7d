namespace TattleTail.Server.Sample;

/// <summary>What publishing the sample came to.</summary>
/// <param name="Published">Events published now; 0 when the folder had them.</param>
/// <param name="Events">Events of the sample.</param>
/// <param name="Channels">To how many channels.</param>
/// <param name="SealedFiles">Live files of the sample's channels in the archive.</param>
/// <param name="SealedBytes">Their bytes.</param>
/// <param name="ReadBack">Events read back equal, byte for byte.</param>
/// <param name="Differences">What was not equal, in words; empty when all were.</param>
public sealed record SampleReport(int Published, int Events, int Channels, int SealedFiles, long SealedBytes, int ReadBack, IReadOnlyList<string> Differences);
