import Foundation
import Hummingbird
import Testing

@testable import KubernetesClient

@Suite struct CredentialTests {
    /// A kubeconfig for the server with these user members, in a directory of its own.
    private static func connection(
        _ server: FakeServer, user: String, in directory: TemporaryDirectory, environment: [String: String] = ["PATH": "/usr/bin:/bin"]
    ) throws -> ClusterConnection {
        let file = try directory.write(
            "config",
            """
            current-context: m
            clusters: [{name: c, cluster: {server: '\(server.address)'}}]
            users: [{name: u, user: {\(user)}}]
            contexts: [{name: m, context: {cluster: c, user: u}}]
            """)
        return try ClusterConnection.resolve(kubeconfig: file, context: nil, environment: environment)
    }

    private static let exec =
        "exec: {apiVersion: client.authentication.k8s.io/v1, command: ./plugin, args: [one, 'two three'], env: [{name: COLOUR, value: blue}]"

    /// A plugin that counts its runs in the file `runs` and prints this status.
    private static func plugin(_ status: String, apiVersion: String = "client.authentication.k8s.io/v1", before: String = "") -> String {
        """
        #!/bin/sh
        cd "$(dirname "$0")"
        echo run >> runs
        n=$(wc -l < runs | tr -d ' ')
        \(before)
        cat <<END
        {"apiVersion":"\(apiVersion)","kind":"ExecCredential","status":\(status)}
        END
        """
    }

    private static func runs(_ directory: TemporaryDirectory) throws -> Int {
        try directory.read("runs").split(separator: "\n").count
    }

    @Test(arguments: [("token: abc.def", "Bearer abc.def"), ("username: me, password: 'p:w'", "Basic bWU6cDp3"), ("{}: {}", nil)])
    func `a fixed credential is sent with every request`(_ user: String, _ header: String?) async throws {
        let directory = try TemporaryDirectory()
        try await FakeServer.run(answer: { _, _ in .version }) { server in
            try await withAPI(try Self.connection(server, user: user, in: directory)) { (api) async throws in
                _ = try await api.version()
                _ = try await api.version()
            }
            #expect(server.seen.map(\.authorization) == [header, header])
        }
    }

    @Test func `a token file is read relative to the kubeconfig and wins over a token`() async throws {
        let directory = try TemporaryDirectory()
        try directory.write("token", "from-file\n")
        try await FakeServer.run(answer: { _, _ in .version }) { server in
            try await withAPI(try Self.connection(server, user: "tokenFile: token, token: fixed", in: directory)) {
                _ = try await $0.version()
            }
            #expect(server.seen.first?.authorization == "Bearer from-file")
        }
    }

    @Test func `a token beside an unreadable token file is used`() async throws {
        let directory = try TemporaryDirectory()
        try await FakeServer.run(answer: { _, _ in .version }) { server in
            try await withAPI(try Self.connection(server, user: "tokenFile: absent, token: fixed", in: directory)) {
                _ = try await $0.version()
            }
            #expect(server.seen.first?.authorization == "Bearer fixed")
        }
    }

    @Test func `a token file is read again as it rotates, and its last token kept while it cannot be read`() async throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write("token", "first")
        let source = TokenFileSource(file: TokenFile(path: path, fallback: nil, rereadInterval: .zero))
        #expect(try await source.current().authorization == "Bearer first")
        try directory.write("token", "second")
        #expect(try await source.current().authorization == "Bearer second")
        try FileManager.default.removeItem(atPath: path)
        #expect(try await source.current().authorization == "Bearer second")
        try directory.write("token", "  \n")
        #expect(try await source.current().authorization == "Bearer second")
        try directory.write("token", "third")
        #expect(try await source.current().authorization == "Bearer third")
    }

    @Test func `a token file is not read for every request`() async throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write("token", "first")
        let source = TokenFileSource(file: TokenFile(path: path, fallback: nil, rereadInterval: .seconds(3_600)))
        #expect(try await source.current().authorization == "Bearer first")
        try directory.write("token", "second")
        #expect(try await source.current().authorization == "Bearer first")
    }

    @Test func `a rotated token file is read at once after a 401`() async throws {
        let directory = try TemporaryDirectory()
        try directory.write("token", "old")
        try await FakeServer.run(answer: { request, _ in
            request.authorization == "Bearer new" ? .version : .failure(401, "token expired")
        }) { server in
            try await withAPI(try Self.connection(server, user: "tokenFile: token", in: directory)) { (api) async throws in
                #expect(await failure { () throws(ClusterReadError) in try await api.version() } == .unauthorized("token expired"))
                try directory.write("token", "new")
                #expect(try await api.version() == "v1.36.2")
            }
            #expect(server.seen.map(\.authorization) == ["Bearer old", "Bearer old", "Bearer new"])
        }
    }

    @Test func `a plugin runs once for many requests, with its arguments and variables`() async throws {
        let directory = try TemporaryDirectory()
        try directory.write(
            "plugin", Self.plugin(#"{"token":"tok-$n"}"#, before: #"echo "$#|$2|$COLOUR|$KUBERNETES_EXEC_INFO" > seen"#), isExecutable: true
        )
        try await FakeServer.run(answer: { _, _ in .version }) { server in
            try await withAPI(try Self.connection(server, user: Self.exec + ", provideClusterInfo: true}", in: directory)) {
                (api) async throws in
                try await withThrowingTaskGroup(of: String.self) { group in
                    for _ in 0..<6 { group.addTask { try await api.version() } }
                    for try await _ in group {}
                }
            }
            #expect(server.seen.map(\.authorization) == Array(repeating: "Bearer tok-1", count: 6))
            #expect(try Self.runs(directory) == 1)
            let seen = try directory.read("seen")
            #expect(seen.hasPrefix("2|two three|blue|{"))
            #expect(seen.contains(#""kind":"ExecCredential""#))
            #expect(seen.contains(#""server":"\#(server.address)""#))
            #expect(seen.contains(#""interactive":false"#))
        }
    }

    @Test func `an expired credential is obtained again`() async throws {
        let directory = try TemporaryDirectory()
        try directory.write("plugin", Self.plugin(#"{"token":"tok-$n","expirationTimestamp":"2020-01-01T00:00:00Z"}"#), isExecutable: true)
        try await FakeServer.run(answer: { _, _ in .version }) { server in
            try await withAPI(try Self.connection(server, user: Self.exec + "}", in: directory)) { (api) async throws in
                _ = try await api.version()
                _ = try await api.version()
            }
            #expect(server.seen.map(\.authorization) == ["Bearer tok-1", "Bearer tok-2"])
        }
    }

    @Test func `a credential is kept until it expires`() async throws {
        let directory = try TemporaryDirectory()
        try directory.write("plugin", Self.plugin(#"{"token":"tok-$n","expirationTimestamp":"2100-01-01T00:00:00Z"}"#), isExecutable: true)
        let plugin = ExecPlugin(
            place: "test", apiVersion: "client.authentication.k8s.io/v1", executable: directory.path + "/plugin", arguments: [],
            environment: ["PATH": "/usr/bin:/bin"], installHint: nil)
        let clock = TestClock(Date(timeIntervalSince1970: 4_102_444_799))  // one second before
        let source = ExecCredentialSource(plugin: plugin) { clock.now }
        #expect(try await source.current().authorization == "Bearer tok-1")
        #expect(try await source.current().authorization == "Bearer tok-1")
        clock.advance(1)
        #expect(try await source.current().authorization == "Bearer tok-2")
    }

    @Test func `a plugin runs again once after a 401, and no more`() async throws {
        let directory = try TemporaryDirectory()
        try directory.write("plugin", Self.plugin(#"{"token":"tok-$n"}"#), isExecutable: true)
        try await FakeServer.run(answer: { request, _ in
            request.authorization == "Bearer tok-2" ? .version : .failure(401, "who are you")
        }) { server in
            try await withAPI(try Self.connection(server, user: Self.exec + "}", in: directory)) { (api) async throws in
                #expect(try await api.version() == "v1.36.2")
            }
            #expect(server.seen.count == 2)
        }
        try await FakeServer.run(answer: { _, _ in .failure(401, "who are you") }) { server in
            try await withAPI(try Self.connection(server, user: Self.exec + "}", in: directory)) { (api) async throws in
                #expect(await failure { () throws(ClusterReadError) in try await api.version() } == .unauthorized("who are you"))
            }
            #expect(server.seen.count == 2)
        }
    }

    @Test func `the beta version of the plugin protocol is accepted`() async throws {
        let directory = try TemporaryDirectory()
        let beta = "client.authentication.k8s.io/v1beta1"
        try directory.write("plugin", Self.plugin(#"{"token":"t"}"#, apiVersion: beta), isExecutable: true)
        try await FakeServer.run(answer: { _, _ in .version }) { server in
            let user = "exec: {apiVersion: \(beta), command: \(directory.path)/plugin}"
            try await withAPI(try Self.connection(server, user: user, in: directory)) { _ = try await $0.version() }
            #expect(server.seen.first?.authorization == "Bearer t")
        }
    }

    @Test(arguments: [
        ("exit 3", #"{"token":"t"}"#, "failed with exit code 3"),
        ("echo 'log in \u{1B}[31mfirst' >&2; exit 1", "{}", "exit code 1: log in [31mfirst"),
        ("", "{}", "neither a token nor a client certificate"), ("", #"{"token":"a b"}"#, "characters that no token has"),
        ("", #"{"token":"t","expirationTimestamp":"soon"}"#, "no RFC 3339 time"),
        ("echo nonsense; exit 0", "{}", "printed no ExecCredential"),
        ("", #"{"clientCertificateData":"x"}"#, "without its key"), ("yes | head -c 2000000; exit 0", "{}", "more than 1 MiB"),
        ("kill -9 $$", "{}", "failed with exit code"),
    ])
    func `a plugin that does not deliver is told with its words`(_ before: String, _ status: String, _ words: String) async throws {
        let directory = try TemporaryDirectory()
        try directory.write("plugin", Self.plugin(status, before: before), isExecutable: true)
        try await FakeServer.run(answer: { _, _ in .version }) { server in
            try await withAPI(try Self.connection(server, user: Self.exec + "}", in: directory)) { (api) async throws in
                let error = await failure { () throws(ClusterReadError) in try await api.version() }
                guard case .configuration(let message) = error else {
                    Issue.record("got \(String(describing: error))")
                    return
                }
                #expect(message.contains(words), "\(message)")
                #expect(message.contains(#"user "u""#))
            }
            #expect(server.seen.isEmpty)
        }
    }

    @Test func `a plugin that answers in another version is refused`() async throws {
        let directory = try TemporaryDirectory()
        try directory.write(
            "plugin", Self.plugin(#"{"token":"t"}"#, apiVersion: "client.authentication.k8s.io/v1beta1"), isExecutable: true)
        try await FakeServer.run(answer: { _, _ in .version }) { server in
            try await withAPI(try Self.connection(server, user: Self.exec + "}", in: directory)) { (api) async throws in
                let error = await failure { () throws(ClusterReadError) in try await api.version() }
                #expect(error?.message.contains("another apiVersion") == true)
            }
        }
    }

    @Test func `a plugin that hangs is stopped at its deadline`() async throws {
        let directory = try TemporaryDirectory()
        let file = try directory.write("plugin", "#!/bin/sh\nexec sleep 60\n", isExecutable: true)
        let plugin = ExecPlugin(
            place: "test", apiVersion: "client.authentication.k8s.io/v1", executable: file, arguments: [],
            environment: ["PATH": "/usr/bin:/bin"], installHint: nil, deadline: .milliseconds(200))
        let start = ContinuousClock.now
        let error = await failure { () throws(ClusterReadError) in try await ExecCredentialSource(plugin: plugin).current() }
        #expect(error?.message.contains("did not end within") == true)
        #expect(start.duration(to: .now) < .seconds(10))
    }
}
