import FastJSON
import Foundation
import IncidentModel
import TestSupport
import Testing

@Suite struct InvestigateCommandTests {
    private func investigate(_ scenario: String, _ arguments: String..., environment: [String: String] = [:]) async throws
        -> SREProcess.Outcome
    {
        let scenario = try Scenario.named(scenario)
        let report = try scenario.incident()
        let place = report.namespace.map { ["-n", $0] } ?? []
        return try await SREProcess.run(
            ["investigate", report.description, "--snapshot", scenario.snapshotPath] + place + arguments, environment: environment)
    }

    @Test func `a cause is printed on standard output, progress on standard error, and the status is 0`() async throws {
        let outcome = try await investigate("04")
        #expect(outcome.status == 0)
        #expect(
            outcome.output.contains("ROOT CAUSE FOUND")
                && outcome.output.contains("ConfigMapNotFound on Deployment logistics/route-planner"))
        #expect(outcome.errors.contains("collect: ") && !outcome.output.contains("collect: "))
        #expect(!outcome.output.contains("\u{1B}"))
    }

    @Test func `quiet leaves standard error empty`() async throws {
        #expect(try await investigate("04", "-q").errors == "")
    }

    @Test func `json is the incident of the public API`() async throws {
        let outcome = try await investigate("04", "-o", "json")
        let incident = try IncidentJSON.decode(Incident.self, from: Data(outcome.output.utf8))
        #expect(incident.status == .completed)
        #expect(incident.report?.rootCauses.first?.cause == .configMapNotFound)
        #expect(incident.suggestedRootCause?.contains("route-planner-config-v2") == true)
    }

    @Test func `yaml and markdown carry the same cause`() async throws {
        #expect(try await investigate("04", "-o", "yaml").output.contains("cause: \"ConfigMapNotFound\""))
        let markdown = try await investigate("04", "-o", "markdown").output
        #expect(markdown.contains("**ConfigMapNotFound** on `Deployment logistics/route-planner`"))
    }

    @Test func `colour comes when asked for, and not on a pipe`() async throws {
        #expect(try await investigate("04", "--color", "always").output.contains("\u{1B}[1;31m"))
        #expect(try await !investigate("04", "--color", "auto").output.contains("\u{1B}"))
        #expect(try await !investigate("04", environment: ["NO_COLOR": "1"]).output.contains("\u{1B}"))
    }

    @Test func `a healthy cluster ends with 4`() async throws {
        let outcome = try await investigate("50")
        #expect(outcome.status == 4)
        #expect(outcome.output.contains("NO FAULT FOUND") && outcome.output.contains("Checked"))
    }

    @Test func `evidence that carries no cause ends with 3`() async throws {
        let folder = try TemporaryFolder()
        try folder.write(
            #"{"format":"cluster-snapshot","version":1,"captured_at":"2026-11-23T12:00:00Z","kubernetes_version":"v1.36.2","scope":"cluster","gaps":["#
                + #"{"path":"api/v1/pods","reason":"forbidden"}]}"#, to: "snapshot.json")
        try folder.write(#"{"items":[{"metadata":{"name":"shop"}}]}"#, to: "api/v1/namespaces.json")
        let outcome = try await SREProcess.run(["investigate", "cart is down", "-n", "shop", "--snapshot", folder.url.path])
        #expect(outcome.status == 3, "\(outcome)")
        #expect(outcome.output.contains("INCONCLUSIVE"))
        let lines = outcome.output.split(separator: "\n")
        #expect(lines.contains { $0.hasPrefix("Not read") && $0.contains("pods") }, "\(outcome.output)")
    }

    @Test(arguments: ["text", "json", "yaml", "markdown"])
    func `a hostile snapshot is shown safely`(format: String) async throws {
        let folder = try TemporaryFolder()
        let path = try HostileSnapshot.write(to: folder)
        let outcome = try await SREProcess.run(
            ["investigate", "cart-0 \u{1B}[31mcrashes", "-n", "shop", "--snapshot", path, "-o", format, "--color", "never"])
        #expect([0, 3].contains(outcome.status), "\(outcome.errors)")
        #expect(HostileText.dangerous(in: outcome.output).isEmpty)
        #expect(HostileText.dangerous(in: outcome.errors).isEmpty)
        if format == "json" { _ = try JSONValue(parsing: outcome.output) }
        if format == "markdown" {
            for line in outcome.output.split(separator: "\n") { #expect(!MarkdownScanner.outsideCode(line).contains("<")) }
        }
    }

    @Test(arguments: [
        [], ["--snapshot", "/nowhere"], ["x", "--snapshot", "/a", "--server", "http://b"], ["x", "-n", "a", "-A", "--snapshot", "/a"],
        ["x", "-o", "xml"], ["  ", "--snapshot", "/a"], ["x", "--timeout", "0"], ["x", "--bogus"],
    ])
    func `wrong usage ends with 2 and says what is right`(arguments: [String]) async throws {
        let outcome = try await SREProcess.run(["investigate"] + arguments)
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("Usage: sre investigate") && outcome.output.isEmpty)
    }

    @Test(arguments: [
        (["--snapshot", "/nowhere/at-all"], "there is no file or directory /nowhere/at-all"),
        (["--kubeconfig", "/nowhere/config"], "/nowhere/config"), (["--server", "http://127.0.0.1:1"], "cannot reach the orchestrator"),
        (["--server", "ftp://x"], "is not the address of an orchestrator"), (["--snapshot", "/etc/hostname"], "neither a directory nor"),
        (["--graph", "/nowhere.yaml", "--snapshot", "."], "/nowhere.yaml"),
    ])
    func `a failure is one line that says what is wrong, and ends with 1`(arguments: [String], message: String) async throws {
        let scenario = try Scenario.named("04").snapshotPath
        let outcome = try await SREProcess.run(["investigate", "x", "-q"] + arguments.map { $0 == "." ? scenario : $0 })
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains(message) && outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
        #expect(outcome.output.isEmpty)
    }
}
