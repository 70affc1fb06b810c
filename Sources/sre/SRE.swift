import ArgumentParser
import Foundation
import ServiceKit

/// The one executable: what a person runs, and both services. Called by the name of a service it is that service.
@main
struct SRE: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sre",
        abstract: "From one sentence about an incident to its root cause in a Kubernetes cluster, with the evidence.",
        discussion: """
            Results go to standard output, progress to standard error. Exit codes: 0 done or cause found, 1 error, 2 usage, \
            3 inconclusive, 4 no fault found. Nothing is ever changed in a cluster.
            """,
        version: Version.current,
        subcommands: [
            InvestigateCommand.self, IncidentCommand.self, ServeCommand.self, OrchestratorCommand.self, KubernetesAgentCommand.self,
            KeysCommand.self, LLMCommand.self, DoctorCommand.self, StoreCommand.self, SnapshotCommand.self, ReplayCommand.self,
            ExplainCommand.self,
            LogsCommand.self,
            GraphCommand.self, BenchCommand.self,
            BenchClusterCommand.self,
        ])

    static func main() async {
        let status = await run(arguments: arguments(of: CommandLine.arguments))
        Foundation.exit(status)
    }

    /// The arguments without the program's name; a service's name as program name stands for its subcommand.
    static func arguments(of commandLine: [String]) -> [String] {
        let name = commandLine.first.map { URL(filePath: $0).lastPathComponent } ?? ""
        let services = [OrchestratorCommand.configuration.commandName, KubernetesAgentCommand.configuration.commandName]
        return (services.contains(name) ? [name] : []) + commandLine.dropFirst()
    }

    /// Runs a command.
    /// - Returns: the exit status of the process.
    private static func run(arguments: [String]) async -> Int32 {
        do {
            var command = try parseAsRoot(arguments)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            return 0
        } catch let code as ExitCode {
            return code.rawValue
        } catch let error as CommandError {
            Terminal.note("sre: \(error)")
            return ExitStatus.failure.rawValue
        } catch {
            return report(error)
        }
    }

    /// Usage errors, and requests for help, as the argument parser words them.
    private static func report(_ error: any Error) -> Int32 {
        switch exitCode(for: error) {
        case .success:
            Terminal.print(fullMessage(for: error) + "\n")
            return 0
        case .validationFailure:
            try? FileHandle.standardError.write(contentsOf: Data((fullMessage(for: error) + "\n").utf8))
            return ExitStatus.usage.rawValue
        default:
            Terminal.note("sre: \(error)")
            return ExitStatus.failure.rawValue
        }
    }
}
