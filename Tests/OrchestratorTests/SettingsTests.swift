import Foundation
import Investigation
import OrchestratorService
import ServiceKit
import Testing

struct SettingsTests {
    private func configuration(
        _ environment: [String: String], flags: [String: String] = [:]
    ) throws(SettingError) -> OrchestratorConfiguration {
        let settings = Settings(flags: flags, environment: environment)
        return try OrchestratorConfiguration(settings, common: CommonSettings(settings))
    }

    private func refusal(_ environment: [String: String]) -> String {
        do throws(SettingError) {
            _ = try configuration(environment)
            return "accepted"
        } catch {
            return error.description
        }
    }

    @Test func `nothing given means the documented defaults`() throws {
        let configuration = try configuration([:])
        #expect(configuration.listening.host == "127.0.0.1" && configuration.listening.port == 8_080)
        #expect(configuration.agentURL.absoluteString == "http://127.0.0.1:8081")
        #expect(configuration.storage == .file(path: "sre-orchestrator.sqlite") && configuration.runner.concurrency == 4)
        #expect(configuration.pipeline.stepSeconds == 30 && configuration.listening.crossOrigin == .any)
    }

    @Test func `a flag wins over the environment, which wins over the file`() throws {
        let settings = Settings(
            flags: ["A": "flag"], environment: ["A": "env", "B": "env", "C": ""], file: ["A": "file", "B": "file", "C": "file"])
        let values = ["A", "B", "C", "D"].map { settings.text(Setting($0, kind: .text, default: "default", summary: "")) }
        #expect(values == ["flag", "env", "file", "default"])
    }

    @Test func `given values are used`() throws {
        let configuration = try configuration(
            [
                "SRE_ORCHESTRATOR_PORT": "9000", "SRE_AGENT_URL": "https://agent.example.com:8443/", "SRE_STORE": "memory",
                "SRE_CONCURRENCY": "2", "SRE_STEP_TIMEOUT_SECONDS": "1.5", "SRE_ENVIRONMENT": "production",
                "SRE_CORS_ORIGINS": "https://a.example.com, http://b.example.com:8080",
            ], flags: ["SRE_ORCHESTRATOR_PORT": "9001"])
        #expect(configuration.listening.port == 9_001 && configuration.agentURL.absoluteString == "https://agent.example.com:8443")
        #expect(configuration.storage == .memory && configuration.runner.concurrency == 2 && configuration.pipeline.stepSeconds == 1.5)
        #expect(configuration.listening.crossOrigin == .origins(["https://a.example.com", "http://b.example.com:8080"]))
    }

    @Test(arguments: [
        ("SRE_ORCHESTRATOR_PORT", "http", "`http` is not accepted; it must be an integer from 0 to 65535"),
        ("SRE_ORCHESTRATOR_PORT", "70000", "`70000` is not accepted; it must be an integer from 0 to 65535"),
        ("SRE_CONCURRENCY", "0", "`0` is not accepted; it must be an integer from 1 to 256"),
        ("SRE_STEP_TIMEOUT_SECONDS", "nan", "`nan` is not accepted; it must be seconds from 1 to 300"),
        ("SRE_AGENT_URL", "agent:8081", "`agent:8081` is not accepted; it must be a URL such as http://127.0.0.1:8081"),
        ("SRE_AGENT_URL", "http://user:pw@agent", "`http://user:pw@agent` is not accepted; it must be a URL such as http://127.0.0.1:8081"),
        ("SRE_ENVIRONMENT", "staging", "`staging` is not accepted; it must be one of development, production"),
        ("SRE_LOG_LEVEL", "loud", "`loud` is not accepted; it must be one of debug, info, warning, error, critical"),
        ("SRE_CORS_ORIGINS", "*", "`*` is not accepted; an origin is scheme and host, such as https://console.example.com"),
    ])
    func `a bad value is refused in one line with key, value and what is accepted`(_ key: String, value: String, reason: String) {
        #expect(refusal([key: value]) == "\(key): \(reason)")
    }

    @Test func `a secret is never repeated in the refusal`() throws {
        let setting = Setting("SRE_TOKEN_LENGTH", kind: .integer(1...9), isSecret: true, summary: "")
        #expect {
            try Settings(environment: ["SRE_TOKEN_LENGTH": "hunter2"]).integer(setting)
        } throws: { error in
            "\(error)" == "SRE_TOKEN_LENGTH: the given value is not accepted; it must be an integer from 1 to 9"
        }
    }

    @Test func `a missing value names flag and key`() throws {
        let setting = Setting("SRE_THING", flag: "--thing", kind: .path, summary: "")
        #expect { try Settings().required(setting) } throws: { "\($0)" == "SRE_THING: is not set; give --thing or SRE_THING (a file path)" }
    }

    @Test func `a file gives values, with or without quotes`() async throws {
        try await Fixture.withDirectory { directory in
            let text = "# ours\nSRE_STORE='/var/lib/sre/a b.sqlite'\nexport_me\nSRE_CONCURRENCY = 7\nSRE_AGENT_URL=\"http://agent:8081\"\n"
            try text.write(toFile: directory + "/.env", atomically: true, encoding: .utf8)
            let settings = try await Settings.load(
                OrchestratorConfiguration.all, environment: ["SRE_CONCURRENCY": "3"], file: directory + "/.env")
            #expect(settings.text(OrchestratorConfiguration.store) == "/var/lib/sre/a b.sqlite")
            #expect(try settings.integer(OrchestratorConfiguration.concurrency) == 3)
            #expect(try settings.url(OrchestratorConfiguration.agent)?.absoluteString == "http://agent:8081")
            let none = try await Settings.load(OrchestratorConfiguration.all, environment: [:], file: directory + "/none")
            #expect(none.text(OrchestratorConfiguration.store) == "sre-orchestrator.sqlite")
        }
    }

    @Test func `every key is documented, once, and its default is a value that it accepts`() throws {
        let all = CommonSettings.all + OrchestratorConfiguration.all
        #expect(Set(all.map(\.key)).count == all.count)
        #expect(
            all.allSatisfy {
                ($0.key.hasPrefix("SRE_") || $0.key.hasPrefix("OTEL_")) && $0.summary.hasSuffix(".")
                    && $0.documentation.contains("`\($0.key)`")
            })
        #expect(refusal([:]) == "accepted")
    }

    @Test(arguments: [
        ("no file", "SRE_KNOWLEDGE_GRAPH: /nonexistent/graph.yaml: it cannot be read"),
        ("no directory", "SRE_STORE: /nonexistent/dir/a.sqlite cannot be opened"),
    ])
    func `what cannot be used stops the start with one line`(_ what: String, text: String) async throws {
        var configuration = try configuration(["SRE_STORE": what == "no directory" ? "/nonexistent/dir/a.sqlite" : "memory"])
        configuration.knowledgeGraphPath = what == "no file" ? "/nonexistent/graph.yaml" : nil
        await #expect {
            try await Orchestrator.with(configuration, logger: .silent) { _ in }
        } throws: { error in
            error is OrchestratorFailure && "\(error)".hasPrefix(text) && !"\(error)".contains("\n")
        }
    }

    @Test func `a broken knowledge graph is named with its line`() async throws {
        try await Fixture.withDirectory { directory in
            let path = directory + "/graph.yaml"
            try "components:\n  - type: service\n".write(toFile: path, atomically: true, encoding: .utf8)
            var configuration = try configuration(["SRE_STORE": "memory"])
            configuration.knowledgeGraphPath = path
            await #expect {
                try await Orchestrator.with(configuration, logger: .silent) { _ in }
            } throws: { error in
                "\(error)".hasPrefix("SRE_KNOWLEDGE_GRAPH: \(path): knowledge graph, line 2")
            }
        }
    }
}
