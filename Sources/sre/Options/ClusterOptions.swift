import ArgumentParser
import Foundation
import KubernetesClient
import Logging
import ServiceKit

/// Which cluster to read, in kubectl's words.
struct ClusterOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Kubeconfig file; else KUBECONFIG, ~/.kube/config, or the pod's service account.", valueName: "file"))
    var kubeconfig: String?

    @Option(help: ArgumentHelp("Context of the kubeconfig.", valueName: "name"))
    var context: String?

    var isGiven: Bool { kubeconfig != nil || context != nil }

    /// - Throws: `CommandError` that says what to fix.
    func connection() throws -> ClusterConnection {
        do {
            return try ClusterConnection.resolve(
                kubeconfig: kubeconfig, context: context, environment: ProcessInfo.processInfo.environment)
        } catch {
            throw CommandError(error.message)
        }
    }
}

/// Where to look.
struct NamespaceOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: "Where it happens; the sentence may name another place.")
    var namespace: String?

    @Flag(name: [.customShort("A"), .long], help: "Look at all namespaces, also where the context names one.")
    var allNamespaces = false

    func validate() throws {
        if namespace != nil, allNamespaces { throw ValidationError("-n and -A exclude one another.") }
    }

    /// The namespace that was asked for; else the one that the context is set to. `default` says nothing about intent.
    func hint(from connection: ClusterConnection) -> String? {
        if allNamespaces { return nil }
        return namespace ?? (connection.namespace == "default" ? nil : connection.namespace)
    }
}

/// The orchestrator to talk to.
struct ServerOptions: ParsableArguments {
    /// Read from the environment only: a key on a command line is seen by everybody on the machine.
    static let apiKey = Setting(
        "SRE_API_KEY", kind: .text, isSecret: true, summary: "API key that is shown to the orchestrator of `--server`.")

    @Option(help: ArgumentHelp("PEM file with the authorities of the orchestrator's certificate; else the system's.", valueName: "file"))
    var ca: String?

    @Option(help: ArgumentHelp("Longest wait for the end of an investigation, in seconds.", valueName: "seconds"))
    var timeout = 180.0

    func validate() throws {
        guard timeout > 0, timeout <= 86_400 else { throw ValidationError("--timeout must lie between 0 and 86400 seconds.") }
    }
}
