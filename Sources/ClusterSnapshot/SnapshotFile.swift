public import ClusterModel
import Foundation

/// Snapshots on disk: a directory, or the same tree as a gzipped tar archive.
public enum SnapshotFile {
    /// Reads a snapshot from a directory or a `.tar.gz`; which of both is seen from the contents, not from the name.
    ///
    /// A directory that holds `snapshot/` or `snapshot.tar.gz` instead of a snapshot, as scenarios do, stands for that one.
    /// - Throws: `SnapshotError`; a single broken file inside is no error but a gap named by its path.
    public static func load(_ path: String) throws(SnapshotError) -> ClusterEvidence {
        try load(path, limits: .standard)
    }

    static func load(_ path: String, limits: SnapshotLimits) throws(SnapshotError) -> ClusterEvidence {
        var isDirectory = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else { throw .notFound(path: path) }
        guard isDirectory else { return try loadArchive(path, limits: limits) }
        for inner in ["snapshot", "snapshot.tar.gz"] where !exists(path, SnapshotPath.description) && exists(path, inner) {
            return try load("\(path)/\(inner)", limits: limits)
        }
        let (files, broken) = try SnapshotDirectory.files(at: path, limits: limits)
        return try SnapshotDecoder(source: path).evidence(from: files, broken: broken)
    }

    /// Writes a snapshot: a gzipped archive where `path` ends in `.tar.gz` or `.tgz`, else a directory, which must be new or empty.
    ///
    /// The same evidence always gives the same bytes. Values of Secrets are never written, whatever the evidence holds.
    /// - Throws: `SnapshotError.unwritable`.
    public static func write(_ evidence: ClusterEvidence, to path: String) throws(SnapshotError) {
        let files = SnapshotEncoder.files(for: evidence)
        guard path.hasSuffix(".tar.gz") || path.hasSuffix(".tgz") else {
            return try SnapshotDirectory.write(files, to: path)
        }
        do {
            try Gzip.pack(TarArchive.archive(files)).write(to: URL(filePath: path), options: .atomic)
        } catch is Gzip.Failure {
            throw .unwritable(path: path, reason: "the snapshot is too large for one archive; write a directory")
        } catch {
            throw .unwritable(path: path, reason: SnapshotDirectory.reason(error))
        }
    }

    private static func loadArchive(_ path: String, limits: SnapshotLimits) throws(SnapshotError) -> ClusterEvidence {
        let file = URL(filePath: path).resolvingSymlinksInPath().path
        let attributes = try? FileManager.default.attributesOfItem(atPath: file)
        // A pipe or a device would be read without end.
        guard attributes?[.type] as? FileAttributeType == .typeRegular else {
            throw .notASnapshot(path: path, reason: "it is neither a directory nor a plain file")
        }
        guard (attributes?[.size] as? NSNumber)?.intValue ?? 0 <= limits.totalBytes else {
            throw .tooLarge(path: path, limit: limits.bytesText)
        }
        let packed: Data
        do {
            packed = try Data(contentsOf: URL(filePath: path))
        } catch {
            throw .unreadable(path: path, reason: SnapshotDirectory.reason(error))
        }
        guard packed.starts(with: Gzip.magic) else {
            throw .notASnapshot(path: path, reason: "it is neither a directory nor a .tar.gz archive")
        }
        let files = try entries(of: unpacked(packed, path: path, limits: limits), path: path, limits: limits)
        return try SnapshotDecoder(source: path).evidence(from: files, broken: [:])
    }

    private static func unpacked(_ packed: Data, path: String, limits: SnapshotLimits) throws(SnapshotError) -> Data {
        do {
            return try Gzip.unpack(packed, limit: limits.totalBytes)
        } catch {
            switch error {
            case .tooLarge: throw .tooLarge(path: path, limit: limits.bytesText)
            case .damaged(let reason): throw .corrupt(path: path, reason: reason)
            }
        }
    }

    private static func entries(of archive: Data, path: String, limits: SnapshotLimits) throws(SnapshotError) -> [String: Data] {
        let files: [String: Data]
        do {
            files = try TarArchive.files(in: archive, limit: limits.entries)
        } catch {
            switch error {
            case .tooManyEntries: throw .tooLarge(path: path, limit: limits.entriesText)
            case .damaged(let reason): throw .corrupt(path: path, reason: reason)
            }
        }
        // `tar czf x.tar.gz snapshot/` puts one directory above everything.
        guard files[SnapshotPath.description] == nil,
            let inner = files.keys.filter({ $0.hasSuffix("/" + SnapshotPath.description) }).min(by: { $0.utf8.count < $1.utf8.count })
        else { return files }
        let prefix = inner.dropLast(SnapshotPath.description.count)
        let below = files.filter { $0.key.hasPrefix(prefix) }.map { (String($0.key.dropFirst(prefix.count)), $0.value) }
        return Dictionary(below) { first, _ in first }
    }

    private static func exists(_ directory: String, _ name: String) -> Bool {
        FileManager.default.fileExists(atPath: "\(directory)/\(name)")
    }
}
