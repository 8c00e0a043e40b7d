using System.Reflection;
using TattleTail.Spew.Protocol;

namespace TattleTail.EndToEnd.Comparison;

/// <summary>Writes an answer of the protocol down, field by field.</summary>
internal static class AnswerLines
{
    // Brokers say these in their own words, or as it suits them.
    private static readonly HashSet<string> Skipped = ["ThrottleTimeMs", "ErrorMessage", "BatchIndexErrorMessage", "Documentation"];

    // What an element of an array is known by; without any of these it is known by its number.
    private static readonly string[] Names = ["Name", "Topic", "GroupId", "Key", "ApiKey", "ResourceName", "PartitionIndex", "Partition", "Index", "MemberId"];

    // Leader epochs are written as names, so one that the version does not have must not be taken for 0.
    private static readonly Dictionary<string, short> EpochsFrom = new(StringComparer.Ordinal)
    {
        ["MetadataResponsePartition.LeaderEpoch"] = 7,
        ["ListOffsetsPartitionResponse.LeaderEpoch"] = 4,
        ["OffsetFetchPartitionResponse.CommittedLeaderEpoch"] = 5,
    };

    public static void Write(Transcript transcript, string step, short version, object answer) => WriteFields(transcript, step, version, "", answer);

    private static void WriteFields(Transcript transcript, string step, short version, string path, object message)
    {
        foreach (FieldInfo field in message.GetType().GetFields(BindingFlags.Public | BindingFlags.Instance).Where(field => IsShown(field, version)))
        {
            string place = path + field.Name;
            object? value = field.GetValue(message);
            if (value is Array elements && typeof(IWire).IsAssignableFrom(elements.GetType().GetElementType()))
            {
                WriteElements(transcript, step, version, place, elements);
            }
            else if (value is BatchRun run)
            {
                BatchLines.Write(transcript, step, place, run);
            }
            else
            {
                transcript.AddField(step, place, field.Name, value);
            }
        }
    }

    private static bool IsShown(FieldInfo field, short version) =>
        !Skipped.Contains(field.Name) && version >= EpochsFrom.GetValueOrDefault($"{field.DeclaringType!.Name}.{field.Name}");

    private static void WriteElements(Transcript transcript, string step, short version, string place, Array elements)
    {
        transcript.Add(step, $"{place}.Length", $"{elements.Length}");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < elements.Length; i++)
        {
            object element = elements.GetValue(i)!;
            string name = NameOf(transcript, element) ?? $"{i}";
            WriteFields(transcript, step, version, seen.Add(name) ? $"{place}[{name}]." : $"{place}[{name} again, {i}].", element);
        }
    }

    private static string? NameOf(Transcript transcript, object element)
    {
        FieldInfo? field = Names.Select(name => element.GetType().GetField(name)).FirstOrDefault(named => named?.GetValue(element) is not null);
        string? name = field?.GetValue(element)!.ToString();
        return field?.Name == "MemberId" ? transcript.NameOf("member", name!) : name;
    }
}
