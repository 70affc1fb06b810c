import ArgumentParser
import ClusterModel
import ClusterSnapshot
import Foundation

/// `sre bench-cluster`: writes the snapshot of a large, made-up cluster, for measurements of time and memory.
struct BenchClusterCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench-cluster", abstract: "Write the snapshot of a large generated cluster with one fault in it.",
        shouldDisplay: false)

    @Argument(help: ArgumentHelp("A new directory, or a file that ends in .tar.gz.", valueName: "path"))
    var output: String

    @Option(help: "Pods in its one namespace.")
    var pods = 10_000

    func validate() throws {
        guard (1...200_000).contains(pods) else { throw ValidationError("--pods must lie between 1 and 200000.") }
    }

    func run() async throws {
        let evidence = try GeneratedCluster(podCount: pods).evidence()
        do {
            try SnapshotFile.write(evidence, to: output)
        } catch {
            throw CommandError(error.description)
        }
        let objects = evidence.lists.values.reduce(0) { $0 + $1.count }
        Terminal.note(
            "wrote \(objects) objects to \(output); the fault is a missing ConfigMap of Deployment load/\(GeneratedCluster.faulty)")
    }
}
