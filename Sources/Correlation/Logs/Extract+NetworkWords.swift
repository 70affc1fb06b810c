/// The words in front of hosts and ports, as runtimes, drivers and servers write them.
extension Extract {
    /// In front of a host that was to be connected, the most telling first.
    static let hostLeads = [
        "waiting for ", "dial tcp ", "dial tcp4 ", "dial tcp6 ", "dial udp ", "econnrefused ", "etimedout ", "ehostunreach ",
        "enetunreach ", "econnreset ",
        "connection refused (", "timed out (", "(host='", "host='", "host=\"", "connecting to redis on ", "redis at ",
        "error connecting to ", "connecting to ",
        "can't connect to mysql server on ", "can't connect to server on ", "mysql server host ", "connection to server at ",
        "connect to server at ",
        "is the server running on host ", "server on host ", "tcp connection to ", "connect(2) for ", "cannot connect to host ",
        "connect to host ",
        "failed to connect to ", "unable to connect to ", "could not connect to ", "connect to ", "connection to ",
        "connection refused: ",
        "no further information: ", "remote host (", "nc: connect to ", "ipv4:", "ipv4#", "ipv6:", "unabletoconnect on ",
        "failed to resolve ", "for host ",
        "bootstrap broker ", "broker ", "for server ", "to server: ", "on server ", "server at ", "peer ", "to host ", "node -1 (",
        "connect: ",
        "hostname=", "host=", "addr=",
        "address=", "server=", "endpoint=", "upstream=", "connection timed out: ", "connect timed out: ",
    ]

    /// In front of a name that could not be resolved.
    static let nameLeads = [
        "lookup ", "getaddrinfo enotfound ", "getaddrinfo eai_again ", "enotfound ", "eai_again ", "unknownhostexception: ",
        "could not resolve host: ",
        "could not resolve host ", "couldn't resolve host ", "could not translate host name ", "host not found in upstream ",
        "bad address ", "unable to resolve host ",
        "failed to resolve ", "getaddrinfo for ", "getaddrinfo(", "can't resolve ", "cannot resolve host ", "server can't find ",
        "unknown mysql server host ", "unknown host ", "unknown host: ",
        "couldn't resolve server ", "dns resolution failed for ", "could not resolve hostname ", "name resolution for ",
        "resolve hostname ", "resolving ", "host=", "hostname=",
        "host not found: ", "tcp connection to ", "connecting to ", "no such host is known. (", "name or service not known (", "http://",
        "https://", "cannot connect to host ", "host='",
    ]

    static let bindLeads = [
        "listen tcp ", "listen tcp4 ", "listen tcp6 ", "listen udp ", "bind() to ", "address already in use ", "address already in use: ",
        "eacces: permission denied ",
        "listen eacces", "attempting to bind on address ", "bind to address ", "failed to bind to ", "bind to ", "listening socket ",
        "bind(2) for ", "listening port ",
        "could not bind ", "cannot bind ", "listening on port ", "server failed to start. ", "binding to ", "bind ",
    ]

    /// Words that stand where a host could and are none.
    static let notHosts: Set<String> = [
        "server", "the", "a", "an", "host", "remote", "upstream", "on", "to", "for", "by", "in", "from", "is", "attempt", "retry", "code",
        "status", "errno", "error", "took", "pid", "id", "count",
        "line", "exit", "level", "size", "time", "ms", "version", "http", "https", "port", "name", "peer", "any", "all", "tcp", "udp",
        "sha256", "failed", "no", "address", "it", "ipv4", "ipv6", "local",
        "unable", "not", "of", "at", "as", "with", "timeout", "limit", "max", "min", "total", "length", "offset", "partition", "thread",
        "worker", "process", "null", "none", "nil", "true", "false", "user", "database", "dbname",
    ]

    /// Names of programs, and roles, that are hosts only where a port follows or the place leaves no doubt.
    static let programNames: Set<String> = [
        "redis", "mysql", "postgres", "postgresql", "kafka", "mongo", "mongodb", "rabbitmq", "sql", "elasticsearch", "database", "db",
        "backend", "broker", "brokers", "node", "service", "cache", "queue",
    ]

    /// Ends of source and settings files: `main.go:80` is no host.
    static let sourceSuffixes: Set<String> = [
        "go", "js", "ts", "mjs", "cjs", "jsx", "tsx", "py", "rb", "java", "kt", "scala", "rs", "php", "c", "cc", "cpp", "h", "hpp", "cs",
        "ex", "exs", "erl", "sh", "pl", "lua", "swift",
        "yaml", "yml", "json", "conf", "ini", "toml", "xml", "properties", "html", "cfg", "log", "sql",
    ]

    static let defaultPorts: [String: Int] = [
        "http": 80, "https": 443, "ws": 80, "wss": 443, "redis": 6379, "rediss": 6379, "amqp": 5672, "amqps": 5671, "postgres": 5432,
        "postgresql": 5432, "mysql": 3306,
        "mariadb": 3306, "mongodb": 27017, "nats": 4222, "kafka": 9092, "ldap": 389, "ldaps": 636, "sqlserver": 1433, "mqtt": 1883,
        "memcached": 11211, "clickhouse": 9000, "ftp": 21,
        "sftp": 22, "ssh": 22,
    ]
}
