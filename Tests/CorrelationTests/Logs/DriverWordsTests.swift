import Foundation
import Testing

@testable import Correlation

/// Words of single drivers, clients and servers, and words of theirs that look like a failure and are none.
@Suite struct DriverWordsTests {
    static let connections: [SignatureCase] = [
        .init(
            #"Get "https://ledger:8443/entries": net/http: TLS handshake timeout"#, .connectionTimeout, host: "ledger", port: 8443),
        .init(#"2026/11/23 18:58:24 cannot dial mongo: no reachable servers"#, .connectionTimeout),
        .init(
            #"2026-11-23 18:58:24.433 ERROR [main] c.a.n.c.remote.client : [a1b2] Server check fail, please check server nacos-server ,port 9848 is available , error ={}"#,
            .connectionRefused, host: "nacos-server", port: 9848),
        .init(#"ERROR could not connect to broker at amqp://mq:5672 after 5 attempts"#, .connectionFailed, host: "mq", port: 5672),
        .init(#"ERROR failed to connect to inventory-db"#, .connectionFailed, host: "inventory-db"),
        .init(#"ERROR unable to reach catalog:8080"#, .connectionFailed, host: "catalog", port: 8080),
        .init(
            #"MongoServerError: SSLHandshakeFailed: The server is configured to only allow SSL connections"#, .protocolMismatch),
    ]

    static let identities: [SignatureCase] = [
        .init(
            #"connection() error occurred during connection handshake: auth error: sasl conversation error: unable to authenticate using mechanism "SCRAM-SHA-256": (AuthenticationFailed) Authentication failed."#,
            .credentialsRejected),
        .init(#"MongoServerError: UserNotFound: Could not find user "ledger" for db "admin""#, .credentialsRejected, user: "ledger"),
    ]

    static let databases: [SignatureCase] = [
        .init(#"psycopg2.errors.UndefinedTable: relation "coupons" does not exist"#, .databaseMissing, name: "coupons"),
        .init(#"PG::UndefinedTable: ERROR:  relation "coupons" does not exist"#, .databaseMissing, name: "coupons"),
        .init(
            #"sqlalchemy.exc.ProgrammingError: (psycopg2.errors.UndefinedColumn) column orders.coupon_id does not exist"#,
            .databaseMissing),
        .init(
            #"ReplyError: MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk. Commands that may modify the data set are disabled"#,
            .databaseReadOnly),
        .init(
            #"2026-11-23T18:58:09.123456Z 1 [ERROR] [MY-012592] [InnoDB] Operating system error number 13 in a file operation."#,
            .permissionDenied),
    ]

    static let settings: [SignatureCase] = [
        .init(
            #"PHP Fatal error:  Uncaught PDOException: could not find driver in /var/www/html/src/Database.php:14"#, .libraryMissing),
        .init(
            #"Unhandled exception. System.ArgumentNullException: Value cannot be null. (Parameter 'connectionString')"#,
            .configurationMissing, name: "connectionString"),
        .init(
            #"java.lang.IllegalArgumentException: requirement failed: inter.broker.listener.name must be a listener name defined in advertised.listeners. The valid options based on currently configured listeners are PLAINTEXT"#,
            .configurationInvalid),
        .init(
            #"thread 'main' panicked at src/main.rs:14:52: called `Result::unwrap()` on an `Err` value: NotPresent"#,
            .configurationMissing),
    ]

    @Test(arguments: connections) func `failures to connect are read`(_ expected: SignatureCase) throws { try Self.check(expected) }

    @Test(arguments: identities) func `refused identities are read`(_ expected: SignatureCase) throws { try Self.check(expected) }

    @Test(arguments: databases) func `answers of databases are read`(_ expected: SignatureCase) throws { try Self.check(expected) }

    @Test(arguments: settings) func `settings and libraries that are missing are read`(_ expected: SignatureCase) throws {
        try Self.check(expected)
    }

    @Test(arguments: [
        "INFO signal handlers installed for SIGTERM, SIGINT and SIGABRT",
        "INFO the service will be able to connect to peers once started",
        "INFO clients are able to connect to port 5432",
    ])
    func `words that only look like a failure are none`(_ text: String) {
        let findings = LogReading(text, now: logTestTime).findings
        #expect(findings.isEmpty, "\(findings.map(\.signature))")
    }

    @Test func `a dialect that Hibernate cannot ask for is no missing setting`() {
        let text =
            "Caused by: org.hibernate.HibernateException: Access to DialectResolutionInfo cannot be null when 'hibernate.dialect' not set"
        #expect(!LogReading(text, now: logTestTime).findings.contains { $0.signature == .configurationMissing })
    }

    @Test func `the field that Pydantic misses stands on the line before`() throws {
        let text = """
            pydantic_core._pydantic_core.ValidationError: 1 validation error for Settings
            database_url
              Field required [type=missing, input_value={'port': '8080'}, input_type=dict]
            """
        let found = try #require(LogReading(text, now: logTestTime).findings.first)
        #expect(found.signature == .configurationMissing || found.signature == .configurationInvalid)
        #expect(found.name != "port" && found.name != "missing")
    }

    @Test func `MongoDB that turns a client away is not the one at fault`() throws {
        let text =
            #"{"t":{"$date":"2026-11-23T18:58:31.204+00:00"},"s":"I","c":"ACCESS","id":20249,"ctx":"conn1204","msg":"Authentication failed","attr":{"mechanism":"SCRAM-SHA-256","principalName":"ledger","authenticationDatabase":"admin","remote":"10.244.1.9:41220","error":"UserNotFound: Could not find user \"ledger\" for db \"admin\""}}"#
        let findings = LogReading(text, now: logTestTime).findings
        #expect(findings.allSatisfy { $0.isServerSide && !$0.isFatal }, "\(findings.map(\.signature))")
    }

    @Test(arguments: ["user", "database", "dbname"]) func `words in front of a value are no hosts`(_ word: String) throws {
        let found = try #require(LogReading("ERROR failed to connect to \(word) 'shop'", now: logTestTime).findings.first)
        #expect(found.host != word)
    }

    @Test func `a link to curl's documentation names no host`() throws {
        let text =
            "ERROR curl: (60) SSL certificate problem: unable to get local issuer certificate. More details: https://curl.haxx.se/docs/sslcerts.html"
        let found = try #require(LogReading(text, now: logTestTime).findings.first)
        #expect(found.signature == .certificateInvalid)
        #expect(found.host == nil)
    }

    private static func check(_ expected: SignatureCase) throws {
        let found = try #require(LogReading(expected.text, now: logTestTime).findings.first)
        #expect(found.signature == expected.signature)
        if let host = expected.host { #expect(found.host == host) }
        if let port = expected.port { #expect(found.port == port) }
        if let name = expected.name { #expect(found.name == name) }
        if let user = expected.user { #expect(found.user == user) }
    }
}
