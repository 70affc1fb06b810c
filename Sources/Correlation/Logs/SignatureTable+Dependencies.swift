/// Rows about other programs. `SignatureTable.swift` says how the table is read.
extension SignatureTable {
    // MARK: What datastores and brokers answer

    static let datastores: [SignatureRow] = [
        .init(
            .databasePermissionDenied,
            [
                "permission denied for table", "permission denied for relation", "permission denied for schema",
                "permission denied for database", "permission denied for sequence", "permission denied for view",
                "permission denied for function", "must be owner of", "command denied to user", "ora-01031",
                "topicauthorizationexception", "groupauthorizationexception", "not authorized to access topic",
                "topic_authorization_failed", "noperm ", "not authorized on ", "permission was denied on the object",
            ],
            Extract.user, Extract.token(after: "permission denied for "), Extract.hosts),
        .init(.databaseMissing, ["unknown database "], Extract.quoted(after: "unknown database "), Extract.hosts),
        .init(
            .databaseMissing,
            ["database \"", "relation \"", "schema \"", "table \"", "column \"", "database '", "type \"", "extension \""],
            with: [["does not exist", "is not available"]], Extract.databaseObject, Extract.hosts),
        .init(
            .databaseMissing,
            ["no such table: ", "no such column: "], Extract.token(after: "no such table: "), Extract.token(after: "no such column: ")),
        .init(
            .databaseMissing,
            [
                "er_no_such_table", "er_bad_db_error", "base table or view not found", "invalid object name ", "cannot open database \"",
                "unknown column ",
            ],
            Extract.databaseObject, Extract.hosts),
        .init(.databaseMissing, ["table '"], with: [["doesn't exist"]], Extract.quoted(after: "table "), Extract.hosts),
        .init(.databaseMissing, ["ora-00942", "ora-12514", "ora-12505"], Extract.quoted(after: "table or view "), Extract.hosts),
        .init(
            .databaseMissing,
            [
                "unknown topic or partition", "unknowntopicorpartition", "unknown_topic_or_part",
                "this server does not host this topic-partition", "index_not_found_exception", "ns not found", "nosuchbucket",
                "no queue '", "no exchange '", "stream not found",
            ],
            unless: ["retrying, may be transient"], Extract.topic, Extract.hosts),
        .init(.databaseMissing, ["topic "], with: [["not present in metadata after"]], Extract.token(after: "topic ")),
        .init(
            .schemaMigrationFailed,
            [
                "can't locate revision identified by", "migration failed", "migrations failed", "failed to apply migration",
                "dirty database version",
                "validate failed: migrations have failed", "flywayexception", "liquibaseexception", "migrationfailedexception",
                "pending migrations", "error applying migration",
            ],
            Extract.token(after: "version ")),
        .init(
            .credentialsRejected,
            [
                "password authentication failed for user", "login failed for user '", "login failed for user \"",
                "no pg_hba.conf entry for host", "pam authentication failed for user", "password must be scram",
                "client password must be a string", "fe_sendauth: no password supplied", "no password was provided", "wrongpass",
                "noauth authentication required", "noauth ", "err invalid password", "err auth <password> called without",
                "invalid username-password pair", "sasl authentication failed", "saslauthenticationexception", "sasl: scram-sha",
                "sasl authentication step", "sasl conversation error", "usernotfound", "could not find user",
                "unable to authenticate using mechanism",
                "authentication failed: invalid username or password", "topology_mechanism_error",
                "mongoservererror: authentication failed", "mongosecurityexception", "(authenticationfailed) ", "requires authentication",
                "command find requires authentication", "access_refused", "username or password not allowed", "login was refused",
                "ora-01017", "ora-28000", "ora-28001", "error 1045", "(1045,", "er_access_denied_error", "authorization violation",
                "authentication_exception", "unable to authenticate user", "security_exception", "ldap: error code 49",
                "not authorized: invalid", "connection refused, not authorised", "connection refused: not authorized",
                "bad user name or password", "permission denied (publickey", "invalid_client", "invalid_grant",
            ],
            unless: ["end user", "login attempt"], Extract.user, Extract.hosts),
        .init(
            .credentialsRejected,
            ["access denied for user"], with: [["using password", "'@'", "to database", "(28000)"]], Extract.user, Extract.hosts),
        .init(
            .credentialsRejected,
            [
                "401 unauthorized", "401 client error", "status code 401", "status code: 401", "http response code: 401",
                "invalid api key", "invalid credentials", "incorrect username or password", "bad username or password",
                "authentication failed", "authentication failure", "password has expired", "403 client error", "status code 403",
            ],
            unless: ["end user", "login attempt", "for customer", "from client"], needs: .host, Extract.user, Extract.url, Extract.hosts),
        .init(
            .credentialsRejected,
            ["role \""], with: [["does not exist"]], Extract.quoted(after: "role "), Extract.roleUser, Extract.hosts),
        .init(
            .databaseReadOnly,
            [
                "in a read-only transaction", "readonly you can't write against a read only replica", "read only replica",
                "running with the --read-only option", "running with the --super-read-only option", "not writable primary",
                "notwritableprimary", "notprimaryerror", "not master and slaveok", "ora-16000", "because the database is read-only",
                "attempt to write a readonly database", "database is in read-only mode", "read_only_allow_delete",
                "read-only / allow delete", "read-only-allow-delete", "database space exceeded", "is read only replica",
                "hot standby mode is disabled", "option to run in read-only mode",
            ],
            Extract.hosts),
        .init(
            .databaseReadOnly,
            ["misconf redis is configured to save rdb snapshots"],
            Extract.hosts),
        .init(
            .diskFull,
            ["flood stage disk watermark", "disk usage exceeded flood-stage"],
            Extract.hosts, Extract.path),
        .init(.heapExhausted, ["oom command not allowed when used memory"], Extract.hosts),
        .init(
            .poolExhausted,
            [
                "too many clients already", "remaining connection slots are reserved", "too many connections", "er_con_count_error",
                "max number of clients reached", "ora-00020", "ora-12516", "ora-12519", "ora-02391",
                "connection is not available, request timed out", "connection pool exhausted", "connection pool timeout",
                "pool exhausted", "timeout waiting for idle object", "queuepool limit of size",
                "prior to obtaining a connection from the pool", "could not obtain a connection from the pool",
                "timed out fetching a new connection from the connection pool", "could not acquire connection",
                "no available connections", "resourcerequest timed out", "pool is full", "timeouterror: resourcerequest",
                "timeout acquiring a connection", "could not obtain connection from pool", "worker_connections are not enough",
                "deadlock detected", "lock wait timeout exceeded", "threadpool is exhausted", "no connection available",
                "pool timed out while waiting for an open connection", "unable to acquire jdbc connection", "user limit reached: ",
                "rejectedexecutionexception", "remaining connection slots",
            ],
            unless: ["pool stats", "active=0"], Extract.hosts),
        .init(
            .dependencyStarting,
            [
                "the database system is starting up", "the database system is in recovery mode", "the database system is shutting down",
                "loading redis is loading the dataset", "loading the dataset in memory", "masterdown link with master is down",
                "clusterdown ", "master_not_discovered_exception", "cluster_block_exception", "there is no leader", "no leader elected",
                "leader_not_available", "leader not available", "coordinator_not_available", "coordinator not available",
                "notleaderforpartition", "not_leader_or_follower",
            ],
            unless: ["hasn't got"], Extract.hosts),
        .init(
            .rateLimited,
            [
                "429 too many requests", "status code 429", "toomanyrequests", "rate limit exceeded", "rate limited by",
                "resource_exhausted", "throttlingexception",
            ],
            needs: .host, Extract.url, Extract.hosts),
    ]

    // MARK: Names

    static let naming: [SignatureRow] = [
        .init(
            .nameServerFailure,
            ["lookup "],
            with: [["i/o timeout", "server misbehaving", "connection refused", "temporary failure", "try again", "no answer from dns"]],
            Extract.names),
        .init(
            .nameServerFailure,
            [
                "temporary failure in name resolution", "eai_again", "name resolution timed out", "resolving timed out after",
                "dns query timed out", "servfail", "resolver error",
            ],
            Extract.names, Extract.hosts),
        .init(.nameServerFailure, ["i/o timeout"], with: [[":53: i/o timeout", ":53->", "read udp"]], Extract.names, Extract.peer),
        .init(
            .nameServerFailure,
            ["could not be resolved (110: operation timed out)", "could not be resolved (2: server failure)"],
            Extract.names),
        .init(
            .nameNotFound,
            [
                "no such host", "unknownhostexception", "getaddrinfo enotfound", "enotfound ", "name or service not known",
                "name does not resolve", "nodename nor servname", "could not resolve host", "could not translate host name",
                "no address associated with hostname", "host not found in upstream", "could not be resolved (3: host not found)",
                "bad address '", "unable to resolve host", "failed to resolve '", "nameresolutionerror", "unknown host",
                "unknown mysql server host", "failed to lookup address information", "no such device or address", "host not found",
                "getaddrinfo failed", "php_network_getaddresses", "unresolvedaddressexception", "dns resolution failed for", "nxdomain",
                "non-existent domain", "server can't find ", "invalid hostname", "cannot resolve host", "can't resolve '", "ora-12154",
                "ora-12545", "no resolvable bootstrap urls", "gaierror", "name resolution failed", "could not resolve hostname",
                "the remote name could not be resolved", "couldn't resolve host", "couldn't resolve server",
            ],
            unless: ["request_host="], Extract.names, Extract.hosts),
    ]

    // MARK: Connections

    static let network: [SignatureRow] = [
        .init(
            .certificateInvalid,
            [
                "x509: ", "certificate has expired", "certificate verify failed", "certificate_verify_failed",
                "pkix path building failed", "pkix path validation failed", "certificateexpiredexception", "certificatenotyetvalid",
                "cert_has_expired", "depth_zero_self_signed_cert", "self_signed_cert_in_chain", "unable_to_verify_leaf_signature",
                "unable_to_get_issuer_cert", "err_tls_cert_altname_invalid", "remotecertificatechainerrors",
                "remotecertificatenamemismatch", "the remote certificate is invalid", "self signed certificate",
                "self-signed certificate", "no subject alternative", "hostname/ip does not match certificate",
                "doesn't match certificate", "tls: bad certificate", "bad certificate", "certificate signed by unknown authority",
                "unable to get local issuer certificate", "certificate is not yet valid", "ssl certificate problem",
                "sslhandshakeexception", "certificate unknown", "notvalidforname", "unknownissuer", "alert unknown ca", "tlsv1 alert",
                "certificate required", "ora-29024", "certpathvalidatorexception", "invalid peer certificate",
                "tls: failed to verify certificate",
            ],
            unless: ["tls handshake error from", "http: tls handshake error"], Extract.certificate, Extract.url, Extract.hosts,
            Extract.path),
        .init(
            .configurationInvalid,
            [
                "cannot load certificate", "pem_read_bio", "no start line", "private key does not match", "key values mismatch",
                "failed to find any pem data", "invalid keystore format", "keystore was tampered with",
            ],
            Extract.path),
        .init(
            .protocolMismatch,
            [
                "server gave http response to https client", "wrong version number", "first record does not look like a tls handshake",
                "unsupported or unrecognized ssl message", "plain http request was sent to https port",
                "client sent an http request to an https server", "packet length too long",
                "configured to only allow ssl connections", "configured to only allow tls connections", "sslhandshakefailed",
                "err_ssl_wrong_version_number",
                "parse error: expected http/", "http/2 preface", "unexpected http/1.x request", "server does not support ssl",
                "the server does not support ssl connections", "received plaintext", "err_http2_error",
                "invalid character '<' looking for beginning of value",
            ],
            Extract.url, Extract.hosts),
        .init(
            .privilegedPort,
            [
                "bind: permission denied", "listen eacces", "bind: eacces", "permission denied - bind(2)",
                "bind failed: permission denied", "socketexception: permission denied",
            ],
            Extract.bindAddress),
        .init(
            .privilegedPort,
            ["permission denied", "eacces", "access denied", "errno 13]", "accessdenied", "(13: "],
            with: [
                [
                    "bind", "listen tcp", "listening socket", "listen on", "server socket", "attempting to bind", "can't listen",
                    "bindexception",
                ]
            ],
            unless: ["open(", "open \"", "open /", ".sock"], Extract.bindAddress),
        .init(
            .addressInUse,
            [
                "address already in use", "eaddrinuse", "addressalreadyinuse", "address in use", "bindexception",
                "port is already allocated", "only one usage of each socket address", "errno 98]", "os error 98", "(98: ",
                "is already being used by", "another process is already listening on port",
            ],
            unless: ["permission denied", "cannot assign"], Extract.bindAddress),
        .init(.addressInUse, ["was already in use", "is already in use", "already in use"], with: [["port "]], Extract.bindAddress),
        .init(
            .addressUnavailable,
            [
                "cannot assign requested address", "can't assign requested address", "eaddrnotavail", "cannot assign requested",
                "os error 99",
            ],
            Extract.bindAddress, Extract.hosts),
        .init(.connectionRefused, ["while connecting to upstream"], with: [["connection refused"]], Extract.upstream),
        .init(
            .connectionRefused,
            [
                "connection refused", "econnrefused", "refused. check that the hostname", "connectionrefusederror", "connectionrefused",
                "errno 111]", "os error 111", "actively refused it", "(111)", "target machine actively refused", "ora-12541",
                "connect failed: 111", "delayed connect error: 111", "errno::econnrefused", "couldn't connect to server",
                "could not connect to server", "reset reason: connection failure", "can't connect to mysql server",
                "can't connect to local mysql server", "is the server running on", "connection to node",
                "failed to connect to all addresses", "no connection could be made", "error 61 connecting to",
                "failed to connect to remote host", "nosuitableserver", "no servers available", "client has run out of available brokers",
                "no brokers available", "nobrokersavailable", "communications link failure", "could not open a connection to sql server",
                "server is not accessible", "it was not possible to connect to the redis server", "unabletoconnect on",
            ],
            unless: [
                "could not be established. node may not be available. hidden", "timed out", "not known", "connection refused by user",
                "connection refused, not auth",
            ],
            Extract.hosts),
        .init(
            .connectionTimeout,
            [
                "connection timed out", "connect timed out", "timed out waiting for connection", "the connection attempt failed",
                "tls handshake timeout", "etimedout", "errno 110]", "os error 110", "no route to host",
                "ehostunreach", "network is unreachable", "enetunreach", "host is unreachable", "errno 113]", "os error 113", "ora-12170",
                "ora-12535", "upstream timed out", "a connection attempt failed because", "server selection timeout",
                "no suitable servers found", "mongoserverselectionerror", "serverselectiontimeouterror", "connection attempt timed out",
                "timed out while waiting to connect", "err_socket_connection_timeout", "connecttimeoutexception",
            ],
            Extract.upstream, Extract.hosts),
        .init(
            .connectionTimeout,
            [
                "i/o timeout", "timeout occurred after", "connection timeout", "connect timeout", "connecttimeout",
                "context deadline exceeded",
                "operation timed out", "request timed out", "read timed out", "read timeout", "sockettimeoutexception", "timeouterror",
                "timeoutexception", "timed out", "deadline_exceeded", "deadlineexceeded", "deadline exceeded", "client.timeout exceeded",
                "gateway timeout", "timeout was reached", "esockettimedout", "und_err_connect_timeout",
            ],
            unless: ["idle", "session timed out", "client request timed out", "lock wait", "while reading client request"],
            needs: .host, Extract.upstream, Extract.hosts),
        .init(
            .connectionLost,
            ["while reading response header from upstream", "upstream prematurely closed connection"], Extract.upstream),
        .init(
            .connectionLost,
            [
                "connection reset by peer", "econnreset", "broken pipe", "unexpected eof", "socket hang up", "connection reset",
                "server closed the connection unexpectedly", "connection was forcibly closed", "lost connection to mysql server",
                "connection termination", "connection aborted", "upstream connect error",
            ],
            unless: ["client", "aborted the request"], needs: .host, Extract.peer, Extract.hosts),
        .init(
            .connectionRefused,
            ["code = unavailable", "status_code.unavailable", "14 unavailable", "statusruntimeexception: unavailable", "rpcerror: 14"],
            Extract.hosts),
        .init(
            .connectionFailed,
            [
                "unable to connect to", "not able to connect to", "n't able to connect to", "failed to connect to", "failed connecting to",
                "could not connect to", "cannot connect to",
                "can't connect to", "couldn't connect to", "error connecting to", "failed to establish connection",
                "failed to establish a connection", "could not establish connection", "unable to establish connection",
                "unable to reach", "failed to reach", "cannot reach", "could not reach", "could not establish the connection",
            ],
            unless: ["client", "peer", "will be able", "is able", "are able"], Extract.url, Extract.hosts),
    ]
}
