import FastJSON
import Foundation

/// A directory with an incident and the recorded cluster it happened in.
struct BenchCase: Sendable {
    /// Path below the directory that is benchmarked, e.g. `09-app-error-java`.
    let name: String
    let directory: String
    /// Sent in place of the incident's own words and namespace.
    var description: BenchDescription?

    /// What the user sends; nothing else but the snapshot may be read by the system under test.
    struct Input: Sendable {
        let description: String
        let namespace: String?
    }

    static let deepestLevel = 6

    /// Every case at or below a directory, by name.
    /// - Throws: `CommandError` where the directory cannot be read.
    static func all(in root: String) throws -> [BenchCase] {
        var isDirectory = ObjCBool(false)
        guard FileManager.default.fileExists(atPath: root, isDirectory: &isDirectory), isDirectory.boolValue else {
            throw CommandError("there is no directory \(root)")
        }
        let ownName = URL(filePath: root).standardizedFileURL.lastPathComponent
        return find(in: root, name: "", level: 0).map { $0.name.isEmpty ? BenchCase(name: ownName, directory: root) : $0 }
    }

    private static func find(in directory: String, name: String, level: Int) -> [BenchCase] {
        if exists(directory, "incident.json"), exists(directory, "snapshot") || exists(directory, "snapshot.tar.gz") {
            return [BenchCase(name: name, directory: directory)]
        }
        guard level < deepestLevel else { return [] }
        let children = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        return children.filter { !$0.hasPrefix(".") }.sorted().flatMap {
            find(in: "\(directory)/\($0)", name: name.isEmpty ? $0 : "\(name)/\($0)", level: level + 1)
        }
    }

    private static func exists(_ directory: String, _ name: String) -> Bool {
        FileManager.default.fileExists(atPath: "\(directory)/\(name)")
    }

    /// - Throws: `CommandError` where `incident.json` is no incident.
    func input() throws -> Input {
        if let description { return Input(description: description.text, namespace: nil) }
        let json = try read("incident.json")
        guard let description = json["description"].string else {
            throw CommandError("\(directory)/incident.json has no text `description`")
        }
        return Input(description: description, namespace: json["namespace"].string)
    }

    var snapshot: String {
        Self.exists(directory, "snapshot") ? "\(directory)/snapshot" : "\(directory)/snapshot.tar.gz"
    }

    /// The label, `nil` where the case has none.
    func label() throws -> BenchLabel? {
        Self.exists(directory, "expected.json") ? BenchLabel(try read("expected.json")) : nil
    }

    private func read(_ file: String) throws -> JSONValue {
        do {
            return try JSONValue(parsing: Data(contentsOf: URL(filePath: "\(directory)/\(file)")))
        } catch let error as JSONError {
            throw CommandError("\(directory)/\(file) is \(error)")
        } catch {
            throw CommandError("cannot read \(directory)/\(file): \(error.localizedDescription)")
        }
    }
}
