import Foundation

/// Tells a file that was changed from one that was not, also where the path leads over links: a mounted Secret is `tls.crt → ..data/tls.crt`, and
/// the kubelet swaps only `..data`.
struct FileVersion: Sendable, Equatable {
    private let target: String
    private let modified: Date?

    /// - Returns: nil where nothing is there.
    init?(of path: String) {
        target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: target) else { return nil }
        modified = attributes[.modificationDate] as? Date
    }
}
