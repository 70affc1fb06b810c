import Foundation

/// The Swift files of the repository, found from where this file stands.
enum SourceTree {
    struct File: CustomStringConvertible {
        /// Below the repository's root, e.g. `Sources/Reporting/SafeText.swift`.
        let path: String
        let text: String

        var description: String { path }
        /// The second part of the path.
        var target: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }
    }

    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// All Swift files below a directory, sorted.
    static func files(below directory: String) throws -> [File] {
        let base = root.appending(path: directory)
        let paths = FileManager.default.enumerator(atPath: base.path)?.compactMap { $0 as? String } ?? []
        return try paths.filter { $0.hasSuffix(".swift") }.sorted().map { path in
            File(path: "\(directory)/\(path)", text: try String(contentsOf: base.appending(path: path), encoding: .utf8))
        }
    }

    /// Names of the directories in `Sources`.
    static func targets() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: root.appending(path: "Sources").path).filter { !$0.hasPrefix(".") }.sorted()
    }

    /// The top-level modules that a file imports, whatever access, attribute or kind stands in the line.
    static func imports(of text: String) -> Set<String> {
        Set(
            text.split(separator: "\n").compactMap { line in
                let words = line.split(separator: " ").map(String.init)
                guard let keyword = words.firstIndex(of: "import"), words[..<keyword].allSatisfy(isModifier) else { return nil }
                let kinds: Set = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
                let name = words.dropFirst(keyword + 1).first { !kinds.contains($0) }
                return name.map { String($0.prefix { $0 != "." }) }
            })
    }

    private static func isModifier(_ word: String) -> Bool {
        word.hasPrefix("@") || ["public", "package", "internal", "fileprivate", "private"].contains(word)
    }
}
