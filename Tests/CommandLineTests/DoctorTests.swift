import Foundation
import TestSupport
import Testing

@testable import sre

/// `sre doctor` against running services, whole and broken.
@Suite(.serialized)
struct DoctorTests {
    private static func file(_ text: String) throws -> String {
        let path = FileManager.default.temporaryDirectory.appending(path: "doctor-\(UUID().uuidString)").path
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    @Test func `an installation that works has no problems, from inside and from outside`() async throws {
        let certificates = try await TestCertificates.shared()
        let system = try await SecuredSystemTests.system(certificates)
        let keys = try Self.file("")
        defer { try? FileManager.default.removeItem(atPath: keys) }
        let made = try await SREProcess.run(["keys", "create", "--name", "ana", "--scope", "read", "--file", keys])
        let key = made.output.trimmingCharacters(in: .whitespacesAndNewlines)
        let (process, url) = try await SecuredSystemTests.orchestrator(system, certificates, ["SRE_API_KEYS_FILE": keys])
        var environment = SecuredSystemTests.environment(system, certificates)
        environment["SRE_API_KEYS_FILE"] = keys
        environment["SRE_API_KEY"] = key
        environment["SRE_ORCHESTRATOR_PORT"] = url.split(separator: ":").last.map(String.init)
        let inside = try await SREProcess.run(["doctor"], environment: environment)
        #expect(inside.status == 0, "\(inside.output)")
        for words in [
            "ok       settings:", "ok       SRE_API_KEYS_FILE:", "warning  SRE_TLS_CERTIFICATE: the certificate of",
            "warning  agent certificate:",
            "ok       agent kubernetes: ok", "ok       agent access: SRE_AGENT_TOKEN is accepted, and without it nothing is answered",
            "ok       agent version: 0.1.0", "ok       agent clock:", "warning  store: incidents are kept in memory",
            "ok       language model: none is configured", "ok       orchestrator access: SRE_API_KEY is accepted",
        ] { #expect(inside.output.contains(words), "\(words)\n\(inside.output)") }
        // As `kubectl exec` runs it, where no key is.
        let keyless = try await SREProcess.run(["doctor"], environment: environment.merging(["SRE_API_KEY": ""]) { $1 })
        #expect(keyless.status == 0 && keyless.output.contains("ok       orchestrator access: keys are wanted"), "\(keyless.output)")
        let outside = try await SREProcess.run(
            ["doctor", "--server", url, "--ca", certificates.file("ca.crt"), "-o", "json"], environment: ["SRE_API_KEY": key])
        #expect(outside.status == 0 && outside.output.contains(#""subject": "orchestrator certificate""#), "\(outside.output)")
        let stranger = try await SREProcess.run(["doctor", "--server", url, "--ca", certificates.file("ca.crt")])
        #expect(stranger.status == 1 && stranger.output.contains("PROBLEM  orchestrator access: it wants a key, and none is given"))
        let distrustful = try await SREProcess.run(["doctor", "--server", url], environment: ["SRE_API_KEY": key])
        #expect(
            distrustful.status == 1 && distrustful.output.contains("not signed by the authority that is trusted here"),
            "\(distrustful.output)")
        for text in [inside.output, outside.output, stranger.output] {
            #expect(!text.contains(key) && !text.contains("a-token-for-tests"))
        }
        #expect(try await process.stop() == 0)
    }

    @Test(arguments: [
        (["SRE_AGENT_TOKEN": "another"], "PROBLEM  agent access: SRE_AGENT_TOKEN is not accepted"),
        (["SRE_AGENT_URL": "https://127.0.0.1:1"], "PROBLEM  agent: https://127.0.0.1:1 cannot be reached: connection refused"),
        (["SRE_AGENT_CA": "/nowhere/ca.crt"], "PROBLEM  SRE_AGENT_CA: /nowhere/ca.crt holds no PEM certificate"),
        (["SRE_STORE": "/nowhere/incidents.sqlite"], "PROBLEM  store: /nowhere is not there or may not be written"),
        (["SRE_DATABASE_URL": "postgresql://sre:pa55word@127.0.0.1:1/sre"], "PROBLEM  store:"),
        (["SRE_KNOWLEDGE_GRAPH": "/nowhere/graph.yaml"], "PROBLEM  SRE_KNOWLEDGE_GRAPH:"),
        (["SRE_API_KEYS_FILE": "/nowhere/keys"], "PROBLEM  SRE_API_KEYS_FILE: /nowhere/keys cannot be read"),
        (["SRE_CONCURRENCY": "many"], "PROBLEM  settings: SRE_CONCURRENCY"),
        (
            ["SRE_LLM_PROVIDER": "ollama", "SRE_LLM_MODEL": "x", "SRE_LLM_URL": "http://127.0.0.1:1", "SRE_LLM_TIMEOUT_SECONDS": "2"],
            "warning  language model: the language model cannot be reached"
        ),
    ])
    func `what is wrong is named, with what to do`(_ broken: [String: String], _ words: String) async throws {
        let certificates = try await TestCertificates.shared()
        let system = try await SecuredSystemTests.system(certificates)
        let environment = SecuredSystemTests.environment(system, certificates).merging(["SRE_ORCHESTRATOR_PORT": "1"]) { $1 }
            .merging(broken) { $1 }
        let answer = try await SREProcess.run(["doctor"], environment: environment)
        #expect(answer.status == 1 && answer.output.contains(words), "\(answer.output) \(answer.errors)")
        #expect(answer.output.contains("fix: ") && !answer.output.contains("pa55word"))
        // That the orchestrator itself does not run is a finding too.
        if !words.contains("settings") { #expect(answer.output.contains("PROBLEM  orchestrator:")) }
    }

    @Test func `what an orchestrator says it lacks comes with what to do about it`() async throws {
        let process = try RunningProcess(
            ["orchestrator", "--port", "0"], environment: ["SRE_STORE": "memory", "SRE_AGENT_URL": "http://127.0.0.1:1"])
        let answer = try await SREProcess.run(["doctor", "--server", "http://127.0.0.1:\(try await process.port())"])
        #expect(answer.status == 1 && answer.output.contains("PROBLEM  orchestrator k8s-agent:"), "\(answer.output)")
        #expect(answer.output.contains("fix: check that the agent runs, SRE_AGENT_URL"))
        #expect(try await process.stop() == 0)
    }

    @Test func `certificates that end soon, ended or have not begun are told`() async throws {
        let certificates = try await TestCertificates.shared()
        let path = certificates.file("server.crt")
        // They are made for two days.
        let now = Date()
        let states = [-30.0, 0, 1, 30].map { days in
            CertificateCheck.file(path, subject: "x", now: now.addingTimeInterval(days * 86_400)).state
        }
        #expect(states == [.problem, .warning, .warning, .problem])
        #expect(CertificateCheck.file(certificates.file("server.key"), subject: "x").words.contains("holds no PEM certificate"))
        #expect(await CertificateCheck.server("127.0.0.1", port: 1, subject: "x") == nil)
    }
}
