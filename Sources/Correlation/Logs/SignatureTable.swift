/// What real runtimes, drivers and servers print when something fails, read top to bottom: the first row that fits a message wins.
///
/// Rows stand from the particular to the general. Literals are in lower case; `^` is the start of a message, `$` its end.
/// Sources: Go net/os/syscall and client-go, OpenJDK and the common JDBC, Kafka and Spring messages, Node.js system errors, CPython and its
/// common drivers, .NET and its drivers, Ruby, PHP, Rust std, glibc and musl `strerror` and loader words, shells, curl, nginx, HAProxy,
/// Envoy, PostgreSQL, MySQL, Redis, MongoDB, Kafka, RabbitMQ, Oracle, SQL Server, Elasticsearch, etcd, the Kubernetes API.
enum SignatureTable {
    static let rows: [SignatureRow] = [
        runtimes, api, answers, startUp, datastores, naming, network, files, limits, configuration, crashes, waiting,
    ].flatMap { $0 }

    // MARK: Kubernetes and cloud APIs

    private static let api: [SignatureRow] = [
        .init(
            .leaderElectionLost,
            ["leader election lost", "leaderelection lost", "failed to renew lease", "lost leader lease", "lost leadership"]),
        .init(.apiForbidden, ["is forbidden: user \"", "forbidden: user \\\""], Extract.forbidden),
        .init(
            .apiForbidden,
            ["is forbidden: "],
            with: [["cannot get", "cannot list", "cannot watch", "cannot create", "cannot update", "cannot patch", "cannot delete"]],
            Extract.forbidden),
        .init(
            .apiForbidden,
            ["forbidden!configured service account doesn't have access", "service account may have been revoked"],
            Extract.url),
        .init(
            .apiUnauthorized,
            [
                "the server has asked for the client to provide credentials", "service account token has expired",
                "token has been invalidated", "invalid bearer token",
            ],
            Extract.url),
        .init(
            .apiUnauthorized,
            ["unauthorized"],
            with: [["kubernetes", "reflector.go", "failed to list *", "failed to watch *", "kube-api"]],
            Extract.url),
        .init(
            .apiResourceMissing,
            [
                "no matches for kind", "the server could not find the requested resource",
                "could not find the requested resource, are crds installed",
            ],
            Extract.kind),
        .init(.serviceNotFound, ["no object matching key \""], with: [["service"]], Extract.quoted(after: "object matching key ")),
        .init(
            .serviceNotFound,
            ["error obtaining endpoints for service \"", "error getting service \"", "service not found: "],
            Extract.quoted(after: "service "), Extract.token(after: "service not found: ")),
        .init(
            .noHealthyUpstream,
            [
                "no live upstreams", "no healthy upstream", "does not have any active endpoint", "has no server available",
                "no server is available to handle",
            ],
            Extract.upstream, Extract.quoted(after: "service "), Extract.hosts),
        .init(
            .cloudAccessDenied,
            [
                "webidentityerr", "assumerolewithwebidentity", "could not find default credentials", "nocredentialproviders",
                "unable to locate credentials",
            ],
            Extract.hosts),
        .init(
            .cloudAccessDenied,
            [
                "is not authorized to perform:", "expiredtoken", "invalidaccesskeyid", "signaturedoesnotmatch", "authorizationfailed",
                "accessdenied: access denied", "(accessdenied)",
            ],
            Extract.quoted(after: "perform: "), Extract.url),
    ]

    // MARK: Error statuses of HTTP and gRPC dependencies, whose bodies may quote anything

    private static let answers: [SignatureRow] = [
        .init(
            .httpStatus,
            [
                "status code 50", "status code: 50", "status code 404", "status code: 404", "statuscode=50", "statuscode=404",
                "statuscode: 50", "statuscode: 404", "status=50", "status: 50", "status 50", "status: 404", "status 404", "http 50",
                "http status 50", "http response code: 50", "http response code: 404", "returned 50", "returned 404", "responded with 50",
                "responded with status 50", "returned status 50", "502 bad gateway", "503 service unavailable", "504 gateway time",
                "500 internal server error", "404 not found", "404 page not found", "404 client error", "500 server error",
                "502 server error", "503 server error", "504 server error", "bad gateway for url", "service unavailable for url",
                "received 50", "got 50", "status_code=50",
            ],
            unless: ["ready to accept", "listening on"], needs: .host, Extract.url, Extract.hosts, Extract.status)
    ]

    // MARK: Programs that cannot be started

    private static let startUp: [SignatureRow] = [
        .init(
            .execFormat,
            ["exec format error", "bad cpu type in executable", "cannot execute binary file", "is not a valid win32 application"],
            Extract.path, Extract.command),
        .init(.libraryMissing, ["error while loading shared libraries: "], Extract.token(after: "shared libraries: ")),
        .init(.libraryMissing, ["error loading shared library "], Extract.token(after: "shared library ")),
        .init(.libraryMissing, ["cannot open shared object file"], Extract.sharedObject),
        .init(
            .libraryMissing,
            ["version `glibc", "version `cxxabi", "symbol not found", "undefined symbol: ", "error relocating "],
            Extract.quoted(after: "version "), Extract.token(after: "symbol: ")),
        .init(.libraryMissing, ["no module named "], Extract.quoted(after: "no module named "), Extract.token(after: "no module named ")),
        .init(.libraryMissing, ["importerror: "], Extract.quoted(after: "cannot import name "), Extract.token(after: "importerror: ")),
        .init(
            .libraryMissing,
            ["cannot find module ", "cannot find package ", "err_module_not_found"], Extract.quoted(after: "module "),
            Extract.quoted(after: "package ")),
        .init(.libraryMissing, ["cannot load such file -- "], Extract.token(after: "such file -- ")),
        .init(
            .libraryMissing,
            ["could not find gem", "gem::loaderror", "bundler::gemnotfound"], Extract.quoted(after: "gem "),
            Extract.token(after: "could not find ")),
        .init(
            .libraryMissing,
            ["classnotfoundexception: ", "noclassdeffounderror: "], Extract.token(after: "exception: "),
            Extract.token(after: "founderror: ")),
        .init(.libraryMissing, ["could not find or load main class "], Extract.token(after: "main class ")),
        .init(.libraryMissing, ["unsatisfiedlinkerror"], Extract.token(after: "linkerror: ")),
        .init(
            .libraryMissing,
            ["could not load file or assembly ", "unable to load shared library ", "the framework 'microsoft."],
            Extract.quoted(after: "assembly "), Extract.quoted(after: "library "), Extract.quoted(after: "framework ")),
        .init(.libraryMissing, ["unsupportedclassversionerror"], Extract.token(after: "versionerror: ")),
        .init(
            .libraryMissing,
            ["plugin.open(", "failed to open stream: no such file or directory"], with: [["plugin.open", "vendor/autoload"]],
            Extract.path),
        .init(
            .libraryMissing,
            ["^php fatal error:", "fatal error: "], with: [["class \"", "class '", "undefined function"]],
            Extract.quoted(after: "class "), Extract.token(after: "undefined function ")),
        .init(.commandNotFound, [": command not found", "executable file not found in $path", ": applet not found"], Extract.command),
        .init(.commandNotFound, [": not found$"], with: [["sh: ", "bash: ", "ash: ", ": line ", ".sh: "]], Extract.command),
        .init(.commandNotFound, ["exec: "], with: [["no such file or directory", ": not found"]], Extract.command, Extract.path),
        .init(
            .unknownFlag,
            [
                "flag provided but not defined: ", "unknown flag: ", "unknown shorthand flag: ", "unrecognized arguments: ",
                "unrecognized option", "unknown option", "unrecognised option", "unexpected argument '", "unrecognized vm option",
                "invalid option -- ", "illegal option -- ", "is not recognized as an option", "no such option: ", "bad option: ",
                "unknown argument", "unknown command \"", "error: unknown parameter", "unrecognized command-line option",
                "found argument '",
            ],
            unless: ["unknown argument type"], Extract.flag),
    ]

    // MARK: Crashes without a deeper word

    private static let crashes: [SignatureRow] = [
        .init(
            .segmentationFault,
            ["segmentation fault", "sigsegv", "segfault", "signal 11", "access violation"], evenInfo: true, Extract.exceptionName),
        .init(
            .illegalInstruction,
            ["illegal instruction", "sigill", "bad system call", "sigsys", "bus error", "sigbus"], evenInfo: true, Extract.exceptionName),
        .init(
            .assertion,
            [
                "assertion failed", "assertion `", "assertionerror", "assert failed", "terminate called after throwing", "debug_assert",
                "check failed: ", "aborted (core dumped)", "double free or corruption", "stack smashing detected",
                "free(): invalid",
            ],
            Extract.exceptionName),
        .init(
            .panic,
            [
                "^panic: ", "fatal error: all goroutines are asleep", "fatal error: concurrent map", "^fatal error: ", "panicked at ",
                "kernel panic",
            ],
            Extract.exceptionName),
        .init(
            .fatalMessage,
            [
                "bad file format reading the append only file", "can't handle rdb format version",
                "database files are incompatible with server",
                "cannot downgrade", "downgrade is not supported", "checksum mismatch in", "data corruption detected",
            ]),
    ]

    // MARK: Patience

    private static let waiting: [SignatureRow] = [
        .init(
            .waitingFor,
            [
                "waiting for ", "waiting on ", "is unavailable - sleeping", "is not ready yet", "not ready, retrying",
                "not available yet", "is not up yet", "not yet available", "still waiting", "wait-for-it", "wait for ", "waiting until ",
                "not reachable yet", "is unavailable, ", "not yet ready",
            ],
            unless: [
                "timed out waiting for", "waiting for connections", "waiting for requests", "waiting for messages", "waiting for jobs",
                "waiting for events",
                "waiting for work", "waiting for in-flight", "awaiting socket", "waiting for next", "waiting for application startup",
                "waiting for caches", "waiting for cache", "waiting for tasks",
            ],
            evenInfo: true, Extract.waitedFor, Extract.hosts)
    ]
}
