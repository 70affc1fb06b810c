@testable import Correlation

/// Last words of programs, by runtime: what each one prints for the same kinds of failure.
enum RuntimeCases {
    static let go: [SignatureCase] = [
        .init(
            "panic: runtime error: slice bounds out of range [:9] with capacity 4\n\ngoroutine 1 [running]:\nmain.main()\n\t/src/main.go:9 +0x1d",
            .panic),
        .init("fatal error: all goroutines are asleep - deadlock!\n\ngoroutine 1 [chan receive]:\nmain.main()", .panic),
        .init("fatal error: runtime: out of memory\n\nruntime stack:\nruntime.throw({0x4d1c2e?, 0x0?})", .heapExhausted),
        .init("fatal error: concurrent map writes\n\ngoroutine 18 [running]:\nmain.worker()", .panic),
        .init(
            #"2026/11/23 18:00:00 dial tcp: lookup ledger.bank.svc on 10.96.0.10:53: no such host"#, .nameNotFound, host: "ledger.bank.svc"),
        .init(#"dial tcp: lookup ledger on 10.96.0.10:53: server misbehaving"#, .nameServerFailure),
        .init(#"dial tcp: lookup ledger on 10.96.0.10:53: read udp 10.244.0.9:40112->10.96.0.10:53: i/o timeout"#, .nameServerFailure),
        .init(#"Post "http://ledger:8080/entries": dial tcp 10.96.4.4:8080: i/o timeout"#, .connectionTimeout, host: "ledger", port: 8080),
        .init(
            #"rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial tcp 10.96.4.4:9090: connect: connection refused""#,
            .connectionRefused, host: "10.96.4.4", port: 9090),
        .init(#"rpc error: code = DeadlineExceeded desc = context deadline exceeded while calling ledger:9090"#, .connectionTimeout),
        .init(#"listen tcp 0.0.0.0:9090: bind: address already in use"#, .addressInUse, port: 9090),
        .init(#"listen tcp :443: bind: permission denied"#, .privilegedPort, port: 443),
        .init(#"Error: unknown flag: --metrics-adr"#, .unknownFlag, name: "--metrics-adr"),
        .init(#"flag provided but not defined: -confg"#, .unknownFlag, name: "-confg"),
        .init(#"invalid value "eighty" for flag -port: parse error"#, .configurationInvalid),
        .init(#"panic: missing required environment variable: BILLING_URL"#, .configurationMissing, name: "BILLING_URL"),
        .init(#"required key BILLING_URL missing value"#, .configurationMissing, name: "BILLING_URL"),
        .init(
            #"error unmarshalling config: yaml: unmarshal errors: line 4: cannot unmarshal !!str `many` into int"#, .configurationInvalid),
        .init(#"failed to parse config: invalid character '}' looking for beginning of object key string"#, .configurationInvalid),
        .init(#"open /run/secrets/api-key: permission denied"#, .permissionDenied, path: "/run/secrets/api-key"),
        .init(#"mkdir /data/blobs: read-only file system"#, .readOnlyFileSystem, path: "/data/blobs"),
        .init(#"x509: certificate is valid for old.example.com, not pay.example.com"#, .certificateInvalid),
        .init(#"tls: failed to verify certificate: x509: certificate signed by unknown authority"#, .certificateInvalid),
        .init(#"pq: password authentication failed for user "ledger""#, .credentialsRejected, user: "ledger"),
        .init(#"pq: relation "entries" does not exist"#, .databaseMissing, name: "entries"),
        .init(#"pq: sorry, too many clients already"#, .poolExhausted),
    ]

    static let jvm: [SignatureCase] = [
        .init(
            "Exception in thread \"main\" java.lang.OutOfMemoryError: Java heap space\n\tat java.base/java.util.Arrays.copyOf(Arrays.java:3481)",
            .heapExhausted),
        .init("java.lang.OutOfMemoryError: Metaspace", .heapExhausted),
        .init("Terminating due to java.lang.OutOfMemoryError: Java heap space", .heapExhausted),
        .init(
            "Error: Could not find or load main class com.acme.Aplication\nCaused by: java.lang.ClassNotFoundException: com.acme.Aplication",
            .libraryMissing),
        .init("Error: Unable to access jarfile /app/ledger.jar", .fileMissing, path: "/app/ledger.jar"),
        .init(
            "Unrecognized VM option 'UseConcMarkSweep'\nError: Could not create the Java Virtual Machine.\nError: A fatal exception has occurred. Program will exit.",
            .unknownFlag),
        .init("Invalid maximum heap size: -Xmx4gg\nError: Could not create the Java Virtual Machine.", .configurationInvalid),
        .init(
            "org.springframework.beans.factory.BeanCreationException: Error creating bean with name 'ledger'\nCaused by: java.lang.IllegalArgumentException: Could not resolve placeholder 'billing.url' in value \"${billing.url}\"",
            .configurationMissing, name: "billing.url"),
        .init(
            "***************************\nAPPLICATION FAILED TO START\n***************************\n\nDescription:\n\nWeb server failed to start. Port 8080 was already in use.",
            .addressInUse, port: 8080),
        .init(
            "***************************\nAPPLICATION FAILED TO START\n***************************\n\nDescription:\n\nFailed to configure a DataSource: 'url' attribute is not specified and no embedded datasource could be configured.",
            .configurationMissing),
        .init(
            "java.net.SocketTimeoutException: connect timed out\n\tat java.base/java.net.PlainSocketImpl.socketConnect(Native Method)",
            .connectionTimeout),
        .init("Caused by: java.net.UnknownHostException: ledger-db: Name or service not known", .nameNotFound, host: "ledger-db"),
        .init(
            "org.postgresql.util.PSQLException: FATAL: password authentication failed for user \"ledger\"", .credentialsRejected,
            user: "ledger"),
        .init("java.sql.SQLSyntaxErrorException: Unknown database 'ledger'", .databaseMissing, name: "ledger"),
        .init(
            "com.zaxxer.hikari.pool.HikariPool$PoolInitializationException: HikariPool-1 - Connection is not available, request timed out after 30000ms.",
            .poolExhausted),
        .init(
            "java.sql.SQLTransientConnectionException: HikariPool-1 - Connection is not available, request timed out after 30001ms (total=10, active=10, idle=0, waiting=41)",
            .poolExhausted),
        .init(
            "javax.net.ssl.SSLHandshakeException: PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid certification path to requested target",
            .certificateInvalid),
        .init(
            "java.io.FileNotFoundException: /etc/ledger/app.properties (No such file or directory)", .fileMissing,
            path: "/etc/ledger/app.properties"),
        .init("java.io.IOException: No space left on device", .diskFull),
        .init("java.net.BindException: Permission denied (Bind failed)", .privilegedPort),
        .init(
            "org.apache.kafka.common.errors.TopicAuthorizationException: Not authorized to access topics: [orders]",
            .databasePermissionDenied),
        .init(
            "Exception in thread \"main\" java.lang.UnsupportedClassVersionError: com/acme/Main has been compiled by a more recent version of the Java Runtime (class file version 65.0)",
            .libraryMissing),
    ]

    static let node: [SignatureCase] = [
        .init(
            "Error: connect ETIMEDOUT 10.96.3.3:5432\n    at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1555:16)",
            .connectionTimeout, host: "10.96.3.3", port: 5432),
        .init(
            "Error: getaddrinfo ENOTFOUND ledger-db\n    at GetAddrInfoReqWrap.onlookup [as oncomplete] (node:dns:107:26)", .nameNotFound,
            host: "ledger-db"),
        .init("Error: getaddrinfo EAI_AGAIN ledger-db", .nameServerFailure, host: "ledger-db"),
        .init("Error: listen EACCES: permission denied 0.0.0.0:80", .privilegedPort, port: 80),
        .init("Error: listen EADDRINUSE: address already in use :::8080", .addressInUse, port: 8080),
        .init("Error: ENOENT: no such file or directory, open '/etc/ledger/config.json'", .fileMissing, path: "/etc/ledger/config.json"),
        .init("Error: EMFILE: too many open files, open '/app/data/1'", .tooManyOpenFiles),
        .init("Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'fastify' imported from /app/index.js", .libraryMissing, name: "fastify"),
        .init(
            "<--- Last few GCs --->\n\n[1:0x5] 9000 ms: Mark-sweep 1020.3 (1050.1) -> 1019.9 (1050.6) MB\n\nFATAL ERROR: Ineffective mark-compacts near heap limit Allocation failed - JavaScript heap out of memory",
            .heapExhausted),
        .init("node: bad option: --max-old-space", .unknownFlag),
        .init("npm ERR! Missing script: \"strat\"", .configurationInvalid),
        .init("npm error Missing script: \"strat\"", .configurationInvalid),
        .init(
            "SyntaxError: Unexpected end of JSON input\n    at JSON.parse (<anonymous>)\n    at Object.<anonymous> (/app/config.js:3:20)",
            .uncaughtException, name: "SyntaxError"),
        .init(
            "node:internal/process/promises:288\n            triggerUncaughtException(err, true /* fromPromise */);\n            ^\n\n[UnhandledPromiseRejection: This error originated either by throwing inside of an async function without a catch block, or by rejecting a promise which was not handled with .catch(). The promise rejected with the reason \"no tenant\".] {\n  code: 'ERR_UNHANDLED_REJECTION'\n}\n\nNode.js v22.11.0",
            .uncaughtException),
        .init(
            "MongoServerError: Authentication failed.\n    at Connection.onMessage (/app/node_modules/mongodb/lib/cmap/connection.js:202:26)",
            .credentialsRejected),
        .init("MongooseServerSelectionError: connect ECONNREFUSED 10.96.9.9:27017", .connectionRefused, host: "10.96.9.9", port: 27017),
        .init(
            "PrismaClientInitializationError: Can't reach database server at `ledger-db:5432`", .connectionRefused, host: "ledger-db",
            port: 5432),
        .init(
            "[ioredis] Unhandled error event: ReplyError: WRONGPASS invalid username-password pair or user is disabled.",
            .credentialsRejected),
        .init("ReplyError: READONLY You can't write against a read only replica.", .databaseReadOnly),
        .init(
            "FetchError: request to https://pay.example.com/v1 failed, reason: certificate has expired", .certificateInvalid,
            host: "pay.example.com"),
    ]

    static let python: [SignatureCase] = [
        .init(
            "Traceback (most recent call last):\n  File \"/app/main.py\", line 4, in <module>\n    import numpy\nImportError: libopenblas.so.0: cannot open shared object file: No such file or directory",
            .libraryMissing, name: "libopenblas.so.0"),
        .init(
            "Traceback (most recent call last):\n  File \"/app/main.py\", line 9, in <module>\n    url = os.environ['LEDGER_URL']\n  File \"<frozen os>\", line 679, in __getitem__\nKeyError: 'LEDGER_URL'",
            .configurationMissing, name: "LEDGER_URL"),
        .init(
            "pydantic_core._pydantic_core.ValidationError: 1 validation error for Settings\nledger_url\n  Field required [type=missing, input_value={}, input_type=dict]",
            .configurationMissing, name: "ledger_url"),
        .init(
            "django.core.exceptions.ImproperlyConfigured: The SECRET_KEY setting must not be empty.", .configurationMissing,
            name: "SECRET_KEY"),
        .init(
            "django.db.utils.OperationalError: could not translate host name \"ledger-db\" to address: Name or service not known",
            .nameNotFound, host: "ledger-db"),
        .init("django.db.utils.ProgrammingError: relation \"auth_user\" does not exist", .databaseMissing, name: "auth_user"),
        .init(
            "sqlalchemy.exc.OperationalError: (psycopg2.OperationalError) FATAL:  database \"ledger\" does not exist", .databaseMissing,
            name: "ledger"),
        .init(
            "sqlalchemy.exc.TimeoutError: QueuePool limit of size 5 overflow 10 reached, connection timed out, timeout 30.00",
            .poolExhausted),
        .init(
            "requests.exceptions.ConnectionError: HTTPConnectionPool(host='ledger', port=8080): Max retries exceeded with url: /v1 (Caused by NewConnectionError('<urllib3.connection.HTTPConnection object at 0x7f>: Failed to establish a new connection: [Errno 111] Connection refused'))",
            .connectionRefused, host: "ledger", port: 8080),
        .init(
            "requests.exceptions.SSLError: HTTPSConnectionPool(host='pay.example.com', port=443): Max retries exceeded with url: / (Caused by SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: certificate has expired (_ssl.c:1007)')))",
            .certificateInvalid, host: "pay.example.com"),
        .init("MemoryError: Unable to allocate 4.00 GiB for an array with shape (32768, 16384) and data type float64", .heapExhausted),
        .init("[2026-11-23 18:00:00 +0000] [1] [ERROR] Connection in use: ('0.0.0.0', 8000)", .addressInUse, port: 8000),
        .init("ModuleNotFoundError: No module named 'ledger.wsgi'", .libraryMissing, name: "ledger.wsgi"),
        .init("gunicorn: error: unrecognized arguments: --workrs 4", .unknownFlag),
        .init(
            "usage: uvicorn [OPTIONS] APP\nTry 'uvicorn --help' for help.\n\nError: No such option: --prot", .unknownFlag, name: "--prot"),
        .init("PermissionError: [Errno 13] Permission denied: '/data/ledger.db'", .permissionDenied, path: "/data/ledger.db"),
        .init("OSError: [Errno 28] No space left on device: '/data/ledger.db'", .diskFull, path: "/data/ledger.db"),
        .init("OSError: [Errno 24] Too many open files: '/data/1'", .tooManyOpenFiles),
        .init("redis.exceptions.ReadOnlyError: You can't write against a read only replica.", .databaseReadOnly),
        .init("kafka.errors.NoBrokersAvailable: NoBrokersAvailable", .connectionRefused),
        .init("[2026-11-23 18:51:00 +0000] [1] [ERROR] Worker (pid:7) was sent SIGKILL! Perhaps out of memory?", .childKilled),
        .init("celery.exceptions: WorkerLostError: Worker exited prematurely: signal 9 (SIGKILL) Job: 3.", .childKilled),
    ]

    static let others: [SignatureCase] = [
        // .NET
        .init(
            "Unhandled exception. System.Net.Http.HttpRequestException: Connection refused (ledger:8080)\n ---> System.Net.Sockets.SocketException (111): Connection refused",
            .connectionRefused, host: "ledger", port: 8080),
        .init(
            "Unhandled exception. System.InvalidOperationException: The ConnectionString property has not been initialized.",
            .configurationMissing),
        .init("Microsoft.Data.SqlClient.SqlException (0x80131904): Login failed for user 'ledger'.", .credentialsRejected, user: "ledger"),
        .init(
            "Microsoft.Data.SqlClient.SqlException (0x80131904): Cannot open database \"Ledger\" requested by the login. The login failed.",
            .databaseMissing, name: "Ledger"),
        .init(
            "Unhandled exception. System.IO.IOException: Failed to bind to address http://0.0.0.0:5000: address already in use.",
            .addressInUse, port: 5000),
        .init(
            "Unhandled exception. System.Net.Sockets.SocketException (13): Permission denied\n   at Microsoft.AspNetCore.Server.Kestrel.Core.Internal.SocketBinder.BindAsync",
            .privilegedPort),
        .init(
            "Unhandled exception. System.IO.InvalidDataException: Failed to load configuration from file '/app/appsettings.json'.\n ---> System.FormatException: Could not parse the JSON file.\n ---> System.Text.Json.JsonReaderException: '}' is an invalid start of a property name. LineNumber: 4\n   at Microsoft.Extensions.Configuration.Json.JsonConfigurationFileParser.Parse(Stream input)",
            .configurationInvalid),
        .init(
            "Out of memory.\nUnhandled exception. System.OutOfMemoryException: Exception of type 'System.OutOfMemoryException' was thrown.",
            .heapExhausted),
        .init(
            "The command could not be loaded, possibly because:\n  * You intended to execute a .NET application:\n      The application 'Ledger.dll' does not exist.",
            .libraryMissing),
        // Ruby
        .init(
            "PG::ConnectionBad: could not translate host name \"ledger-db\" to address: Name or service not known", .nameNotFound,
            host: "ledger-db"),
        .init(
            "/usr/local/bundle/gems/bundler-2.5.6/lib/bundler/definition.rb:524:in `materialize': Could not find rails-7.1.3 in locally installed gems (Bundler::GemNotFound)",
            .libraryMissing),
        .init("config/application.rb:9:in `fetch': key not found: \"LEDGER_URL\" (KeyError)", .configurationMissing, name: "LEDGER_URL"),
        .init(
            "ActiveRecord::PendingMigrationError: Migrations are pending. To resolve this issue, run: bin/rails db:migrate",
            .schemaMigrationFailed),
        .init(
            "ActiveRecord::ConnectionTimeoutError: could not obtain a connection from the pool within 5.000 seconds (waited 5.001 seconds); all pooled connections were in use",
            .poolExhausted),
        .init("Address already in use - bind(2) for \"0.0.0.0\" port 3000 (Errno::EADDRINUSE)", .addressInUse, port: 3000),
        // PHP
        .init("PHP Fatal error:  Uncaught PDOException: SQLSTATE[HY000] [2002] Connection refused in /app/db.php:9", .connectionRefused),
        .init(
            "PHP Fatal error:  Uncaught PDOException: SQLSTATE[HY000] [1045] Access denied for user 'ledger'@'10.244.0.9' (using password: YES) in /app/db.php:9",
            .credentialsRejected, user: "ledger"),
        .init("SQLSTATE[42S02]: Base table or view not found: 1146 Table 'ledger.entries' doesn't exist", .databaseMissing),
        .init(
            "PHP Fatal error:  Allowed memory size of 134217728 bytes exhausted (tried to allocate 20480 bytes) in /app/report.php on line 4",
            .heapExhausted),
        .init("PHP Fatal error:  Uncaught Error: Class \"Redis\" not found in /app/cache.php:3", .libraryMissing, name: "Redis"),
        .init("[23-Nov-2026 18:00:00] WARNING: [pool www] server reached pm.max_children setting (5), consider raising it", .poolExhausted),
        .init(
            "[23-Nov-2026 18:00:00] ERROR: unable to bind listening socket for address '9000': Address already in use (98)", .addressInUse),
        // C, C++, Rust, loaders and shells
        .init("terminate called after throwing an instance of 'std::bad_alloc'\n  what():  std::bad_alloc", .heapExhausted),
        .init("memory allocation of 1073741824 bytes failed", .heapExhausted),
        .init("thread 'main' panicked at src/main.rs:7:5:\nno tenant given", .panic),
        .init(
            "thread 'main' panicked at 'called `Result::unwrap()` on an `Err` value: Os { code: 13, kind: PermissionDenied, message: \"Permission denied\" }', src/main.rs:4:37",
            .permissionDenied),
        .init("Illegal instruction (core dumped)", .illegalInstruction),
        .init("/app/ledger: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.34' not found (required by /app/ledger)", .libraryMissing),
        .init("exec /app/entrypoint.sh: no such file or directory", .commandNotFound),
        .init("/bin/sh: ledgerd: not found", .commandNotFound, name: "ledgerd"),
        .init("bash: line 1: ledgerd: command not found", .commandNotFound, name: "ledgerd"),
        .init("exec /app/ledger: exec format error", .execFormat),
        .init("standard_init_linux.go:228: exec user process caused: exec format error", .execFormat),
        .init(
            "error: unexpected argument '--prot' found\n\n  tip: a similar argument exists: '--port'\n\nUsage: ledger --port <PORT>",
            .unknownFlag, name: "--prot"),
        .init("ledger: unrecognized option '--prot'", .unknownFlag, name: "--prot"),
        .init("chown: changing ownership of '/var/lib/mysql': Operation not permitted", .permissionDenied, path: "/var/lib/mysql"),
        .init(
            "curl: (7) Failed to connect to ledger port 8080 after 3 ms: Couldn't connect to server", .connectionRefused, host: "ledger",
            port: 8080),
        .init("curl: (6) Could not resolve host: ledger", .nameNotFound, host: "ledger"),
        .init("curl: (28) Connection timed out after 5001 milliseconds", .connectionTimeout),
        .init("wget: bad address 'ledger:8080'", .nameNotFound),
        .init("nc: connect to ledger (10.96.1.1) port 5432 (tcp) failed: Connection refused", .connectionRefused, port: 5432),
    ]

    static let servers: [SignatureCase] = [
        .init("nginx: [emerg] host not found in upstream \"ledger\" in /etc/nginx/conf.d/default.conf:6", .nameNotFound, host: "ledger"),
        .init(
            "nginx: [emerg] open() \"/etc/nginx/nginx.conf\" failed (2: No such file or directory)", .configurationInvalid),
        .init("nginx: [emerg] \"server\" directive is not allowed here in /etc/nginx/conf.d/default.conf:1", .configurationInvalid),
        .init(
            "nginx: [emerg] cannot load certificate \"/etc/tls/tls.crt\": BIO_new_file() failed (SSL: error:80000002:system library::No such file or directory)",
            .configurationInvalid),
        .init(
            "2026/11/23 18:00:00 [error] 29#29: *9 connect() failed (111: Connection refused) while connecting to upstream, client: 10.244.0.1, server: _, request: \"GET /api HTTP/1.1\", upstream: \"http://10.96.4.4:8080/api\", host: \"shop\"",
            .connectionRefused, host: "10.96.4.4", port: 8080),
        .init(
            "2026/11/23 18:00:00 [error] 29#29: *9 upstream timed out (110: Operation timed out) while connecting to upstream, client: 10.244.0.1, server: _, request: \"GET /api HTTP/1.1\", upstream: \"http://10.96.4.4:8080/api\", host: \"shop\"",
            .connectionTimeout, host: "10.96.4.4", port: 8080),
        .init(
            "[ALERT]    (1) : config : parsing [/usr/local/etc/haproxy/haproxy.cfg:12] : unknown keyword 'bakend' in 'defaults' section",
            .configurationInvalid),
        .init(
            "[2026-11-23 18:00:00.000][1][critical][main] [source/server/server.cc:131] error initializing config '/etc/envoy/envoy.yaml': Unable to parse JSON as proto",
            .configurationInvalid),
        .init(
            "AH00526: Syntax error on line 9 of /usr/local/apache2/conf/httpd.conf:\nInvalid command 'ProxyPas', perhaps misspelled or defined by a module not included in the server configuration",
            .configurationInvalid),
        .init("(13)Permission denied: AH00072: make_sock: could not bind to address [::]:80", .privilegedPort, port: 80),
        .init("2026-11-23 18:00:00.000 UTC [1] FATAL:  data directory \"/var/lib/postgresql/data\" has wrong ownership", .permissionDenied),
        .init("2026-11-23 18:00:00.000 UTC [1] FATAL:  database files are incompatible with server", .fatalMessage),
        .init(
            "2026-11-23 18:00:00.000 UTC [1] LOG:  could not bind IPv4 address \"0.0.0.0\": Address already in use\n2026-11-23 18:00:00.000 UTC [1] HINT:  Is another postmaster already running on port 5432? If not, wait a few seconds and retry.\n2026-11-23 18:00:00.000 UTC [1] FATAL:  could not create any TCP/IP sockets",
            .addressInUse),
        .init(
            "2026-11-23 18:00:00.000 UTC [1] FATAL:  unrecognized configuration parameter \"shared_bufers\"", .configurationInvalid,
            name: "shared_bufers"),
        .init("2026-11-23 18:00:00.000 UTC [9] PANIC:  could not write to file \"pg_wal/xlogtemp.9\": No space left on device", .diskFull),
        .init("2026-11-23T18:00:00.000000Z 0 [ERROR] [MY-000067] [Server] unknown variable 'max_conections=10'.", .configurationInvalid),
        .init("2026-11-23T18:00:00.000000Z 1 [ERROR] [MY-012574] [InnoDB] Unable to lock ./ibdata1 error: 11", .fatalMessage),
        .init(
            "2026-11-23 18:00:00+00:00 [ERROR] [Entrypoint]: Database is uninitialized and password option is not specified\n    You need to specify one of the following as an environment variable:\n    - MYSQL_ROOT_PASSWORD",
            .configurationMissing),
        .init(
            "*** FATAL CONFIG FILE ERROR (Redis 7.2.4) ***\nReading the configuration file, at line 3\n>>> 'maxmemory lots'\nargument must be a memory value",
            .configurationInvalid),
        .init("1:M 23 Nov 2026 18:00:00.000 # Can't open or create append-only dir appendonlydir: Permission denied", .permissionDenied),
        .init(
            "1:M 23 Nov 2026 18:00:00.000 # Failed opening the temp RDB file temp-9.rdb (in server root dir /data) for saving: Read-only file system",
            .readOnlyFileSystem),
        .init(
            "{\"t\":{\"$date\":\"2026-11-23T18:00:00.000+00:00\"},\"s\":\"E\",\"c\":\"STORAGE\",\"id\":20557,\"ctx\":\"initandlisten\",\"msg\":\"DBException in initAndListen, terminating\",\"attr\":{\"error\":\"Location28596: Unable to determine status of lock file in the data directory /data/db: boost::filesystem::status: Permission denied: \\\"/data/db/mongod.lock\\\"\"}}",
            .permissionDenied),
        .init(
            "[2026-11-23 18:00:00,000] ERROR Exiting Kafka due to fatal exception (kafka.Kafka$)\njava.lang.IllegalArgumentException: Missing required configuration \"zookeeper.connect\" which has no default value.",
            .configurationMissing, name: "zookeeper.connect"),
        .init(
            "[2026-11-23T18:00:00,000][ERROR][o.e.b.Elasticsearch] bootstrap check failure [1] of [1]: max virtual memory areas vm.max_map_count [65530] is too low, increase to at least [262144]",
            .processLimit),
        .init("failed to initialize logging driver: config.toml: expected '=' after a key", .configurationInvalid),
        .init(
            "Error: error loading config from \"/etc/prometheus/prometheus.yml\": yaml: line 9: did not find expected key",
            .configurationInvalid),
        .init(
            "ts=2026-11-23T18:00:00.000Z caller=main.go:537 level=error msg=\"Error loading config (--config.file=/etc/prometheus/prometheus.yml)\" err=\"parsing YAML file /etc/prometheus/prometheus.yml: yaml: unmarshal errors\"",
            .configurationInvalid),
        .init(
            "E1123 18:00:00.000000       1 reflector.go:148] failed to list *v1.Pod: pods is forbidden: User \"system:serviceaccount:shop:cart\" cannot list resource \"pods\" in API group \"\" in the namespace \"shop\"",
            .apiForbidden),
        .init(
            "{\"level\":\"fatal\",\"ts\":1795458772.4,\"caller\":\"main.go:30\",\"msg\":\"cannot open database\",\"error\":\"open /data/ledger.db: read-only file system\"}",
            .readOnlyFileSystem, path: "/data/ledger.db"),
        .init("level=fatal msg=\"cannot start\" err=\"listen tcp :8080: bind: address already in use\"", .addressInUse, port: 8080),
        .init(
            "F1123 18:00:00.000000       1 main.go:40] unable to load configuration: open /etc/ledger/config.yaml: no such file or directory",
            .fileMissing, path: "/etc/ledger/config.yaml"),
    ]

    static let all = go + jvm + node + python + others + servers

    /// Words that stand near a failure and are none, or one that is over.
    static let decoys: [String] = [
        "WARN dial tcp 10.96.0.7:6379: connect: connection refused, retrying in 1s\nINFO connected to redis at 10.96.0.7:6379\nINFO serving\nINFO served 10 requests",
        "INFO error handling middleware installed",
        "INFO ErrorReporter initialised, dsn is empty",
        "INFO feature flag panic_mode=false",
        "level=info msg=\"no errors found\" errors=0",
        "{\"level\":\"info\",\"msg\":\"request done\",\"status\":200,\"path\":\"/api/errors/connection-refused\"}",
        "INFO certificate has expired check: 0 certificates expired",
        "INFO migration 0042_add_permission_denied_table applied",
        "DEBUG cache miss for key 'permission denied'",
        "INFO loaded class com.acme.errors.ConnectionRefusedException",
        "INFO max open files: 1048576",
        "INFO out of memory handler registered",
        "INFO disk usage 41 %, no space left warnings off",
        "10.244.0.1 - - [23/Nov/2026:18:00:00 +0000] \"GET /search?q=connection+refused HTTP/1.1\" 200 512 \"-\" \"curl/8.5.0\"",
        "INFO [health] all dependencies ok: ledger-db up, redis up",
        "I1123 18:00:00.000000       1 leaderelection.go:250] attempting to acquire leader lease shop/cart...",
        "INFO Received SIGTERM, shutting down gracefully\nINFO bye",
        "INFO retry policy: 3 attempts on timeout",
        "WARN slow request: GET /api took 2.1s",
        "INFO user search: \"No such file or directory\" returned 4 articles",
    ]
}
