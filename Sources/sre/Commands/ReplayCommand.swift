import ArgumentParser
import ClusterSnapshot
import Foundation
import Logging
import ServiceKit
import ServiceLifecycle
import UnixSignals

/// `sre replay`: a snapshot as a read-only Kubernetes API.
struct ReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Serve a snapshot as a read-only Kubernetes API, for kubectl and for the k8s-agent.")

    @Argument(help: ArgumentHelp("A snapshot directory or .tar.gz.", valueName: "snapshot"))
    var snapshot: String

    @Option(help: "Port to listen on; 0 takes any free one.")
    var port = 8001

    @Option(help: "Address to listen on.")
    var host = "127.0.0.1"

    @Option(help: ArgumentHelp("Write a kubeconfig that points here, once the server listens.", valueName: "file"))
    var writeKubeconfig: String?

    func validate() throws {
        guard (0...65_535).contains(port) else { throw ValidationError("--port must lie between 0 and 65535.") }
    }

    func run() async throws {
        let evidence = try SnapshotSource(path: snapshot).evidence
        let logger = Logger.service("replay", level: .warning)
        let server = ReplayServer(evidence: evidence, host: host, port: port, logger: logger) { [host, writeKubeconfig] port in
            let url = "http://\(host):\(port)"
            if let file = writeKubeconfig {
                do {
                    try Self.kubeconfig(server: url).write(to: URL(filePath: file), atomically: true, encoding: .utf8)
                } catch {
                    Terminal.note("sre: cannot write \(file): \(error.localizedDescription)")
                }
            }
            Terminal.note("serving \(snapshot) at \(url)")
        }
        var configuration = ServiceGroupConfiguration(services: [server], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(2)
        configuration.maximumCancellationDuration = .seconds(2)
        do {
            try await ServiceGroup(configuration: configuration).run()
        } catch {
            throw CommandError("cannot serve on \(host):\(port): \(error); choose another --host or --port")
        }
    }

    static func kubeconfig(server: String) -> String {
        """
        apiVersion: v1
        kind: Config
        current-context: replay
        clusters: [{name: replay, cluster: {server: "\(server)"}}]
        users: [{name: replay, user: {}}]
        contexts: [{name: replay, context: {cluster: replay, user: replay}}]

        """
    }
}
