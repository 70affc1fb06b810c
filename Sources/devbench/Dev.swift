import Foundation
import ClusterModel
import ClusterSnapshot
import EvidenceCollection
import IncidentModel
import Investigation

@main struct Dev {
    static func main() async throws {
        let args = CommandLine.arguments.dropFirst()
        let root = "/work/main/scenarios"
        let verbose = args.contains("-v")
        let wanted = args.filter { $0 != "-v" }
        let names = try FileManager.default.contentsOfDirectory(atPath: root).sorted().filter { $0 != "README.md" && (wanted.isEmpty || { (name: String) in wanted.contains { name.hasPrefix($0) } }($0) ) }
        var right = 0, total = 0
        for name in names {
            let dir = root + "/" + name
            let inc = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: dir + "/incident.json"))) as? [String: Any] ?? [:]
            let exp = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: dir + "/expected.json"))) as? [String: Any] ?? [:]
            let evidence = try SnapshotFile.load(dir + "/snapshot.tar.gz")
            let agent = EvidenceCollector(reader: SnapshotReader(evidence), capturedAt: { [t = evidence.capturedAt] in t }, supplement: evidence)
            let pipeline = InvestigationPipeline(agent: agent)
            let incident = Incident(id: UUID(), description: inc["description"] as? String ?? "", namespace: inc["namespace"] as? String, createdAt: Date())
            let start = Date()
            let done = try await pipeline.investigate(incident)
            let ms = Date().timeIntervalSince(start) * 1000
            let report = done.report
            let causes = exp["root_causes"] as? [[String: Any]] ?? []
            let wantedWords = causes.map { c in (c["cause"] as? String ?? "") + " " + ((c["object"] as? [String: Any])?["kind"] as? String ?? "") + "/" + ((c["object"] as? [String: Any])?["name"] as? String ?? "") }
            let top = report?.rootCauses.first
            let accepts: [Bool] = causes.map { c in
                var objs = [c["object"] as? [String: Any] ?? [:]] + (c["also_accept"] as? [[String: Any]] ?? [])
                objs = objs.filter { ($0["kind"] as? String) == top?.object.kind && ($0["name"] as? String) == top?.object.name }
                let codes = [c["cause"] as? String ?? ""] + (c["also_accept_causes"] as? [String] ?? [])
                return !objs.isEmpty && codes.contains(top?.cause.rawValue ?? "")
            }
            let facts: [Bool] = causes.map { c in
                guard let top else { return false }
                let text = ([top.statement] + top.details.map { "\($0.key)=\($0.value)" } + top.citations.map { "\($0.text) \($0.object) \($0.field ?? "")" }).joined(separator: "\n").lowercased()
                return (c["facts"] as? [String] ?? []).allSatisfy { text.contains($0.lowercased()) }
            }
            let healthy = exp["healthy"] as? Bool ?? false
            let ok = healthy ? !(report?.rootCauses.contains { $0.level >= .medium } ?? false) : accepts.contains(true)
            total += 1; if ok { right += 1 }
            let f = healthy || zip(accepts, facts).contains { $0 && $1 } ? "" : " FACTS-MISSING"
            print("\(ok ? "ok  " : "FAIL") \(name) \(Int(ms))ms got \(report?.outcome.rawValue ?? "-") \(top.map { "\($0.cause.rawValue) \($0.object) \($0.confidence)" } ?? "none") n=\(report?.rootCauses.count ?? 0) alt=\(report?.alternatives.count ?? 0) else=\(report?.elsewhere.count ?? 0)\(ok ? f : " WANT \(wantedWords)")  subj=\(report?.subjects.map(\.description).joined(separator: ",") ?? "")")
            if verbose || !ok {
                for c in report?.rootCauses ?? [] { print("     C \(c.confidence) \(c.cause) \(c.object) | \(c.statement.prefix(260)) | change \(c.change.map { "\($0.object) \($0.field) \($0.from ?? "")->\($0.to ?? "")" } ?? "-")"); if verbose { for s in c.chain { print("          > \(s.object): \(s.statement.prefix(200))") }; print("         aff", c.affected.map(\.description)); print("   ", c.details) } }
                for c in report?.alternatives ?? [] { print("     A \(c.confidence) \(c.cause) \(c.object) | \(c.statement.prefix(200))") }
                for c in report?.elsewhere ?? [] { print("     E \(c.confidence) \(c.cause) \(c.object) | \(c.statement.prefix(200))") }
                if verbose { print("   ", report?.summary ?? "", report?.gaps.map(\.path) ?? []) }
            }
        }
        print("right \(right)/\(total)")
    }
}
