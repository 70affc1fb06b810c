import ArgumentParser

struct OrchestratorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "orchestrator", abstract: "")
    func run() async throws {}
}
