using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TattleTail.Server.Configuration;

namespace TattleTail.Server.Hosting;

/// <summary>The two endpoints of a node, and the ports that they really got.</summary>
internal sealed class Listeners
{
    private readonly NodeConfig _config;
    private readonly IPEndPoint _kafkaWanted;
    private readonly IPEndPoint _httpWanted;
    private readonly bool _withKafka;
    private ListenOptions? _kafka;
    private ListenOptions? _http;

    /// <summary>Resolves the addresses. Throws <see cref="StartException"/>.</summary>
    public Listeners(NodeConfig config, bool withKafka = true)
    {
        _config = config;
        _withKafka = withKafka;
        _kafkaWanted = Resolve("kafka", config.Kafka);
        _httpWanted = Resolve("http", config.Http);
    }

    /// <summary>Where Kafka clients connect.</summary>
    public HostPort Kafka => new(_config.Kafka.Host, _kafka!.IPEndPoint!.Port);

    /// <summary>Where HTTP clients of this machine connect.</summary>
    public Uri Http
    {
        get
        {
            var bound = _http!.IPEndPoint!;
            var address = bound.Address.Equals(IPAddress.Any) ? IPAddress.Loopback : bound.Address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : bound.Address;
            return new Uri($"{(_config.TlsCertificate is not null ? "https" : "http")}://{new IPEndPoint(address, bound.Port)}/");
        }
    }

    /// <summary>Adds the endpoints to Kestrel.</summary>
    public void Add(KestrelServerOptions kestrel, Func<SslStreamCertificateContext> certificate, Func<ConnectionContext, Task> kafka)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = _config.HttpMaxBodyBytes;
        var limit = new ConnectionLimit(_config.MaxConnections, kestrel.ApplicationServices.GetRequiredService<ILogger<ConnectionLimit>>());
        if (_withKafka)
        {
            kestrel.Listen(_kafkaWanted, listen =>
            {
                _kafka = listen;
                listen.Use(next => connection => limit.ServeAsync(connection, next));
                Encrypt(listen, certificate);
                listen.Run(kafka);
            });
        }

        kestrel.Listen(_httpWanted, listen =>
        {
            _http = listen;
            listen.Use(next => connection => limit.ServeAsync(connection, next));
            Encrypt(listen, certificate);
            listen.Protocols = HttpProtocols.Http1;
        });
    }

    /// <summary>Why the endpoints could not be bound, in words for the user.</summary>
    public StartException Refused(Exception e)
    {
        var isKafka = e.Message.Contains(_kafkaWanted.ToString(), StringComparison.Ordinal) || (e is SocketException && !CanBind(_kafkaWanted));
        var (name, address) = isKafka ? ("Kafka", _config.Kafka) : ("HTTP", _config.Http);
        var flag = isKafka ? "--kafka" : "--http";
        return e.InnerException is AddressInUseException or SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse }
            ? new StartException(StartFault.PortInUse, $"the {name} port {address} is in use by another process: stop that, or choose another with {flag} {address with { Port = address.Port < 65_535 ? address.Port + 1 : 0 }}", e)
            : new StartException(StartFault.AddressUnusable, $"the {name} address {address} can't be bound ({e.Message}): choose an address of this machine with {flag}", e);
    }

    private void Encrypt(ListenOptions listen, Func<SslStreamCertificateContext> certificate)
    {
        if (_config.TlsCertificate is not null)
        {
            listen.UseHttps(new TlsHandshakeCallbackOptions
            {
                OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions { ServerCertificateContext = certificate() }),
            });
        }
    }

    /// <summary>Kestrel does not say which address it was; this one it was not when it can be bound, or was bound a moment ago.</summary>
    private static bool CanBind(IPEndPoint address)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(address);
            return true;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode == SocketError.AddressAlreadyInUse;
        }
    }

    private static IPEndPoint Resolve(string setting, HostPort address)
    {
        if (address.Host is "*" or "+")
        {
            return new IPEndPoint(Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any, address.Port);
        }

        if (address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            return new IPEndPoint(IPAddress.Loopback, address.Port);
        }

        try
        {
            return new IPEndPoint(IPAddress.TryParse(address.Host, out var ip) ? ip : Dns.GetHostAddresses(address.Host)[0], address.Port);
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            throw new StartException(StartFault.AddressUnusable, $"the {setting} host '{address.Host}' can't be resolved ({e.Message}): name an address of this machine with --{setting}", e);
        }
    }
}
