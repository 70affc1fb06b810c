public import ClusterModel
import ClusterSnapshot
import FastJSON
import Foundation
public import IncidentModel

/// A recorded incident of the repository's `scenarios/`, with its label.
public struct Scenario: Sendable, CustomStringConvertible {
    /// Its directory's name, e.g. `09-app-error-java`.
    public let name: String
    /// Path of its directory.
    public let directory: String

    /// What the user sends: all that the system under test may know.
    public struct Report: Sendable, Hashable {
        public let description: String
        public let namespace: String?
    }

    /// The right answer, for the scorer only.
    public struct Label: Sendable, Hashable {
        public struct RootCause: Sendable, Hashable {
            public let cause: String
            public let alsoAcceptCauses: [String]
            public let object: ObjectReference
            public let alsoAccept: [ObjectReference]
            /// Strings that the statement or the evidence of a right answer contains, without regard to case.
            public let facts: [String]

            /// Whether an answer names this cause.
            public func accepts(cause: String) -> Bool { cause == self.cause || alsoAcceptCauses.contains(cause) }
            /// Whether an answer names this object.
            public func accepts(object: ObjectReference) -> Bool { object == self.object || alsoAccept.contains(object) }
        }

        public let isHealthy: Bool
        public let rootCauses: [RootCause]
        public let notes: String
    }

    /// A scenario that is not there or cannot be read.
    public struct Missing: Error, CustomStringConvertible {
        public let description: String
    }

    public var description: String { name }

    /// All scenarios by name; empty where the directory does not exist.
    public static var all: [Scenario] { all(in: root) }

    /// Those that were written and not recorded, `written-scenarios/`.
    public static var written: [Scenario] {
        all(in: URL(filePath: root).deletingLastPathComponent().appending(path: "written-scenarios").path)
    }

    private static func all(in root: String) -> [Scenario] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        return names.sorted().map { Scenario(name: $0, directory: "\(root)/\($0)") }
            .filter { FileManager.default.fileExists(atPath: "\($0.directory)/incident.json") }
    }

    /// The scenario of this name, or the one whose name starts with it: `named("09")`.
    public static func named(_ name: String) throws -> Scenario {
        guard let scenario = all.first(where: { $0.name == name }) ?? all.first(where: { $0.name.hasPrefix(name) }) else {
            throw Missing(description: "there is no scenario \(name) in \(root)")
        }
        return scenario
    }

    /// The snapshot's path, whichever form it has.
    public var snapshotPath: String {
        let archive = "\(directory)/snapshot.tar.gz"
        return FileManager.default.fileExists(atPath: archive) ? archive : "\(directory)/snapshot"
    }

    /// The cluster as it was recorded.
    public func evidence() throws -> ClusterEvidence { try SnapshotFile.load(snapshotPath) }

    public func incident() throws -> Report {
        let json = try read("incident.json")
        return Report(description: json["description"].string ?? "", namespace: json["namespace"].string)
    }

    public func expected() throws -> Label {
        let json = try read("expected.json")
        let causes = json["root_causes"].array.map { cause in
            Label.RootCause(
                cause: cause["cause"].string ?? "", alsoAcceptCauses: cause["also_accept_causes"].strings,
                object: Self.reference(cause["object"]), alsoAccept: cause["also_accept"].array.map(Self.reference),
                facts: cause["facts"].strings)
        }
        return Label(isHealthy: json["healthy"].bool ?? false, rootCauses: causes, notes: json["notes"].string ?? "")
    }

    private func read(_ file: String) throws -> JSONValue {
        try JSONValue(parsing: Data(contentsOf: URL(filePath: "\(directory)/\(file)")))
    }

    private static func reference(_ json: JSONValue) -> ObjectReference {
        ObjectReference(kind: json["kind"].string ?? "", namespace: json["namespace"].string, name: json["name"].string ?? "")
    }

    /// `scenarios/` beside `Sources/`.
    private static let root: String = {
        var parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        parts.removeLast(3)
        return parts.joined(separator: "/") + "/scenarios"
    }()
}
