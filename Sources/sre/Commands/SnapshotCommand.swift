import ArgumentParser
import ClusterModel
import ClusterSnapshot
import Foundation
import IncidentModel
import KubernetesClient
import Logging
import ServiceKit

/// `sre snapshot`: records a cluster.
struct SnapshotCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "snapshot", abstract: "Record a cluster to a directory or a .tar.gz, without the values of Secrets.")

    @Argument(help: ArgumentHelp("A new or empty directory, or a file that ends in .tar.gz.", valueName: "path"))
    var output: String

    @Option(name: .shortAndLong, help: "A namespace to record; may be repeated. Without it everything is recorded.")
    var namespace: [String] = []

    @Flag(name: [.customShort("A"), .long], help: "Record all namespaces, which is the default.")
    var allNamespaces = false

    @OptionGroup var cluster: ClusterOptions

    func validate() throws {
        if allNamespaces, !namespace.isEmpty { throw ValidationError("-n and -A exclude one another.") }
    }

    func run() async throws {
        let connection = try cluster.connection()
        let api = KubernetesAPI(connection: connection, logger: .silent)
        do {
            // A recording goes on past whatever it cannot read, so see first that somebody is there.
            _ = try await api.version()
        } catch {
            await api.shutdown()
            throw CommandError(error.message)
        }
        Terminal.note("recording \(connection)")
        let evidence = await SnapshotRecorder.record(
            from: api, namespaces: namespace.isEmpty ? nil : Set(namespace).sorted(), capturedAt: await api.serverTime() ?? Date())
        await api.shutdown()
        do {
            try SnapshotFile.write(evidence, to: output)
        } catch {
            throw CommandError(error.description)
        }
        let objects = evidence.lists.values.reduce(0) { $0 + $1.count }
        Terminal.note("recorded \(objects) objects and \(evidence.logs.count) logs with \(evidence.gaps.count) gaps to \(output)")
        for gap in evidence.gaps.prefix(20) { Terminal.note("not read: \(gap.path): \(gap.reason)") }
    }
}
