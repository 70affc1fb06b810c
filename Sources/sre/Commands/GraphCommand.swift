import ArgumentParser
import FastJSON
import Foundation
import Investigation
import KnowledgeGraph
import OrchestratorService
import Reporting
import ServiceKit

/// `sre graph`: what depends on what, as the knowledge graph declares it; and the steps of an investigation.
struct GraphCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "graph", abstract: "Query the knowledge graph, or print the steps of an investigation.",
        subcommands: [List.self, DependsOn.self, Dependents.self])

    @Flag(help: "Print the steps of an investigation as configured here, as a Mermaid diagram.")
    var investigation = false

    func run() async throws {
        guard investigation else { throw CleanExit.helpRequest(self) }
        let settings = try await ServiceSettings.load(OrchestratorConfiguration.all, flags: [])
        let (limits, model) = try ServiceSettings.reading { () throws(SettingError) in
            (try OrchestratorConfiguration.pipeline(settings), try ModelConfiguration(settings))
        }
        Terminal.print(limits.stateGraph(hasModel: model.isOn).mermaid)
    }

    /// Which file, and how to print.
    struct Options: ParsableArguments {
        enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

        @Option(help: ArgumentHelp("Knowledge graph file.", valueName: "file"))
        var file = "knowledge_graph.yaml"

        @Option(name: [.short, .customLong("output")], help: "Form of the answer.")
        var output = Format.text

        func print(_ names: [String]) {
            switch output {
            case .text: Terminal.print(names.map { SafeText.line($0) + "\n" }.joined())
            case .json: Terminal.print(JSONText.array(names.map(JSONText.quote)) + "\n")
            }
        }

        /// - Throws: `CommandError` where the graph has no such component.
        func component(_ name: String, in graph: KnowledgeGraph) throws -> String {
            if let found = graph.component(named: name) { return found.name }
            let known = graph.components.prefix(12).map(\.name).joined(separator: ", ")
            let more = graph.components.count > 12 ? ", …" : ""
            throw CommandError("\(file) has no component \(name); it has \(known.isEmpty ? "none" : known + more)")
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "All components with their type.")
        @OptionGroup var options: Options

        func run() async throws {
            let components = try KnowledgeGraph.load(options.file).components
            switch options.output {
            case .text: Terminal.print(components.map { SafeText.line("\($0.name)  (\($0.type))") + "\n" }.joined())
            case .json:
                let objects = components.map { JSONText.object([("name", JSONText.quote($0.name)), ("type", JSONText.quote($0.type))]) }
                Terminal.print(JSONText.array(objects) + "\n")
            }
        }
    }

    struct DependsOn: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "depends-on", abstract: "What a component depends on.")
        @Argument(help: "Name of the component.") var name: String
        @Flag(name: .shortAndLong, help: "Also what that depends on, nearest first.") var transitive = false
        @OptionGroup var options: Options

        func run() async throws {
            let graph = try KnowledgeGraph.load(options.file)
            let name = try options.component(name, in: graph)
            options.print(transitive ? graph.transitiveDependencies(of: name) : graph.dependencies(of: name))
        }
    }

    struct Dependents: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "dependents", abstract: "What depends on a component.")
        @Argument(help: "Name of the component.") var name: String
        @Flag(name: .shortAndLong, help: "Also what depends on that, nearest first.") var transitive = false
        @OptionGroup var options: Options

        func run() async throws {
            let graph = try KnowledgeGraph.load(options.file)
            let name = try options.component(name, in: graph)
            options.print(transitive ? graph.transitiveDependents(of: name) : graph.dependents(of: name))
        }
    }
}
