using Microsoft.Extensions.Logging;

namespace TattleTail.Server.Security;

internal static partial class NodeSecurityEvents
{
    [LoggerMessage(6401, LogLevel.Information, "Read the certificate {Path} again: valid until {Until}")]
    public static partial void CertificateRead(ILogger logger, string path, DateTime until);

    [LoggerMessage(6402, LogLevel.Error, "Could not read the certificate {Path}, that of before stays: {Reason}")]
    public static partial void CertificateNotRead(ILogger logger, string path, string reason);
}
