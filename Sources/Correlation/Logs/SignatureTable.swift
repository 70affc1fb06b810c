/// What real runtimes, drivers and servers print when something fails, read top to bottom: the first row that fits a message wins.
///
/// Rows stand from the particular to the general. Literals are in lower case; `^` is the start of a message, `$` its end.
/// Sources: Go net/os/syscall and client-go, OpenJDK and the common JDBC, Kafka and Spring messages, Node.js system errors, CPython and its
/// common drivers, .NET and its drivers, Ruby, PHP, Rust std, glibc and musl `strerror` and loader words, shells, curl, nginx, HAProxy,
/// Envoy, PostgreSQL, MySQL, Redis, MongoDB, Kafka, RabbitMQ, Oracle, SQL Server, Elasticsearch, etcd, the Kubernetes API.
enum SignatureTable {
    static let rows: [SignatureRow] = api + answers + startUp + datastores + naming + network + files + limits + configuration + crashes + waiting

    // MARK: Kubernetes and cloud APIs

    private static let api: [SignatureRow] = [
        .init(.leaderElectionLost, ["leader election lost", "leaderelection lost", "failed to renew lease", "lost leader lease", "lost leadership"]),
        .init(.apiForbidden, ["is forbidden: user \"", "forbidden: user \\\""], Extract.forbidden),
        .init(.apiForbidden, ["is forbidden: "], with: [["cannot get", "cannot list", "cannot watch", "cannot create", "cannot update", "cannot patch", "cannot delete"]], Extract.forbidden),
        .init(.apiForbidden, ["forbidden!configured service account doesn't have access", "service account may have been revoked"], Extract.url),
        .init(
            .apiUnauthorized,
            ["the server has asked for the client to provide credentials", "service account token has expired", "token has been invalidated", "invalid bearer token"],
            Extract.url),
        .init(.apiUnauthorized, ["unauthorized"], with: [["kubernetes", "reflector.go", "failed to list *", "failed to watch *", "kube-api"]], Extract.url),
        .init(
            .apiResourceMissing,
            ["no matches for kind", "the server could not find the requested resource", "could not find the requested resource, are crds installed"],
            Extract.kind),
        .init(.serviceNotFound, ["no object matching key \""], with: [["service"]], Extract.quoted(after: "object matching key ")),
        .init(.serviceNotFound, ["error obtaining endpoints for service \"", "error getting service \"", "service not found: "], Extract.quoted(after: "service ")),
        .init(
            .noHealthyUpstream,
            ["no live upstreams", "no healthy upstream", "does not have any active endpoint", "has no server available", "no server is available to handle"],
            Extract.upstream, Extract.quoted(after: "service "), Extract.hosts),
        .init(.cloudAccessDenied, ["webidentityerr", "assumerolewithwebidentity", "could not find default credentials", "nocredentialproviders", "unable to locate credentials"], Extract.hosts),
        .init(
            .cloudAccessDenied,
            ["is not authorized to perform:", "expiredtoken", "invalidaccesskeyid", "signaturedoesnotmatch", "authorizationfailed", "accessdenied: access denied", "(accessdenied)"],
            Extract.quoted(after: "perform: "), Extract.url),
    ]

    // MARK: Error statuses of HTTP and gRPC dependencies, whose bodies may quote anything

    private static let answers: [SignatureRow] = [
        .init(
            .httpStatus,
            [
                "status code 50", "status code: 50", "status code 404", "status code: 404", "statuscode=50", "statuscode=404", "statuscode: 50", "statuscode: 404", "status=50",
                "status: 50", "status 50", "status: 404", "status 404", "http 50", "http status 50", "http response code: 50", "http response code: 404",
                "returned 50", "returned 404", "responded with 50", "responded with status 50", "returned status 50", "502 bad gateway", "503 service unavailable", "504 gateway time",
                "500 internal server error", "404 not found", "404 page not found", "404 client error", "500 server error", "502 server error", "503 server error", "504 server error",
                "bad gateway for url", "service unavailable for url", "received 50", "got 50", "status_code=50",
            ],
            unless: ["ready to accept", "listening on"], needs: .host, Extract.url, Extract.hosts, Extract.status),
    ]

    // MARK: Programs that cannot be started

    private static let startUp: [SignatureRow] = [
        .init(.execFormat, ["exec format error", "bad cpu type in executable", "cannot execute binary file", "is not a valid win32 application"], Extract.path, Extract.command),
        .init(.libraryMissing, ["error while loading shared libraries: "], Extract.token(after: "shared libraries: ")),
        .init(.libraryMissing, ["error loading shared library "], Extract.token(after: "shared library ")),
        .init(.libraryMissing, ["cannot open shared object file"], Extract.sharedObject),
        .init(.libraryMissing, ["version `glibc", "version `cxxabi", "symbol not found", "undefined symbol: ", "error relocating "], Extract.quoted(after: "version "), Extract.token(after: "symbol: ")),
        .init(.libraryMissing, ["no module named "], Extract.quoted(after: "no module named "), Extract.token(after: "no module named ")),
        .init(.libraryMissing, ["importerror: "], Extract.quoted(after: "cannot import name "), Extract.token(after: "importerror: ")),
        .init(.libraryMissing, ["cannot find module ", "cannot find package ", "err_module_not_found"], Extract.quoted(after: "module "), Extract.quoted(after: "package ")),
        .init(.libraryMissing, ["cannot load such file -- "], Extract.token(after: "such file -- ")),
        .init(.libraryMissing, ["could not find gem", "gem::loaderror", "bundler::gemnotfound"], Extract.quoted(after: "gem "), Extract.token(after: "could not find ")),
        .init(.libraryMissing, ["classnotfoundexception: ", "noclassdeffounderror: "], Extract.token(after: "exception: "), Extract.token(after: "founderror: ")),
        .init(.libraryMissing, ["could not find or load main class "], Extract.token(after: "main class ")),
        .init(.libraryMissing, ["unsatisfiedlinkerror"], Extract.token(after: "linkerror: ")),
        .init(.libraryMissing, ["could not load file or assembly ", "unable to load shared library ", "the framework 'microsoft."], Extract.quoted(after: "assembly "), Extract.quoted(after: "library "), Extract.quoted(after: "framework ")),
        .init(.libraryMissing, ["unsupportedclassversionerror"], Extract.token(after: "versionerror: ")),
        .init(.libraryMissing, ["plugin.open(", "failed to open stream: no such file or directory"], with: [["plugin.open", "vendor/autoload"]], Extract.path),
        .init(.libraryMissing, ["^php fatal error:", "fatal error: "], with: [["class \"", "class '", "undefined function"]], Extract.quoted(after: "class "), Extract.token(after: "undefined function ")),
        .init(.commandNotFound, [": command not found", "executable file not found in $path", ": applet not found"], Extract.command),
        .init(.commandNotFound, [": not found$"], with: [["sh: ", "bash: ", "ash: ", ": line ", ".sh: "]], Extract.command),
        .init(.commandNotFound, ["exec: "], with: [["no such file or directory", ": not found"]], Extract.command, Extract.path),
        .init(
            .unknownFlag,
            [
                "flag provided but not defined: ", "unknown flag: ", "unknown shorthand flag: ", "unrecognized arguments: ", "unrecognized option", "unknown option", "unrecognised option",
                "unexpected argument '", "unrecognized vm option", "invalid option -- ", "illegal option -- ", "is not recognized as an option", "no such option: ", "bad option: ",
                "unknown argument", "unknown command \"", "error: unknown parameter", "unrecognized command-line option", "found argument '",
            ],
            unless: ["unknown argument type"], Extract.flag),
    ]

    // MARK: What datastores and brokers answer

    private static let datastores: [SignatureRow] = [
        .init(
            .databasePermissionDenied,
            [
                "permission denied for table", "permission denied for relation", "permission denied for schema", "permission denied for database", "permission denied for sequence",
                "permission denied for view", "permission denied for function", "must be owner of", "command denied to user", "ora-01031", "topicauthorizationexception",
                "groupauthorizationexception", "not authorized to access topic", "topic_authorization_failed", "noperm ", "not authorized on ", "permission was denied on the object",
            ],
            Extract.user, Extract.token(after: "permission denied for "), Extract.hosts),
        .init(.databaseMissing, ["unknown database "], Extract.quoted(after: "unknown database "), Extract.hosts),
        .init(.databaseMissing, ["database \"", "relation \"", "schema \"", "table \"", "column \"", "database '", "type \"", "extension \""], with: [["does not exist", "is not available"]], Extract.databaseObject, Extract.hosts),
        .init(.databaseMissing, ["no such table: ", "no such column: "], Extract.token(after: "no such table: "), Extract.token(after: "no such column: ")),
        .init(.databaseMissing, ["er_no_such_table", "er_bad_db_error", "base table or view not found", "invalid object name ", "cannot open database \"", "unknown column "], Extract.databaseObject, Extract.hosts),
        .init(.databaseMissing, ["table '"], with: [["doesn't exist"]], Extract.quoted(after: "table "), Extract.hosts),
        .init(.databaseMissing, ["ora-00942", "ora-12514", "ora-12505"], Extract.quoted(after: "table or view "), Extract.hosts),
        .init(
            .databaseMissing,
            ["unknown topic or partition", "unknowntopicorpartition", "unknown_topic_or_part", "this server does not host this topic-partition", "index_not_found_exception", "ns not found", "nosuchbucket", "no queue '", "no exchange '", "stream not found"],
            unless: ["retrying, may be transient"], Extract.topic, Extract.hosts),
        .init(.databaseMissing, ["topic "], with: [["not present in metadata after"]], Extract.token(after: "topic ")),
        .init(.schemaMigrationFailed, ["migration failed", "migrations failed", "failed to apply migration", "dirty database version", "validate failed: migrations have failed", "flywayexception", "liquibaseexception", "migrationfailedexception", "pending migrations", "error applying migration"], Extract.token(after: "version ")),
        .init(
            .credentialsRejected,
            [
                "password authentication failed for user", "login failed for user '", "login failed for user \"", "no pg_hba.conf entry for host", "pam authentication failed for user",
                "password must be scram", "client password must be a string", "fe_sendauth: no password supplied", "no password was provided",
                "wrongpass", "noauth authentication required", "noauth ", "err invalid password", "err auth <password> called without", "invalid username-password pair",
                "sasl authentication failed", "saslauthenticationexception", "sasl: scram-sha", "authentication failed: invalid username or password", "topology_mechanism_error",
                "mongoservererror: authentication failed", "mongosecurityexception", "(authenticationfailed) ", "requires authentication", "command find requires authentication",
                "access_refused", "username or password not allowed", "login was refused", "ora-01017", "ora-28000", "ora-28001", "error 1045", "(1045,", "er_access_denied_error",
                "authorization violation", "authentication_exception", "unable to authenticate user", "security_exception", "ldap: error code 49",
                "not authorized: invalid", "connection refused, not authorised", "connection refused: not authorized",
                "bad user name or password", "permission denied (publickey", "invalid_client", "invalid_grant",
            ],
            unless: ["end user", "login attempt"], Extract.user, Extract.hosts),
        .init(.credentialsRejected, ["access denied for user"], with: [["using password", "'@'", "to database", "(28000)"]], Extract.user, Extract.hosts),
        .init(
            .credentialsRejected,
            ["401 unauthorized", "401 client error", "status code 401", "status code: 401", "http response code: 401", "invalid api key", "invalid credentials", "incorrect username or password", "bad username or password", "authentication failed", "authentication failure", "password has expired", "403 client error", "status code 403"],
            unless: ["end user", "login attempt", "for customer", "from client"], needs: .host, Extract.user, Extract.url, Extract.hosts),
        .init(.credentialsRejected, ["role \""], with: [["does not exist"]], Extract.quoted(after: "role "), Extract.roleUser, Extract.hosts),
        .init(
            .databaseReadOnly,
            [
                "in a read-only transaction", "readonly you can't write against a read only replica", "read only replica", "running with the --read-only option",
                "running with the --super-read-only option", "not writable primary", "notwritableprimary", "notprimaryerror", "not master and slaveok", "ora-16000", "because the database is read-only",
                "attempt to write a readonly database", "database is in read-only mode", "read_only_allow_delete", "read-only / allow delete", "read-only-allow-delete", "database space exceeded",
                "is read only replica", "hot standby mode is disabled", "option to run in read-only mode",
            ],
            Extract.hosts),
        .init(.diskFull, ["misconf redis is configured to save rdb snapshots", "flood stage disk watermark", "disk usage exceeded flood-stage"], Extract.hosts, Extract.path),
        .init(.heapExhausted, ["oom command not allowed when used memory"], Extract.hosts),
        .init(
            .poolExhausted,
            [
                "too many clients already", "remaining connection slots are reserved", "too many connections", "er_con_count_error", "max number of clients reached", "ora-00020", "ora-12516",
                "ora-12519", "ora-02391", "connection is not available, request timed out", "connection pool exhausted", "connection pool timeout", "pool exhausted", "timeout waiting for idle object",
                "queuepool limit of size", "prior to obtaining a connection from the pool", "could not obtain a connection from the pool", "timed out fetching a new connection from the connection pool",
                "could not acquire connection", "no available connections", "resourcerequest timed out", "pool is full", "timeouterror: resourcerequest", "timeout acquiring a connection",
                "could not obtain connection from pool", "worker_connections are not enough", "deadlock detected", "lock wait timeout exceeded", "threadpool is exhausted", "no connection available",
                "pool timed out while waiting for an open connection", "unable to acquire jdbc connection", "user limit reached: ", "rejectedexecutionexception", "remaining connection slots",
            ],
            unless: ["pool stats", "active=0"], Extract.hosts),
        .init(
            .dependencyStarting,
            [
                "the database system is starting up", "the database system is in recovery mode", "the database system is shutting down", "loading redis is loading the dataset", "loading the dataset in memory",
                "masterdown link with master is down", "clusterdown ", "master_not_discovered_exception", "cluster_block_exception", "there is no leader", "no leader elected", "leader_not_available", "leader not available",
                "coordinator_not_available", "coordinator not available", "notleaderforpartition", "not_leader_or_follower",
            ],
            unless: ["hasn't got"], Extract.hosts),
        .init(.rateLimited, ["429 too many requests", "status code 429", "toomanyrequests", "rate limit exceeded", "rate limited by", "resource_exhausted", "throttlingexception"], needs: .host, Extract.url, Extract.hosts),
    ]

    // MARK: Names

    private static let naming: [SignatureRow] = [
        .init(.nameServerFailure, ["lookup "], with: [["i/o timeout", "server misbehaving", "connection refused", "temporary failure", "try again", "no answer from dns"]], Extract.names),
        .init(.nameServerFailure, ["temporary failure in name resolution", "eai_again", "name resolution timed out", "resolving timed out after", "dns query timed out", "servfail", "resolver error"], Extract.names, Extract.hosts),
        .init(.nameServerFailure, ["i/o timeout"], with: [[":53: i/o timeout", ":53->", "read udp"]], Extract.names),
        .init(.nameServerFailure, ["could not be resolved (110: operation timed out)", "could not be resolved (2: server failure)"], Extract.names),
        .init(
            .nameNotFound,
            [
                "no such host", "unknownhostexception", "getaddrinfo enotfound", "enotfound ", "name or service not known", "name does not resolve", "nodename nor servname", "could not resolve host",
                "could not translate host name", "no address associated with hostname", "host not found in upstream", "could not be resolved (3: host not found)", "bad address '", "unable to resolve host",
                "failed to resolve '", "nameresolutionerror", "unknown host", "unknown mysql server host", "failed to lookup address information", "no such device or address", "host not found",
                "getaddrinfo failed", "php_network_getaddresses", "unresolvedaddressexception", "dns resolution failed for", "nxdomain", "non-existent domain", "server can't find ", "invalid hostname",
                "cannot resolve host", "can't resolve '", "ora-12154", "ora-12545", "no resolvable bootstrap urls", "gaierror", "name resolution failed", "could not resolve hostname",
                "the remote name could not be resolved", "couldn't resolve host", "couldn't resolve server",
            ],
            unless: ["request_host="], Extract.names, Extract.hosts),
    ]

    // MARK: Connections

    private static let network: [SignatureRow] = [
        .init(
            .certificateInvalid,
            [
                "x509: ", "certificate has expired", "certificate verify failed", "certificate_verify_failed", "pkix path building failed", "pkix path validation failed", "certificateexpiredexception",
                "certificatenotyetvalid", "cert_has_expired", "depth_zero_self_signed_cert", "self_signed_cert_in_chain", "unable_to_verify_leaf_signature", "unable_to_get_issuer_cert",
                "err_tls_cert_altname_invalid", "remotecertificatechainerrors", "remotecertificatenamemismatch", "the remote certificate is invalid", "self signed certificate", "self-signed certificate",
                "no subject alternative", "hostname/ip does not match certificate", "doesn't match certificate", "tls: bad certificate", "bad certificate", "certificate signed by unknown authority",
                "unable to get local issuer certificate", "certificate is not yet valid", "ssl certificate problem", "sslhandshakeexception", "certificate unknown", "notvalidforname", "unknownissuer",
                "alert unknown ca", "tlsv1 alert", "certificate required", "ora-29024", "certpathvalidatorexception", "invalid peer certificate", "tls: failed to verify certificate",
            ],
            unless: ["tls handshake error from", "http: tls handshake error"], Extract.certificate, Extract.url, Extract.hosts, Extract.path),
        .init(
            .configurationInvalid,
            ["cannot load certificate", "pem_read_bio", "no start line", "private key does not match", "key values mismatch", "failed to find any pem data", "invalid keystore format", "keystore was tampered with"],
            Extract.path),
        .init(
            .protocolMismatch,
            [
                "server gave http response to https client", "wrong version number", "first record does not look like a tls handshake", "unsupported or unrecognized ssl message", "plain http request was sent to https port",
                "client sent an http request to an https server", "packet length too long", "err_ssl_wrong_version_number", "parse error: expected http/", "http/2 preface", "unexpected http/1.x request",
                "server does not support ssl", "the server does not support ssl connections", "received plaintext", "err_http2_error", "invalid character '<' looking for beginning of value",
            ],
            Extract.url, Extract.hosts),
        .init(
            .addressInUse,
            [
                "address already in use", "eaddrinuse", "addressalreadyinuse", "address in use", "bindexception", "port is already allocated", "only one usage of each socket address", "errno 98]", "os error 98",
                "(98: ", "is already being used by", "another process is already listening on port",
            ],
            Extract.bindAddress),
        .init(.addressInUse, ["was already in use", "is already in use", "already in use"], with: [["port "]], Extract.bindAddress),
        .init(.privilegedPort, ["bind: permission denied", "listen eacces", "bind: eacces", "permission denied - bind(2)", "bind failed: permission denied", "socketexception: permission denied"], Extract.bindAddress),
        .init(.privilegedPort, ["permission denied", "eacces", "access denied", "errno 13]", "accessdenied", "(13: "], with: [["bind", "listen tcp", "listening socket", "listen on", "server socket", "attempting to bind", "can't listen"]], unless: ["open(", "open \"", "open /", ".sock"], Extract.bindAddress),
        .init(.addressUnavailable, ["cannot assign requested address", "can't assign requested address", "eaddrnotavail", "cannot assign requested", "os error 99"], Extract.bindAddress, Extract.hosts),
        .init(.connectionRefused, ["while connecting to upstream"], with: [["connection refused"]], Extract.upstream),
        .init(
            .connectionRefused,
            [
                "connection refused", "econnrefused", "connectionrefusederror", "connectionrefused", "errno 111]", "os error 111", "actively refused it", "(111)", "target machine actively refused", "ora-12541",
                "connect failed: 111", "delayed connect error: 111", "errno::econnrefused", "couldn't connect to server", "could not connect to server", "reset reason: connection failure",
                "can't connect to mysql server", "can't connect to local mysql server", "is the server running on", "connection to node", "failed to connect to all addresses", "no connection could be made",
                "error 61 connecting to", "failed to connect to remote host", "nosuitableserver", "no servers available", "client has run out of available brokers", "no brokers available", "nobrokersavailable", "communications link failure",
                "could not open a connection to sql server", "server is not accessible", "it was not possible to connect to the redis server", "unabletoconnect on",
            ],
            unless: ["could not be established. node may not be available. hidden", "timed out", "not known", "connection refused by user", "connection refused, not auth"],
            Extract.connections),
        .init(
            .connectionTimeout,
            [
                "connection timed out", "connect timed out", "etimedout", "errno 110]", "os error 110", "no route to host", "ehostunreach",
                "network is unreachable", "enetunreach", "host is unreachable", "errno 113]", "os error 113", "ora-12170", "ora-12535", "upstream timed out", "a connection attempt failed because", "server selection timeout",
                "no suitable servers found", "mongoserverselectionerror", "serverselectiontimeouterror", "connection attempt timed out", "timed out while waiting to connect", "err_socket_connection_timeout",
                "connecttimeoutexception",
            ],
            Extract.upstream, Extract.connections),
        .init(
            .connectionTimeout,
            [
                "i/o timeout", "connection timeout", "connect timeout", "connecttimeout", "context deadline exceeded", "operation timed out", "request timed out", "read timed out", "read timeout", "sockettimeoutexception", "timeouterror", "timeoutexception", "timed out",
                "deadline_exceeded", "deadlineexceeded", "deadline exceeded", "client.timeout exceeded", "gateway timeout", "timeout was reached", "esockettimedout", "und_err_connect_timeout",
            ],
            unless: ["idle", "session timed out", "client request timed out", "lock wait", "while reading client request"], needs: .host, Extract.upstream, Extract.connections),
        .init(.connectionLost, ["while reading response header from upstream", "upstream prematurely closed connection"], Extract.upstream),
        .init(.connectionLost, ["connection reset by peer", "econnreset", "broken pipe", "unexpected eof", "socket hang up", "connection reset", "server closed the connection unexpectedly", "connection was forcibly closed", "lost connection to mysql server", "connection termination", "connection aborted", "upstream connect error"], unless: ["client", "aborted the request"], needs: .host, Extract.peer, Extract.connections),
        .init(.connectionRefused, ["code = unavailable", "status_code.unavailable", "14 unavailable", "statusruntimeexception: unavailable", "rpcerror: 14"], Extract.connections),
    ]

    // MARK: Files, disks and kernel limits

    private static let files: [SignatureRow] = [
        .init(.readOnlyFileSystem, ["read-only file system", "erofs", "errno 30]", "os error 30", "(30: read-only", "readonlyfilesystemexception"], Extract.path),
        .init(.processLimit, ["inotify"], with: [["no space left on device", "too many open files", "enospc", "emfile", "limit reached", "system limit for number of file watchers"]]),
        .init(.processLimit, ["system limit for number of file watchers reached"]),
        .init(
            .diskFull,
            [
                "no space left on device", "enospc", "errno 28]", "os error 28", "not enough space on the disk", "there is not enough space", "disk quota exceeded", "no space left", "disk is full", "error 28 from storage",
                "the table is full", "could not extend file", "ora-01653", "ora-19809", "database or disk is full", "insufficient free space", "(28: no space", "file system full", "edquot",
            ],
            unless: ["% full"], Extract.path),
        .init(.permissionDenied, ["could not change permissions of directory", "has wrong ownership", "initdb: error: could not", "data directory \"", "can't create/write to file", "cannot create directory", "can't create directory"], with: [["permission", "ownership", "denied", "invalid permissions"]], Extract.path),
        .init(
            .permissionDenied,
            [
                "permission denied", "eacces", "accessdeniedexception", "permissionerror", "errno 13]", "os error 13", "unauthorizedaccessexception", "operation not permitted", "eperm", "errno 1]", "(13: permission",
                "access to the path", "errno::eacces", "insufficient permissions for", "is not writable", "not writable by", "permissiondenied",
            ],
            unless: ["for user", "publickey", "end user"], needs: .path, Extract.path),
    ]

    private static let limits: [SignatureRow] = [
        .init(.tooManyOpenFiles, ["too many open files", "emfile", "errno 24]", "os error 24", "enfile", "ulimit -n", "file table overflow"], Extract.path),
        .init(
            .processLimit,
            [
                "unable to create new native thread", "unable to create native thread", "pthread_create failed", "failed to create new os thread", "can't start new thread", "cannot fork", "fork: retry: resource temporarily unavailable",
                "fork: resource temporarily unavailable", "failed to start thread", "vm.max_map_count", "max virtual memory areas", "fork failed", "resource temporarily unavailable (os error 11)", "cannot allocate thread", "uv_thread_create", "failed to spawn thread",
            ]),
        .init(
            .heapExhausted,
            [
                "outofmemoryerror", "javascript heap out of memory", "runtime: out of memory", "fatal error: out of memory", "memoryerror", "outofmemoryexception", "failed to allocate memory", "std::bad_alloc", "bad_alloc",
                "allowed memory size of", "reached heap limit", "gc overhead limit exceeded", "insufficient memory for the java runtime", "cannot allocate memory", "out of memory (", "cannot reserve enough memory", "nomemoryerror",
                "could not reserve enough space for object heap", "enomem", "out of memory:", "oom-killer", "cuda out of memory",
            ],
            unless: ["java heap space: 0"], Extract.exceptionName),
        .init(.heapExhausted, ["memory allocation of "], with: [["bytes failed"]]),
        .init(.childKilled, ["was sent sigkill", "perhaps out of memory", "^killed$", "worker exited with signal 9", "signal: killed", "killed process", "exited on signal 9", "terminated by signal 9", "exited with code 137", "exit status 137", "signal sigkill", "was terminated due to signal 9", "server process (pid", "worker terminated by sigkill", "workerlosterror", "received signal 9"], with: [["sigkill", "killed", "signal 9", "137", "memory"]], evenInfo: true, Extract.command),
    ]

    // MARK: Settings

    private static let configuration: [SignatureRow] = [
        .init(.configurationInvalid, ["bad config", "is not a valid port", "is out of range (", "invalid dsn", "unknown unit ", "invalid duration", "time: invalid", "time: missing unit"], Extract.configurationFile, Extract.settingNear),
        .init(
            .configurationMissing,
            [
                "could not resolve placeholder", "required environment variable", "missing environment variable", "environment variable not found", "missing required env", "environment variable is missing", "missing env var", "missing env",
                "required key ", "no value for required", "missing required configuration", "missing required setting", "missing required option", "missing required argument", "required flag(s)", "required arguments were not provided",
                "the following arguments are required", "missing required config", "required configuration", "missing configuration", "missing required parameter", "missing mandatory", "missing required property", "missing required key",
                "environment variable is not specified", "you need to specify one of the following as an environment variable", "superuser password is not specified", "database is uninitialized and password option is not specified",
                "failed to configure a datasource", "secret_key setting must not be empty", "missing secret_key_base", "must provide a value for", "no configuration file provided", "no config file",
            ],
            Extract.setting),
        .init(.configurationMissing, ["environment variable", "env var", "env variable"], with: [["not set", "is required", "must be set", "is missing", "not defined", "missing", "undefined", "is empty", "not found", "isn't set", "unset", "not present", "cannot be empty"]], unless: ["optional", "default"], Extract.setting),
        .init(.configurationMissing, ["must be set", "is not set", "not set", "is required", "must be provided", "is not defined", "is undefined", "must not be empty", "cannot be empty", "is mandatory", "parameter not set", "unbound variable", "must be specified", "was not provided", "not configured", "field required"], unless: ["optional", "using default", "defaulting", "falling back", "default to", "defaults to"], needs: .name, Extract.settingStrict),
        .init(.configurationMissing, ["keyerror: ", "key not found: ", "environment variable '"], needs: .name, Extract.settingStrict),
        .init(
            .configurationInvalid,
            [
                "yaml: line ", "yaml: unmarshal", "yaml: ", "error converting yaml to json", "mapping values are not allowed", "found character that cannot start any token", "yamlexception", "yaml.scanner", "yaml.parser", "scannererror", "parsererror",
                "while parsing a block mapping", "while scanning", "invalid yaml", "error parsing config", "failed to parse config", "could not parse config", "cannot parse config", "error loading config", "failed to load config",
                "error reading config", "failed to read config", "invalid configuration", "invalid config", "configuration error", "config error", "configuration is invalid", "error in configuration", "configuration file contains errors",
                "fatal config file error", "bad directive or wrong number of arguments", "unknown directive", "invalid number of arguments in", "unexpected end of file, expecting", "unexpected \"}\"", "unexpected \";\"", "directive is not allowed here",
                "is not terminated by \";\"", "invalid parameter \"", "[emerg]", "[alert] ", "cannot unmarshal", "unmarshal errors", "field not found in type", "unknown field \"", "unrecognized configuration parameter", "unknown variable '",
                "unrecognizedpropertyexception", "bindexception: failed to bind properties", "failed to bind properties under", "optionsvalidationexception", "configurationexception", "configexception", "invalid value ", "invalid value for", "invalid argument \"",
                "invalid url", "unknown configuration", "unknown setting", "unknown key ", "validationerror", "could not parse", "toml: ", "toml parse error", "toml::de", "expected type", "invalid character '", "syntaxerror: unexpected token", "jsondecodeerror",
                "jsonparseexception", "invalid json", "parse error", "parsing error", "configuration property", "error parsing", "unable to parse", "key '", "improperlyconfigured", "missing scheme", "unsupported protocol scheme", "invalid port", "syntax error in", "invalid syntax in", "no such property", "bad configuration",
                "corefile", "unknown plugin", "cannot parse", "malformed", "the configuration file", "configtest failed", "configuration test failed",
            ],
            with: [[
                "config", ".yaml", ".yml", ".json", ".toml", ".conf", ".ini", ".properties", ".xml", "[emerg]", "environment", "env", "setting", "option", "flag", "directive", "property", "properties", "parameter", "yaml:", "corefile", "variable",
                "invalid value ", "invalid argument \"", "toml", "validationerror", "appsettings", "startup",
            ]],
            unless: ["request", "client:", "user input", "payload", "body", "message from", "response", "query parameter", "skipping", "form field"], Extract.configurationFile, Extract.settingNear),
        .init(.configurationInvalid, ["error creating bean with name '", "beancreationexception", "unsatisfieddependencyexception", "required a bean of type", "unable to start web server"], Extract.quoted(after: "bean with name ")),
        .init(.fileMissing, ["no such file or directory", "enoent", "filenotfounderror", "filenotfoundexception", "could not find file", "nosuchfileexception", "(2: no such file", "os error 2)", "could not find a part of the path", "errno 2]", "cannot open ", "can't open file"], with: [["no such file", "enoent", "filenotfound", "could not find", "nosuchfile", "os error 2", "errno 2]", "does not exist", "can't open"]], unless: ["client: ", "request: ", "favicon", "optional", "skipping", "get /"], needs: .path, Extract.path),
    ]

    // MARK: Crashes without a deeper word

    private static let crashes: [SignatureRow] = [
        .init(.segmentationFault, ["segmentation fault", "sigsegv", "segfault", "signal 11", "access violation"], evenInfo: true, Extract.exceptionName),
        .init(.illegalInstruction, ["illegal instruction", "sigill", "bad system call", "sigsys", "bus error", "sigbus"], evenInfo: true, Extract.exceptionName),
        .init(.assertion, ["assertion failed", "assertion `", "assertionerror", "assert failed", "terminate called after throwing", "debug_assert", "check failed: ", "sigabrt", "aborted (core dumped)", "double free or corruption", "stack smashing detected", "free(): invalid"], Extract.exceptionName),
        .init(.panic, ["^panic: ", "fatal error: all goroutines are asleep", "fatal error: concurrent map", "^fatal error: ", "panicked at ", "kernel panic"], Extract.exceptionName),
    ]

    // MARK: Patience

    private static let waiting: [SignatureRow] = [
        .init(
            .waitingFor,
            [
                "waiting for ", "waiting on ", "is unavailable - sleeping", "is not ready yet", "not ready, retrying", "not available yet", "is not up yet", "not yet available", "still waiting", "wait-for-it", "wait for ", "waiting until ", "not reachable yet", "is unavailable, ",
                "not yet ready",
            ],
            unless: ["waiting for connections", "waiting for requests", "waiting for messages", "waiting for jobs", "waiting for events", "waiting for work", "waiting for in-flight", "awaiting socket", "waiting for next", "waiting for application startup", "waiting for caches", "waiting for cache", "waiting for tasks"],
            evenInfo: true, Extract.waitedFor, Extract.connections),
    ]
}
