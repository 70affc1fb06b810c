import FastJSON
import Foundation
import IncidentModel
import Testing

@Suite struct ExplainCommandTests {
    @Test func `a code is explained with what it rests on, what looks alike, and what to do`() async throws {
        let outcome = try await SREProcess.run(["explain", "ConfigMapNotFound"])
        #expect(outcome.status == 0)
        for part in [
            "ConfigMapNotFound", "does not exist in its namespace", "Found on", "workload", "Rests on", "Looks alike",
            "`ConfigKeyNotFound`",
            "Fix", "Verify", "kubectl get configmap {reference}", "docs/rules.md#configmapnotfound",
        ] { #expect(outcome.output.contains(part), "missing: \(part)\n\(outcome.output)") }
        #expect(outcome.output.split(separator: "\n").allSatisfy { $0.count <= 100 })
    }

    @Test(arguments: ["configmapnotfound", "config-map-not-found", "CONFIGMAPNOTFOUND"])
    func `a code may be spelt carelessly`(word: String) async throws {
        #expect(try await SREProcess.run(["explain", word]).output.hasPrefix("ConfigMapNotFound\n"))
    }

    @Test(arguments: [("ConfigMapNotFuond", "ConfigMapNotFound"), ("oom", "Near:"), ("ImagePull", "ImagePullUnauthorized"), ("", "Near:")])
    func `an unknown code is wrong usage, and near codes are named`(word: String, part: String) async throws {
        let outcome = try await SREProcess.run(["explain", word])
        #expect(outcome.status == 2 && outcome.output.isEmpty && outcome.errors.contains(part), "\(outcome.errors)")
    }

    @Test func `a hostile code drives no terminal`() async throws {
        let outcome = try await SREProcess.run(["explain", "\u{1B}[2Jx"])
        #expect(outcome.status == 2 && HostileText.dangerous(in: outcome.errors).isEmpty)
    }

    @Test func `an entry as JSON has every field`() async throws {
        let entry = try JSONValue(parsing: try await SREProcess.run(["explain", "ImageNotFound", "-o", "json"]).output)
        #expect(entry["code"].string == "ImageNotFound" && entry["group"].string == "Images" && entry["reported_on"].string == "workload")
        for list in ["signals", "look_alikes", "verify", "details_keys", "modes"] { #expect(entry[list].count > 0, "\(list)") }
        #expect(entry["meaning"].string?.isEmpty == false && entry["fix"].string?.isEmpty == false)
    }

    @Test func `an entry as Markdown is a page of its own`() async throws {
        let text = try await SREProcess.run(["explain", "ImageNotFound", "-o", "markdown"]).output
        #expect(text.hasPrefix("# ImageNotFound\n\n") && text.contains("**Looks alike**") && text.contains("```sh\nkubectl"))
    }

    @Test func `without a code all are listed under their groups`() async throws {
        let text = try await SREProcess.run(["explain"]).output
        for code in CauseCode.allCases { #expect(text.contains("\(code.rawValue): "), "\(code)") }
        #expect(text.contains("Images\n") && text.contains("Nodes and evictions\n"))
        let json = try JSONValue(parsing: try await SREProcess.run(["explain", "-o", "json"]).output)
        #expect(json.array.compactMap { $0["code"].string } == CauseCode.allCases.map(\.rawValue))
    }

    @Test func `shells complete the codes`() async throws {
        let script = try await SREProcess.run(["--generate-completion-script", "bash"])
        #expect(script.output.contains("ConfigMapNotFound"))
    }
}
