import FastJSON
import Foundation
import TestSupport
import Testing

@Suite struct BenchCommandTests {
    /// Copies of three scenarios in a folder of their own, one below a subdirectory.
    private func folder() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(at: folder.url.appending(path: "more"), withIntermediateDirectories: true)
        for (name, place) in [("04", ""), ("50", ""), ("12", "more/")] {
            let scenario = try Scenario.named(name)
            try FileManager.default.copyItem(atPath: scenario.directory, toPath: folder.url.appending(path: place + scenario.name).path)
        }
        return folder
    }

    @Test func `scores are printed as JSON, and each case gets a result file`() async throws {
        let folder = try folder()
        let results = folder.url.appending(path: "out/results")
        let outcome = try await SREProcess.run(["bench", folder.url.path, "-o", "json", "--results", results.path])
        #expect(outcome.status == 0, "\(outcome.errors)")
        let summary = try JSONValue(parsing: outcome.output)
        #expect(summary["cases"].int == 3 && summary["labelled"].int == 3 && summary["failed"].int == 0)
        for score in ["ca", "fa", "jra", "jra_at_3", "facts"] {
            #expect(summary["scores", score, "count"].int == 2, "\(score)")
            #expect(summary["scores", score, "total"].int == 2, "\(score)")
        }
        #expect(summary["scores", "false_alarms", "count"].int == 0 && summary["scores", "false_alarms", "total"].int == 1)
        #expect(summary["scores", "healthy_silent", "count"].int == 1)
        #expect(summary["baseline", "jra", "total"].int == 2 && (summary["baseline", "jra", "count"].int ?? 9) <= 2)
        #expect(summary["scores", "high_precision", "total"].int == 2)
        #expect(summary["scores", "calibration", "brier_score"].double != nil && summary["seconds", "p95"].double != nil)

        let files = try FileManager.default.contentsOfDirectory(atPath: results.path).sorted()
        #expect(files == ["04-configmap-missing-env.json", "50-healthy-old-restarts.json", "more__12-oom-leak.json"])
        let result = try JSONValue(parsing: Data(contentsOf: results.appending(path: files[0])))
        #expect(result["case"].string == "04-configmap-missing-env" && result["abstained"].bool == false)
        let top = try #require(result["ranked"].array.first)
        #expect(top["cause"].string == "ConfigMapNotFound" && top["object", "name"].string == "route-planner")
        #expect(top["level"].string == "high" && (top["confidence"].double ?? 0) > 0.8)
        #expect(top["statement"].string?.isEmpty == false && top["citations"].count > 0 && top["details"].kind == .object)
        #expect(top["affected"].kind == .array && (result["seconds"].double ?? 0) > 0)
        let healthy = try JSONValue(parsing: Data(contentsOf: results.appending(path: files[1])))
        #expect(healthy["abstained"].bool == true && healthy["ranked"].count == 0)
    }

    @Test func `with degraded evidence each case is answered many times, and each answer is a row`() async throws {
        let folder = try folder()
        let rows = folder.url.appending(path: "rows.jsonl")
        let outcome = try await SREProcess.run(["bench", folder.url.path, "--degrade", "-o", "json", "--rows", rows.path])
        #expect(outcome.status == 0, "\(outcome.errors)")
        let cases = try JSONValue(parsing: outcome.output)["cases"].int ?? 0
        #expect(cases > 3 * 12)
        let lines = try String(contentsOf: rows, encoding: .utf8).split(separator: "\n").map { try JSONValue(parsing: String($0)) }
        #expect(Set(lines.compactMap { $0["variant"].string }).isSuperset(of: ["whole", "events", "half", "vague"]))
        #expect(lines.allSatisfy { $0["right"].bool != nil && $0["basis", "strength"].double != nil && $0["confidence"].double != nil })
        #expect(lines.contains { $0["right"].bool == true } && lines.count <= cases)
        let again = folder.url.appending(path: "again.jsonl")
        _ = try await SREProcess.run(["bench", folder.url.path, "--degrade", "--rows", again.path])
        #expect(try Data(contentsOf: rows) == Data(contentsOf: again))
    }

    @Test func `the label is for the scorer only`() async throws {
        let folder = try folder()
        let label = folder.url.appending(path: "04-configmap-missing-env/expected.json")
        try Data(#"{"healthy":false,"root_causes":[{"cause":"NodeNotReady","object":{"kind":"Node","name":"x"}}]}"#.utf8).write(to: label)
        let wrong = try await SREProcess.run(["bench", folder.url.path, "--verbose"])
        #expect(wrong.output.contains("JRA     both            1/2") && wrong.output.contains("got       ConfigMapNotFound on Deployment"))
        #expect(wrong.output.contains("expected  NodeNotReady on Node x"))
        try FileManager.default.removeItem(at: label)
        let unlabelled = try JSONValue(parsing: try await SREProcess.run(["bench", folder.url.path, "-o", "json"]).output)
        #expect(unlabelled["cases"].int == 3 && unlabelled["labelled"].int == 2)
    }

    @Test func `a case that cannot be read counts as failed and does not end the run`() async throws {
        let folder = try folder()
        try folder.write("{}", to: "04-configmap-missing-env/incident.json")
        try folder.write("not a snapshot", to: "more/12-oom-leak/snapshot.tar.gz")
        let outcome = try await SREProcess.run(["bench", folder.url.path, "-o", "json"])
        #expect(outcome.status == 0)
        let summary = try JSONValue(parsing: outcome.output)
        #expect(summary["failed"].int == 2 && summary["scores", "jra", "count"].int == 0)
        #expect(outcome.errors.contains("has no text `description`") && outcome.errors.contains("neither a directory nor"))
    }

    @Test func `a directory without cases, or none at all, is an error`() async throws {
        let folder = try TemporaryFolder()
        #expect(try await SREProcess.run(["bench", folder.url.path]).status == 1)
        #expect(try await SREProcess.run(["bench", "/nowhere"]).status == 1)
    }
}
