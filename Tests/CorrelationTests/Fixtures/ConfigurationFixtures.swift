import Foundation
import IncidentModel
import TestSupport
import Testing

/// What the last words of a program that dies say about its settings, files, credentials and limits.
@Suite struct ConfigurationFixtures {
    struct Death: Sendable, CustomTestStringConvertible {
        let cause: CauseCode
        let log: String
        var details: [String: String] = [:]
        var container = ContainerShape("web")
        var testDescription: String { "\(cause.rawValue): \(log.prefix(90))" }
    }

    static let deaths: [Death] = [
        .init(cause: .configurationMissing, log: "KeyError: 'PAYMENT_URL'", details: ["key": "PAYMENT_URL"]),
        .init(
            cause: .configurationMissing, log: "panic: required environment variable PAYMENT_URL is not set",
            details: ["key": "PAYMENT_URL"]),
        .init(
            cause: .configurationMissing,
            log: "Error: Missing required environment variable: PAYMENT_URL\n    at Object.<anonymous> (/app/config.js:3:9)",
            details: ["key": "PAYMENT_URL"]),
        .init(
            cause: .configurationMissing,
            log: "Caused by: java.lang.IllegalArgumentException: Could not resolve placeholder 'payment.url' in value \"${payment.url}\"",
            details: ["key": "payment.url"]),
        .init(
            cause: .configurationMissing, log: "open /etc/app/config.yaml: no such file or directory",
            details: ["path": "/etc/app/config.yaml"]),
        .init(
            cause: .configurationMissing,
            log:
                "Error: Database is uninitialized and superuser password is not specified.\n       You must specify POSTGRES_PASSWORD to a non-empty value for the\n       superuser."
        ),
        .init(cause: .configurationInvalid, log: "panic: yaml: line 7: mapping values are not allowed in this context"),
        .init(cause: .configurationInvalid, log: "nginx: [emerg] unknown directive \"proxy_passs\" in /etc/nginx/conf.d/default.conf:8"),
        .init(cause: .configurationInvalid, log: "unknown flag: --liten-addr\nUsage:\n  cart [flags]"),
        .init(cause: .configurationInvalid, log: "usage: app.py [-h] [--port PORT]\napp.py: error: unrecognized arguments: --prot 80"),
        .init(cause: .credentialsRejected, log: "FATAL: password authentication failed for user \"cart\"", details: ["user": "cart"]),
        .init(
            cause: .credentialsRejected, log: "ERROR 1045 (28000): Access denied for user 'cart'@'10.244.0.9' (using password: YES)",
            details: ["user": "cart"]),
        .init(
            cause: .credentialsRejected,
            log: "redis.exceptions.AuthenticationError: WRONGPASS invalid username-password pair or user is disabled."),
        .init(
            cause: .databaseSchemaMissing,
            log: "sqlalchemy.exc.ProgrammingError: (psycopg2.errors.UndefinedTable) relation \"orders\" does not exist",
            details: ["reference": "orders"]),
        .init(cause: .databaseSchemaMissing, log: "Error 1049 (42000): Unknown database 'orders'", details: ["reference": "orders"]),
        .init(cause: .databaseReadOnly, log: "ERROR: cannot execute INSERT in a read-only transaction"),
        .init(cause: .poolExhausted, log: "FATAL: sorry, too many clients already"),
        .init(cause: .filePermissionDenied, log: "open /data/index.db: permission denied", details: ["path": "/data/index.db"]),
        .init(
            cause: .filePermissionDenied, log: "mkdir: cannot create directory '/data/cache': Permission denied",
            details: ["path": "/data/cache"]),
        .init(cause: .readOnlyFileSystem, log: "OSError: [Errno 30] Read-only file system: '/app/cache'", details: ["path": "/app/cache"]),
        .init(cause: .portConflict, log: "listen tcp :8080: bind: address already in use", details: ["port": "8080"]),
        .init(cause: .portConflict, log: "Error: listen EADDRINUSE: address already in use :::3000", details: ["port": "3000"]),
        .init(cause: .privilegedPortDenied, log: "listen tcp :80: bind: permission denied", details: ["port": "80"]),
        .init(
            cause: .privilegedPortDenied, log: "nginx: [emerg] bind() to 0.0.0.0:80 failed (13: Permission denied)", details: ["port": "80"]
        ),
        .init(cause: .diskFull, log: "write /data/wal/000001: no space left on device", details: ["path": "/data/wal/000001"]),
        .init(
            cause: .processLimitReached,
            log: "java.lang.OutOfMemoryError: unable to create native thread: possibly out of memory or process/resource limits reached"),
        .init(cause: .processLimitReached, log: "accept4: too many open files"),
        .init(cause: .libraryMissing, log: "ModuleNotFoundError: No module named 'yaml'", details: ["reference": "yaml"]),
        .init(
            cause: .libraryMissing, log: "Error: Cannot find module 'express'\nRequire stack:\n- /app/server.js",
            details: ["reference": "express"]),
        .init(
            cause: .certificateInvalid,
            log:
                "Get \"https://partner.example.com/api\": tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-11-23T18:00:00Z is after 2026-11-01T00:00:00Z"
        ),
        .init(cause: .applicationError, log: "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory"),
        .init(cause: .applicationError, log: "Exception in thread \"main\" java.lang.OutOfMemoryError: Java heap space"),
    ]

    @Test(arguments: deaths) func `the last words of a program that dies name the cause`(_ death: Death) throws {
        var cluster = ClusterBuilder()
        cluster.deployment("cart", TemplateShape([death.container]), pods: [.crashLooping(.init(1, afterSeconds: 2))])
        cluster.log("cart", previous: true, "starting cart 2.3.1\n" + death.log)
        try ContainerFixture.expect(death.cause, death.details.merging(["container": "web"]) { $1 }, in: cluster)
    }

    @Test(arguments: deaths) func `the same words in a healthy pod mean nothing`(_ death: Death) throws {
        var cluster = ClusterBuilder()
        cluster.deployment("cart", TemplateShape([death.container]))
        cluster.service("cart")
        cluster.log("cart", "starting cart 2.3.1\n" + death.log + "\nready to serve")
        try ContainerFixture.expectSilence(in: cluster)
    }

    @Test(arguments: deaths) func `the words in a healthy neighbour change no answer`(_ death: Death) throws {
        var cluster = ClusterBuilder()
        cluster.deployment("cart", TemplateShape([ContainerShape("web", limits: ["memory": "64Mi"])]), pods: [.crashLooping(.outOfMemory)])
        cluster.deployment("prices", TemplateShape([ContainerShape("prices")]))
        cluster.service("prices")
        cluster.log("prices", death.log)
        try ContainerFixture.expect(.memoryLimitExceeded, ["container": "web"], in: cluster)
        let report = try diagnose(cluster.evidence(), ContainerFixture.vague, namespace: "shop")
        #expect(!report.confident.contains { $0.object.name == "prices" }, "got \(report.words)")
    }

    @Test(arguments: [
        "Traceback (most recent call last):\n  File \"/app/main.py\", line 7, in <module>\n    port = int(os.environ[\"PORT\"])\n           ^^^^^^^^^^^^^^^^^^^^^^^\nValueError: invalid literal for int() with base 10: 'eighty'",
        "Exception in thread \"main\" java.lang.NumberFormatException: For input string: \"eighty\"\n\tat java.base/java.lang.Integer.parseInt(Integer.java:652)\n\tat shop.Cart.main(Cart.java:9)",
        "panic: strconv.Atoi: parsing \"eighty\": invalid syntax\n\ngoroutine 1 [running]:\nmain.main()\n\t/src/main.go:9 +0x1d",
    ])
    func `a value that the program cannot read is a wrong setting`(_ log: String) throws {
        var cluster = ClusterBuilder()
        cluster.deployment(
            "cart", TemplateShape([ContainerShape("web", env: ["PORT": "eighty", "MODE": "fast"])]), pods: [.crashLooping(.init(1))])
        cluster.log("cart", previous: true, log)
        try ContainerFixture.expect(.configurationInvalid, ["key": "PORT", "found": "eighty", "field": "env"], in: cluster)
        // The same words about a value that no setting has are a fault of the program, or of its data.
        var other = ClusterBuilder()
        other.deployment("cart", TemplateShape([ContainerShape("web", env: ["MODE": "fast"])]), pods: [.crashLooping(.init(1))])
        other.log("cart", previous: true, log)
        try ContainerFixture.expect(.applicationError, in: other)
    }

    @Test func `a setting that the last revision still had is the change that broke it`() throws {
        var cluster = ClusterBuilder()
        let new = TemplateShape([ContainerShape("web", env: ["MODE": "fast"])])
        let old = TemplateShape([ContainerShape("web", env: ["MODE": "fast", "PAYMENT_URL": "http://pay"])])
        cluster.deployment("cart", new, pods: [.crashLooping(.init(1))], revision: 2)
        cluster.replicaSet(of: "cart", old, pods: [.running], revision: 1)
        cluster.log("cart", previous: true, "KeyError: 'PAYMENT_URL'")
        try ContainerFixture.expect(.configurationMissing, ["key": "PAYMENT_URL"], level: .high, in: cluster)
    }

    @Test func `two containers of a pod on one port conflict`() throws {
        var cluster = ClusterBuilder()
        let template = TemplateShape([ContainerShape("web", ports: [8080]), ContainerShape("admin", ports: [8080])])
        cluster.deployment("cart", template, pods: [PodShape(.running, others: ["admin": .crashLooping(.init(1, afterSeconds: 1))])])
        cluster.log("cart", container: "admin", previous: true, "listen tcp :8080: bind: address already in use")
        try ContainerFixture.expect(.portConflict, ["container": "admin", "port": "8080"], level: .high, in: cluster)
    }

    @Test func `an OOMKilled state outranks a log line about something else`() throws {
        var cluster = ClusterBuilder()
        cluster.deployment("cart", TemplateShape([ContainerShape("web", limits: ["memory": "64Mi"])]), pods: [.crashLooping(.outOfMemory)])
        cluster.log("cart", previous: true, "WARN open /data/cache/7: permission denied\nloading 9000 items")
        try ContainerFixture.expect(.memoryLimitExceeded, level: .high, in: cluster)
    }

    @Test func `a failure at start that was overcome is not why it fails now`() throws {
        var cluster = ClusterBuilder()
        cluster.deployment("cart", TemplateShape([ContainerShape("web")]), pods: [.crashLooping(.init(1, afterSeconds: 40))])
        cluster.log(
            "cart", previous: true,
            """
            WARN dial tcp 10.96.0.7:6379: connect: connection refused, retrying in 1s
            INFO connected to redis
            INFO serving
            panic: runtime error: index out of range [5] with length 3

            goroutine 1 [running]:
            main.main()
            \t/src/main.go:9 +0x1d
            """)
        try ContainerFixture.expect(.applicationError, ["container": "web"], in: cluster)
    }

    @Test func `secrets in log lines are masked in everything the report says`() throws {
        let secrets = [
            "hunter2secret", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
            "AKIAIOSFODNN7EXAMPLE", "ghp_16C7e42F292c6912E7710c838347Ae178B4a", "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC",
        ]
        let lines = [
            "panic: dial postgres://cart:hunter2secret@db.example.com:5432/cart: password authentication failed for user \"cart\"",
            "Error: invalid configuration: Authorization: Bearer \(secrets[1])",
            "ValueError: bad setting aws_access_key_id=AKIAIOSFODNN7EXAMPLE password=hunter2secret",
            "RuntimeError: clone https://ghp_16C7e42F292c6912E7710c838347Ae178B4a@github.com/acme/x failed",
            "RuntimeError: bad key -----BEGIN PRIVATE KEY----- MIIEvQIBADANBgkqhkiG9w0BAQEFAASC -----END PRIVATE KEY-----",
        ]
        for line in lines {
            var cluster = ClusterBuilder()
            cluster.deployment("cart", pods: [.crashLooping(.init(1, message: line))])
            cluster.log("cart", previous: true, line)
            let bytes = try diagnose(cluster.evidence(), ContainerFixture.vague, namespace: "shop").bytes
            let text = String(decoding: bytes, as: UTF8.self)
            for secret in secrets { #expect(!text.contains(secret), "\(line)") }
        }
    }
}
