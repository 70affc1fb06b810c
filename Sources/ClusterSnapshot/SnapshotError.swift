/// Why a snapshot could not be read or written, in a sentence that says what to do.
public enum SnapshotError: Error, Sendable, Hashable {
    /// There is no such file or directory.
    case notFound(path: String)
    /// It exists, but is no snapshot.
    case notASnapshot(path: String, reason: String)
    /// It was written by a newer program.
    case unsupportedVersion(path: String, found: Int, supported: Int)
    /// It is larger than a reader should swallow; `limit` names the bound.
    case tooLarge(path: String, limit: String)
    /// The archive is damaged.
    case corrupt(path: String, reason: String)
    /// The operating system refused to read it.
    case unreadable(path: String, reason: String)
    /// The snapshot could not be written.
    case unwritable(path: String, reason: String)
}

extension SnapshotError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .notFound(let path):
            "there is no file or directory \(path)"
        case .notASnapshot(let path, let reason):
            "\(path) is no cluster snapshot: \(reason)"
        case .unsupportedVersion(let path, let found, let supported):
            "\(path) is a snapshot of version \(found), this program reads up to version \(supported): use a newer program"
        case .tooLarge(let path, let limit):
            "\(path) is too large: a snapshot may have \(limit)"
        case .corrupt(let path, let reason):
            "\(path) is damaged: \(reason); copy or record it again"
        case .unreadable(let path, let reason):
            "cannot read \(path): \(reason)"
        case .unwritable(let path, let reason):
            "cannot write \(path): \(reason)"
        }
    }
}
