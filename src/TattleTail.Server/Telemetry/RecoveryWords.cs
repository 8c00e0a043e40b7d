using System.Globalization;
using TattleTail.Journal;

namespace TattleTail.Server.Telemetry;

/// <summary>What recovery of the journal found, in a sentence.</summary>
internal static class RecoveryWords
{
    public static string Of(RecoveryReport report)
    {
        if (report.IsNew)
        {
            return "it is new";
        }

        var words = string.Create(CultureInfo.InvariantCulture, $"scanned {report.BytesScanned} bytes of {report.SegmentsScanned} segments in {report.Elapsed.TotalSeconds:F2} s");
        words += report.BytesCut > 0 ? string.Create(CultureInfo.InvariantCulture, $"; cut {report.BytesCut} bytes that were never acknowledged") : "";
        words += report.BytesRescued > 0 ? string.Create(CultureInfo.InvariantCulture, $"; wrote {report.BytesRescued} bytes anew that were not known to be synced") : "";
        return report.Corruptions.Count > 0 ? string.Create(CultureInfo.InvariantCulture, $"{words}; found {report.Corruptions.Count} damaged places") : words;
    }
}
