import Hummingbird
import KubernetesClient
import NIOSSL
import TestSupport
import Testing

@Suite struct TLSTests {
    private static func connection(
        _ server: FakeServer, cluster: String, user: String = "{}: {}", host: String = "127.0.0.1", in directory: TemporaryDirectory
    ) throws -> ClusterConnection {
        let file = try directory.write(
            "config",
            """
            current-context: m
            clusters: [{name: c, cluster: {server: 'https://\(host):\(server.port)', \(cluster)}}]
            users: [{name: u, user: {\(user)}}]
            contexts: [{name: m, context: {cluster: c, user: u}}]
            """)
        return try ClusterConnection.resolve(kubeconfig: file, context: nil, environment: ["PATH": "/usr/bin:/bin"])
    }

    /// Asks a TLS server for its version.
    private static func ask(
        _ tls: TLSConfiguration, cluster: String, user: String = "{}: {}", host: String = "127.0.0.1",
        in directory: TemporaryDirectory? = nil, _ check: @escaping @Sendable (ClusterReadError?, FakeServer) -> Void
    ) async throws {
        let directory = try directory ?? TemporaryDirectory()
        try await FakeServer.run(tls: tls, answer: { _, _ in .version }) { server in
            try await withAPI(try connection(server, cluster: cluster, user: user, host: host, in: directory)) { (api) async throws in
                check(await failure { () throws(ClusterReadError) in try await api.version() }, server)
            }
        }
    }

    @Test func `an authority given as data or as a file is trusted`() async throws {
        let certificates = try await TestCertificates.shared()
        for cluster in [
            "certificate-authority-data: \(try certificates.base64("ca.crt"))", "certificate-authority: '\(certificates.file("ca.crt"))'",
        ] {
            try await Self.ask(try certificates.server(), cluster: cluster) { error, server in
                #expect(error == nil)
                #expect(server.seen.count == 1)
            }
        }
    }

    @Test func `a file beside the kubeconfig is found by its name`() async throws {
        let certificates = try await TestCertificates.shared()
        let directory = try TemporaryDirectory()
        try directory.write("my-ca.crt", try certificates.text("ca.crt"))
        try await Self.ask(try certificates.server(), cluster: "certificate-authority: my-ca.crt", in: directory) { error, _ in
            #expect(error == nil)
        }
    }

    @Test(arguments: ["other-ca", "system"]) func `a server of another authority is refused at once and told why`(_ authority: String)
        async throws
    {
        let certificates = try await TestCertificates.shared()
        let cluster = authority == "system" ? "{}: {}" : "certificate-authority-data: \(try certificates.base64("\(authority).crt"))"
        let start = ContinuousClock.now
        try await Self.ask(try certificates.server(), cluster: cluster) { error, server in
            guard case .unreachable(let message) = error else {
                Issue.record("got \(String(describing: error))")
                return
            }
            #expect(message.contains("not signed by the configured certificate authority"), "\(message)")
            #expect(server.seen.isEmpty)
        }
        #expect(start.duration(to: .now) < .seconds(10))
    }

    @Test func `verification can be switched off`() async throws {
        try await Self.ask(try await TestCertificates.shared().server("named-server"), cluster: "insecure-skip-tls-verify: true") {
            error, _ in
            #expect(error == nil)
        }
    }

    @Test func `a certificate for another name is refused unless that name is configured`() async throws {
        let certificates = try await TestCertificates.shared()
        let authority = "certificate-authority-data: \(try certificates.base64("ca.crt"))"
        try await Self.ask(try certificates.server("named-server"), cluster: authority) { error, _ in
            guard case .unreachable(let message) = error else {
                Issue.record("got \(String(describing: error))")
                return
            }
            #expect(message.contains("tls-server-name"), "\(message)")
        }
        try await Self.ask(try certificates.server("named-server"), cluster: authority + ", tls-server-name: api.cluster.test") {
            error, server in
            #expect(error == nil)
            #expect(server.seen.count == 1)
        }
    }

    @Test func `an authority and no verification exclude each other`() async throws {
        let certificates = try await TestCertificates.shared()
        let directory = try TemporaryDirectory()
        let data = try certificates.base64("ca.crt")
        try await FakeServer.run(answer: { _, _ in .version }) { server in
            #expect(throws: ClusterReadError.self) {
                try Self.connection(server, cluster: "insecure-skip-tls-verify: true, certificate-authority-data: \(data)", in: directory)
            }
        }
    }

    @Test func `a client certificate is shown, from data or files`() async throws {
        let certificates = try await TestCertificates.shared()
        let cluster = "certificate-authority-data: \(try certificates.base64("ca.crt"))"
        let users = [
            "client-certificate-data: \(try certificates.base64("client.crt")), client-key-data: \(try certificates.base64("client.key"))",
            "client-certificate: '\(certificates.file("client.crt"))', client-key: '\(certificates.file("client.key"))'",
        ]
        for user in users {
            try await Self.ask(try certificates.server(requiresClient: true), cluster: cluster, user: user) { error, server in
                #expect(error == nil)
                #expect(server.seen.count == 1)
            }
        }
    }

    @Test func `a server that wants a client certificate refuses us without one`() async throws {
        let certificates = try await TestCertificates.shared()
        let cluster = "certificate-authority-data: \(try certificates.base64("ca.crt"))"
        try await Self.ask(try certificates.server(requiresClient: true), cluster: cluster) { error, server in
            guard case .unreachable = error else {
                Issue.record("got \(String(describing: error))")
                return
            }
            #expect(server.seen.isEmpty)
        }
    }

    @Test func `a key of another certificate is refused before asking`() async throws {
        let certificates = try await TestCertificates.shared()
        let directory = try TemporaryDirectory()
        let user = "client-certificate: '\(certificates.file("client.crt"))', client-key: '\(certificates.file("server.key"))'"
        try await FakeServer.run(answer: { _, _ in .version }) { server in
            #expect(throws: ClusterReadError.self) { try Self.connection(server, cluster: "{}: {}", user: user, in: directory) }
        }
    }

    @Test func `a client certificate from a credential plugin is shown`() async throws {
        let certificates = try await TestCertificates.shared()
        let directory = try TemporaryDirectory()
        let quoted = { (name: String) in try certificates.text(name).replacing("\n", with: "\\n") }
        try directory.write(
            "credential",
            """
            {"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":\
            {"clientCertificateData":"\(try quoted("client.crt"))","clientKeyData":"\(try quoted("client.key"))"}}
            """)
        try directory.write("plugin", "#!/bin/sh\ncat \"$(dirname \"$0\")/credential\"\n", isExecutable: true)
        try await Self.ask(
            try certificates.server(requiresClient: true), cluster: "certificate-authority-data: \(try certificates.base64("ca.crt"))",
            user: "exec: {apiVersion: client.authentication.k8s.io/v1, command: ./plugin}", in: directory
        ) { error, server in
            #expect(error == nil)
            #expect(server.seen.count == 1)
        }
    }

    @Test func `plain HTTP on the other end is told, not awaited`() async throws {
        let directory = try TemporaryDirectory()
        try await FakeServer.run(answer: { _, _ in .version }) { server in
            try await withAPI(try Self.connection(server, cluster: "{}: {}", in: directory)) { (api) async throws in
                guard case .unreachable = await failure({ () throws(ClusterReadError) in try await api.version() }) else {
                    Issue.record("not unreachable")
                    return
                }
            }
        }
    }
}
