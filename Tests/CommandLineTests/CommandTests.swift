import FastJSON
import Foundation
import ServiceKit
import TestSupport
import Testing

@testable import sre

@Suite struct CommandTests {
    private static let graph = """
        components:
          - name: web
            type: service
            relationships: [{depends_on: cart}]
          - name: cart
            type: service
            relationships: [{depends_on: cart-db}]
          - name: cart-db
            type: datastore
        """

    private func graph(_ arguments: String...) async throws -> SREProcess.Outcome {
        let folder = try TemporaryFolder()
        let file = try folder.write(Self.graph, to: "knowledge_graph.yaml")
        return try await SREProcess.run(["graph"] + arguments + ["--file", file.path])
    }

    @Test func `the knowledge graph answers what depends on what`() async throws {
        #expect(try await graph("depends-on", "web").output == "cart\n")
        #expect(try await graph("depends-on", "web", "--transitive").output == "cart\ncart-db\n")
        #expect(try await graph("dependents", "cart-db", "-t").output == "cart\nweb\n")
        #expect(try await graph("dependents", "cart-db", "-o", "json").output == "[\"cart\"]\n")
        #expect(try await graph("list").output == "cart  (service)\ncart-db  (datastore)\nweb  (service)\n")
    }

    @Test func `an unknown component is an error that names the known ones`() async throws {
        let outcome = try await graph("depends-on", "nope")
        #expect(outcome.status == 1 && outcome.errors.contains("has no component nope; it has cart, cart-db, web"))
    }

    @Test func `a broken graph names file and line`() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("components:\n  - type: service\n", to: "g.yaml")
        let outcome = try await SREProcess.run(["graph", "list", "--file", file.path])
        #expect(outcome.status == 1 && outcome.errors.contains("g.yaml") && outcome.errors.contains("2"), "\(outcome.errors)")
    }

    @Test func `help is no error, wrong subcommands are`() async throws {
        let help = try await SREProcess.run(["--help"])
        #expect(help.status == 0 && help.output.contains("SUBCOMMANDS") && !help.output.contains("bench-cluster"))
        #expect(try await SREProcess.run(["nonsense"]).status == 2)
        #expect(try await SREProcess.run(["--version"]).output == Version.current + "\n")
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func `shell completions can be made`(shell: String) async throws {
        let outcome = try await SREProcess.run(["--generate-completion-script", shell])
        #expect(outcome.status == 0 && outcome.output.contains("investigate"))
    }

    @Test func `called by a service's name it is that service`() {
        #expect(SRE.arguments(of: ["/usr/bin/k8s-agent", "--port", "1"]) == ["k8s-agent", "--port", "1"])
        #expect(SRE.arguments(of: ["orchestrator"]) == ["orchestrator"])
        #expect(SRE.arguments(of: ["/x/sre", "bench", "d"]) == ["bench", "d"])
        #expect(SRE.arguments(of: ["kubectl-sre", "bench"]) == ["bench"])
        #expect(SRE.arguments(of: []) == [])
    }

    @Test func `services refuse bad settings with one line that names key and value`() async throws {
        let folder = try TemporaryFolder()
        for (arguments, environment, part) in [
            (["orchestrator", "--agent", "nonsense"], [:], "SRE_AGENT_URL: `nonsense` is not accepted"),
            (["orchestrator"], ["SRE_CONCURRENCY": "many"], "SRE_CONCURRENCY: `many` is not accepted"),
            (["k8s-agent", "--log-level", "loud"], [:], "SRE_LOG_LEVEL: `loud` is not accepted"),
            (["k8s-agent", "--kubeconfig", "/nowhere/config"], [:], "/nowhere/config"),
            (["orchestrator", "--store", "/nowhere/x.sqlite"], [:], "SRE_STORE"),
            (["orchestrator", "--store", "memory", "--knowledge-graph", "/nowhere.yaml"], [:], "/nowhere.yaml"),
        ] {
            let outcome = try await SREProcess.run(arguments, environment: environment, in: folder.url)
            #expect(outcome.status == 1 && outcome.errors.contains(part), "\(arguments): \(outcome.errors)")
        }
        #expect(try await SREProcess.run(["orchestrator", "--port", "70000"]).status == 2)
        #expect(try await SREProcess.run(["k8s-agent", "--port", "x"]).status == 2)
    }

    @Test func `replay refuses what is no snapshot`() async throws {
        let outcome = try await SREProcess.run(["replay", "/nowhere"])
        #expect(outcome.status == 1 && outcome.errors.contains("there is no file or directory /nowhere"))
    }

    @Test func `a generated cluster of a thousand pods is investigated, its one fault found`() async throws {
        let folder = try TemporaryFolder()
        let path = folder.url.appending(path: "big").path
        #expect(try await SREProcess.run(["bench-cluster", path, "--pods", "1000"]).status == 0)
        let outcome = try await SREProcess.run(["investigate", "something is wrong", "--snapshot", path, "-n", "load", "-o", "json"])
        let causes = try JSONValue(parsing: outcome.output)["report", "root_causes"].array
        #expect(outcome.status == 0 && causes.count == 1, "\(outcome.errors)")
        #expect(causes.first?["cause"].string == "ConfigMapNotFound" && causes.first?["object", "name"].string == "app-0")
    }
}
