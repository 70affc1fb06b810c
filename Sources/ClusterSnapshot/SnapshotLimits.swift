/// How much a snapshot may hold, so that a hostile archive ends in an error and not in a full memory.
struct SnapshotLimits: Sendable {
    /// Bytes of all files together, unpacked.
    var totalBytes = 512 << 20
    /// Files and directories.
    var entries = 200_000

    static let standard = SnapshotLimits()

    var bytesText: String { "at most \(totalBytes >> 20) MiB unpacked" }
    var entriesText: String { "at most \(entries) files" }
}
