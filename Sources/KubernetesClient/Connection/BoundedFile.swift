import Foundation

/// Reading files of limited size, for input that a person or another program wrote.
enum BoundedFile {
    /// Enough for any credential or bundle of authorities.
    static let credentialLimit = 1 << 20

    /// The bytes of a file.
    /// - Throws: `.configuration` naming the file, when it cannot be read or is larger than `limit` bytes.
    static func read(_ path: String, limit: Int = credentialLimit, as purpose: String) throws(ClusterReadError) -> [UInt8] {
        let data: Data
        do {
            let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { try? handle.close() }
            data = try handle.read(upToCount: limit + 1) ?? Data()
        } catch {
            throw .configuration("\(purpose) \(path) cannot be read: \(reason(path))")
        }
        guard data.count <= limit else {
            throw .configuration("\(purpose) \(path) is larger than \(limit / 1024) KiB, which none should be")
        }
        return [UInt8](data)
    }

    /// The text of a file without surrounding white space.
    static func text(_ path: String, as purpose: String) throws(ClusterReadError) -> String {
        let bytes = try read(path, as: purpose)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .configuration("\(purpose) \(path) is not UTF-8 text")
        }
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private static func reason(_ path: String) -> String {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else { return "there is no such file" }
        return isDirectory.boolValue ? "it is a directory" : "permission denied, or it is no regular file"
    }
}
