import Foundation

/// The files of a snapshot as a directory on disk.
enum SnapshotDirectory {
    /// Reads the files that belong to a snapshot; links are not followed, and whatever else lies there is not touched.
    static func files(at root: String, limits: SnapshotLimits) throws(SnapshotError) -> (files: [String: Data], broken: [String: String]) {
        var walk = Walk(root: root, limits: limits)
        try walk.visit("")
        return (walk.files, walk.broken)
    }

    private struct Walk {
        let root: String
        let limits: SnapshotLimits
        var files: [String: Data] = [:]
        var broken: [String: String] = [:]
        var entries = 0
        var bytes = 0

        /// Deepest path of a snapshot: `logs/<namespace>/<pod>/<file>`.
        private static let depth = 4

        init(root: String, limits: SnapshotLimits) {
            self.root = root
            self.limits = limits
        }

        mutating func visit(_ directory: String) throws(SnapshotError) {
            let names: [String]
            do {
                names = try FileManager.default.contentsOfDirectory(atPath: directory.isEmpty ? root : "\(root)/\(directory)")
            } catch {
                if directory.isEmpty { throw .unreadable(path: root, reason: reason(error)) }
                broken[directory] = reason(error)
                return
            }
            for name in names.sorted() {
                entries += 1
                guard entries <= limits.entries else { throw .tooLarge(path: root, limit: limits.entriesText) }
                let path = directory.isEmpty ? name : "\(directory)/\(name)"
                guard SnapshotPath.isName(name) else { continue }
                let attributes = try? FileManager.default.attributesOfItem(atPath: "\(root)/\(path)")
                switch attributes?[.type] as? FileAttributeType {
                case .typeDirectory? where isPart(path): try visit(path)
                case .typeRegular? where SnapshotPath.role(of: path) != nil:
                    try read(path, size: (attributes?[.size] as? NSNumber)?.intValue ?? 0)
                default: continue
                }
            }
        }

        private mutating func read(_ path: String, size: Int) throws(SnapshotError) {
            bytes += size
            guard bytes <= limits.totalBytes else { throw .tooLarge(path: root, limit: limits.bytesText) }
            do {
                files[path] = try Data(contentsOf: URL(filePath: "\(root)/\(path)"))
            } catch {
                broken[path] = reason(error)
            }
        }

        private func isPart(_ directory: String) -> Bool {
            let parts = directory.split(separator: "/")
            return ["api", "apis", "logs", "telemetry"].contains(parts[0]) && parts.count < Self.depth
        }
    }

    /// Writes the files into a new or empty directory.
    static func write(_ files: [String: Data], to root: String) throws(SnapshotError) {
        let manager = FileManager.default
        if let present = try? manager.contentsOfDirectory(atPath: root), !present.isEmpty {
            throw .unwritable(path: root, reason: "the directory is not empty; name a new one, or a file ending in .tar.gz")
        }
        do {
            for (path, content) in files.sorted(by: { $0.key < $1.key }) {
                let file = "\(root)/\(path)"
                let parent = file.prefix(upTo: file.lastIndex(of: "/") ?? file.startIndex)
                try manager.createDirectory(atPath: String(parent), withIntermediateDirectories: true)
                try content.write(to: URL(filePath: file))
            }
        } catch {
            throw .unwritable(path: root, reason: reason(error))
        }
    }

    static func reason(_ error: any Error) -> String {
        guard let error = error as? CocoaError else { return "\(error)" }
        switch error.code {
        case .fileReadNoPermission, .fileWriteNoPermission: return "permission denied"
        case .fileReadNoSuchFile, .fileNoSuchFile: return "no such file or directory"
        case .fileWriteOutOfSpace: return "no space left on the device"
        case .fileWriteVolumeReadOnly: return "the file system is read-only"
        case .fileWriteFileExists: return "a file is in the way"
        default: return "\(error.code)"
        }
    }
}
