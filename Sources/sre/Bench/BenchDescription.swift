import FastJSON
import Foundation
import IncidentModel

/// Another description of a recorded incident, and what it speaks of: one line of JSON of a file for `--descriptions`.
struct BenchDescription: Sendable {
    /// Name of the case.
    let scenario: String
    let text: String
    /// What the description names, for the scorer only.
    let entities: Entities

    struct Entities: Sendable {
        /// Name of a pod, workload, Service, or Node.
        let name: String?
        let namespace: String?
        /// The words that say when.
        let time: String?

        /// Whether each entity that is named was read out of the description.
        func found(in read: ExtractedEntities?) -> [Bool] {
            let resolved = read?.resolved ?? []
            let named = name.map { name in resolved.contains { $0.name == name } }
            let placed = namespace.map { $0 == read?.namespace }
            let timed = time.map { read?.time?.contains($0) ?? false }
            return [named, placed, timed].compactMap { $0 }
        }
    }

    /// - Throws: `CommandError` naming the line where one is no description.
    static func all(in file: String) throws -> [BenchDescription] {
        let text: String
        do {
            text = try String(contentsOfFile: file, encoding: .utf8)
        } catch {
            throw CommandError("cannot read \(file): \(error.localizedDescription)")
        }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
        return try lines.filter { !$1.allSatisfy(\.isWhitespace) }.map { number, line in
            guard let json = try? JSONValue(parsing: String(line)), let scenario = json["scenario"].string,
                let text = json["description"].string
            else { throw CommandError("\(file):\(number + 1) is no JSON object with the texts `scenario` and `description`") }
            let entities = Entities(name: json["name"].string, namespace: json["namespace"].string, time: json["time"].string)
            return BenchDescription(scenario: scenario, text: text, entities: entities)
        }
    }
}
