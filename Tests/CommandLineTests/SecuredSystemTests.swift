import Foundation
import TestSupport
import Testing

/// Both services over TLS, the agent wanting a token and a client certificate, the orchestrator wanting a key: as in production.
@Suite(.serialized)
struct SecuredSystemTests {
    struct System {
        let replay: RunningProcess
        let agent: RunningProcess
        let agentPort: Int
    }

    static let token = ["SRE_AGENT_TOKEN": "a-token-for-tests"]

    private static func server(_ certificates: TestCertificates, clientCA: Bool) -> [String: String] {
        var environment = ["SRE_TLS_CERTIFICATE": certificates.file("server.crt"), "SRE_TLS_KEY": certificates.file("server.key")]
        if clientCA { environment["SRE_TLS_CLIENT_CA"] = certificates.file("ca.crt") }
        return environment
    }

    static func system(_ certificates: TestCertificates) async throws -> System {
        let root = URL(filePath: #filePath).appending(path: "../../..").standardizedFileURL
        let kubeconfig = FileManager.default.temporaryDirectory.appending(path: "kubeconfig-\(UUID().uuidString)").path
        let scenario = root.appending(path: "scenarios/55-chain-of-three").path
        let replay = try RunningProcess(["replay", scenario, "--port", "0", "--write-kubeconfig", kubeconfig])
        _ = try await replay.port()
        let agent = try RunningProcess(
            ["k8s-agent", "--port", "0", "--kubeconfig", kubeconfig],
            environment: token.merging(server(certificates, clientCA: true)) { $1 })
        let system = System(replay: replay, agent: agent, agentPort: try await agent.port())
        try? FileManager.default.removeItem(atPath: kubeconfig)
        return system
    }

    /// What the orchestrator is told.
    static func environment(_ system: System, _ certificates: TestCertificates) -> [String: String] {
        var environment = server(certificates, clientCA: false).merging(token) { $1 }
        environment["SRE_STORE"] = "memory"
        environment["SRE_AGENT_URL"] = "https://127.0.0.1:\(system.agentPort)"
        environment["SRE_AGENT_CA"] = certificates.file("ca.crt")
        environment["SRE_AGENT_CLIENT_CERTIFICATE"] = certificates.file("client.crt")
        environment["SRE_AGENT_CLIENT_KEY"] = certificates.file("client.key")
        environment["SRE_STEP_TIMEOUT_SECONDS"] = "5"
        return environment
    }

    static func orchestrator(
        _ system: System, _ certificates: TestCertificates, _ more: [String: String] = [:]
    ) async throws -> (process: RunningProcess, url: String) {
        let process = try RunningProcess(
            ["orchestrator", "--port", "0"], environment: environment(system, certificates).merging(more) { $1 })
        return (process, "https://127.0.0.1:\(try await process.port())")
    }

    @Test func `an incident is investigated over TLS, with key, token and client certificate`() async throws {
        let certificates = try await TestCertificates.shared()
        let system = try await Self.system(certificates)
        let keys = FileManager.default.temporaryDirectory.appending(path: "keys-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: keys) }
        let made = try await SREProcess.run(["keys", "create", "--name", "ana", "--scope", "write", "--file", keys])
        let (process, url) = try await Self.orchestrator(system, certificates, ["SRE_API_KEYS_FILE": keys])
        let ask = ["investigate", "orders fail", "--server", url, "--ca", certificates.file("ca.crt"), "-o", "json"]
        let key = ["SRE_API_KEY": made.output.trimmingCharacters(in: .whitespacesAndNewlines)]
        let answer = try await SREProcess.run(ask, environment: key)
        #expect(answer.status == 0 && answer.output.contains("suggested_root_cause"), "\(answer.errors)")
        let stranger = try await SREProcess.run(ask)
        #expect(stranger.status == 1 && stranger.errors.contains("an API key is needed") && stranger.errors.contains("SRE_API_KEY"))
        let distrustful = try await SREProcess.run(Array(ask.prefix(4)), environment: key)
        #expect(distrustful.status == 1 && distrustful.errors.contains("cannot reach the orchestrator"))
        #expect(try await process.stop() == 0)
        // Neither service has told a secret.
        for text in [process.errors, system.agent.errors] {
            #expect(!text.contains("a-token-for-tests") && !text.contains(key["SRE_API_KEY"] ?? "?"))
        }
    }

    @Test(arguments: [
        ("another token", ["SRE_AGENT_TOKEN": "another"], "HTTP 401"),
        (
            "no client certificate", ["SRE_AGENT_CLIENT_CERTIFICATE": "", "SRE_AGENT_CLIENT_KEY": ""],
            "TLS failed: tlsv1 alert certificate required"
        ),
        (
            "an authority that did not sign the agent's certificate", ["SRE_AGENT_CA": "other-ca.crt"],
            "TLS failed: certificate verify failed"
        ),
    ])
    func `without what the agent wants there is no evidence, and the report says so`(
        _ name: String, _ change: [String: String], _ reason: String
    ) async throws {
        let certificates = try await TestCertificates.shared()
        let system = try await Self.system(certificates)
        let change = change.mapValues { $0.hasSuffix(".crt") ? certificates.file($0) : $0 }
        let (process, url) = try await Self.orchestrator(system, certificates, change)
        let answer = try await SREProcess.run(
            ["investigate", "orders fail", "--server", url, "--ca", certificates.file("ca.crt"), "-o", "json"])
        #expect(answer.status == 1 && answer.output.contains("\"status\": \"failed\""), "\(name): \(answer.output)")
        #expect(answer.output.contains(reason) && !answer.output.contains("suggested_root_cause"), "\(name): \(answer.output)")
        #expect(try await process.stop() == 0)
    }

    @Test func `a renewed certificate is presented without a restart`() async throws {
        let certificates = try await TestCertificates.shared()
        let folder = FileManager.default.temporaryDirectory.appending(path: "renewed-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (crt, key) = (folder.appending(path: "tls.crt").path, folder.appending(path: "tls.key").path)
        func present(_ name: String) throws {
            try Data(certificates.text("\(name).crt").utf8).write(to: URL(filePath: crt))
            try Data(certificates.text("\(name).key").utf8).write(to: URL(filePath: key))
        }
        try present("server")
        let process = try RunningProcess(
            ["orchestrator", "--port", "0", "--store", "memory"], environment: ["SRE_TLS_CERTIFICATE": crt, "SRE_TLS_KEY": key])
        let port = try await process.port()
        func subject() throws -> String {
            let openssl = Process()
            let pipe = Pipe()
            openssl.executableURL = URL(filePath: "/bin/sh")
            openssl.arguments = ["-c", "openssl s_client -connect 127.0.0.1:\(port) </dev/null 2>/dev/null | openssl x509 -noout -subject"]
            openssl.standardOutput = pipe
            try openssl.run()
            let data = pipe.fileHandleForReading.readDataToEndOfFile()
            openssl.waitUntilExit()
            return String(decoding: data, as: UTF8.self)
        }
        #expect(try subject().contains("CN = server"))
        try await Task.sleep(for: .seconds(1.1))
        try present("named-server")
        try await Task.sleep(for: .seconds(5.2))
        #expect(try subject().contains("CN = named-server"))
        // Broken files change nothing.
        try Data("nonsense".utf8).write(to: URL(filePath: crt))
        try await Task.sleep(for: .seconds(5.2))
        #expect(try subject().contains("CN = named-server"))
        #expect(process.errors.contains("certificate not read again"))
    }

    @Test(arguments: [
        (["SRE_TLS_CERTIFICATE": "/nonexistent.crt", "SRE_TLS_KEY": "/nonexistent.key"], "/nonexistent.crt holds no PEM certificate"),
        (["SRE_TLS_CERTIFICATE": "/nonexistent.crt"], "needs SRE_TLS_KEY beside it"),
        (["SRE_TLS_CLIENT_CA": "/nonexistent.crt"], "SRE_TLS_CLIENT_CA: needs SRE_TLS_CERTIFICATE"),
        (["SRE_AGENT_CA": "/nonexistent.crt"], "SRE_AGENT_CA: /nonexistent.crt holds no PEM certificate"),
        (["SRE_API_KEYS_FILE": "/nonexistent"], "SRE_API_KEYS_FILE: /nonexistent: cannot be read"),
        (["SRE_DATABASE_URL": "mysql://x"], "SRE_DATABASE_URL: is not accepted; it must begin with postgresql://"),
    ])
    func `what cannot be used stops the start with its key`(_ environment: [String: String], _ message: String) async throws {
        let outcome = try await SREProcess.run(["orchestrator", "--port", "0", "--store", "memory"], environment: environment)
        #expect(outcome.status == 1 && outcome.errors.contains(message), "\(outcome.errors)")
    }
}
