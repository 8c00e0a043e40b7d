namespace TattleTail.Server.Configuration;

/// <summary>A configuration being put together, layer over layer. A later layer's value replaces an earlier one; a fault stays a fault.</summary>
internal sealed class ConfigAssembly(IReadOnlyList<NodeSetting> settings)
{
    private readonly List<ConfigFault> _faults = [];
    private readonly Dictionary<string, string> _origins = [];
    private NodeConfig _config = new();

    public void Fault(string what, string where, string whatToDo) => _faults.Add(new ConfigFault(what, where, whatToDo));

    public void SetFromFile(string key, string value, string where)
    {
        if (settings.FirstOrDefault(s => s.Key == key) is { } setting)
        {
            Set(setting, value, where);
        }
        else
        {
            Fault($"there is no setting '{key}'", where, Suggest(key, settings.Select(s => s.Key)));
        }
    }

    public void SetVariable(string variable, string value)
    {
        if (settings.FirstOrDefault(s => s.Variable == variable) is { } setting)
        {
            Set(setting, value, variable);
        }
        else
        {
            Fault("there is no such setting", variable, Suggest(variable, settings.Select(s => s.Variable)));
        }
    }

    public void SetFlag(string key, string value)
    {
        var setting = settings.FirstOrDefault(s => s.Key == key);
        if (setting is null)
        {
            Fault($"there is no setting '{key}'", "flag", Suggest(key, settings.Select(s => s.Key)));
        }
        else if (setting.Flag is null)
        {
            Fault("a secret can't be given by flag, where every user of the machine could read it", $"flag {key}", $"set {setting.Variable}, or {key} in the file");
        }
        else
        {
            Set(setting, value, setting.Flag);
        }
    }

    public ConfigResult Finish(string? file)
    {
        if (_config.KafkaAdvertise is { } advertised && (advertised.IsWildcard || advertised.Port == 0))
        {
            Fault($"clients can't connect to {advertised}", _origins["kafkaAdvertise"], "name the host and port that Kafka clients reach this node by");
        }

        if (_config.MaxEventBytes > _config.HttpMaxBodyBytes)
        {
            Fault(
                $"an event of {_config.MaxEventBytes} bytes would not fit in a body of {_config.HttpMaxBodyBytes}",
                _origins.GetValueOrDefault("maxEventBytes", _origins.GetValueOrDefault("httpMaxBodyBytes", "default")),
                "raise httpMaxBodyBytes or lower maxEventBytes");
        }

        if (_config is { TlsKey: not null, TlsCertificate: null })
        {
            Fault("there is a key and no certificate to it", _origins["tlsKey"], "name the certificate with tlsCertificate");
        }

        if (_config.GroupMinSessionTimeout > _config.GroupMaxSessionTimeout)
        {
            Fault(
                "no session time-out of a consumer is both long and short enough",
                _origins.GetValueOrDefault("groupMinSessionTimeout", _origins.GetValueOrDefault("groupMaxSessionTimeout", "default")),
                "lower groupMinSessionTimeout or raise groupMaxSessionTimeout");
        }

        if (_config.Kafka.Port != 0 && _config.Kafka.Port == _config.Http.Port && (_config.Kafka.Host == _config.Http.Host || _config.Kafka.IsWildcard || _config.Http.IsWildcard))
        {
            Fault($"Kafka and HTTP can't share one port ({_config.Http})", _origins.GetValueOrDefault("http", _origins.GetValueOrDefault("kafka", "default")), "give one of them another port");
        }

        CheckExposure("kafka", _config.Kafka);
        CheckExposure("http", _config.Http);
        return new ConfigResult(_faults.Count == 0 ? _config with { Origins = _origins } : null, _faults, file);
    }

    private void CheckExposure(string key, HostPort address)
    {
        if (address.IsLoopback || _config.Insecure)
        {
            return;
        }

        if (_config.Users is null)
        {
            Fault(
                $"{address} can be reached from other machines, and nobody is asked who they are",
                _origins.GetValueOrDefault(key, "default"),
                "bind 127.0.0.1, name the users who may log in (users), or accept that everybody who reaches it may read and write everything: --insecure (TATTLETAIL_INSECURE=true)");
        }
        else if (key == "http" && _config.TlsCertificate is null)
        {
            Fault(
                $"{address} can be reached from other machines, and passwords would go there for everybody to read",
                _origins.GetValueOrDefault(key, "default"),
                "bind 127.0.0.1, name a certificate (tlsCertificate), or accept it: --insecure (TATTLETAIL_INSECURE=true)");
        }
    }

    private void Set(NodeSetting setting, string value, string where)
    {
        var changed = setting.Apply(_config, value, out var fault);
        if (changed is null)
        {
            Fault(setting.IsSecret ? $"{setting.Key} is not valid" : $"{setting.Key} can't be '{value}'", where, fault!);
            return;
        }

        _config = changed;
        _origins[setting.Key] = where;
    }

    private static string Suggest(string given, IEnumerable<string> known)
    {
        var (nearest, distance) = known.Select(k => (k, Distance(given, k))).MinBy(p => p.Item2);
        return distance <= Math.Max(2, given.Length / 3) ? $"did you mean {nearest}?" : "remove it; docs/configuration.md lists the settings";
    }

    /// <summary>Levenshtein's distance, blind to case.</summary>
    private static int Distance(string a, string b)
    {
        if (a.Length > 100)
        {
            return int.MaxValue;
        }

        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1;
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + cost));
            }
        }

        return row[b.Length];
    }
}
