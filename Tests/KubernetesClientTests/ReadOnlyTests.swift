import Foundation
import Testing

@Suite struct ReadOnlyTests {
    @Test func `the client knows no verb that writes`() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let sources = root.appendingPathComponent("Sources/KubernetesClient")
        let files = try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil)).compactMap { $0 as? URL }
            .filter { $0.pathExtension == "swift" }
        #expect(files.count > 20)
        var methods: [String] = []
        for file in files {
            let text = try String(contentsOf: file, encoding: .utf8)
            for line in text.split(separator: "\n") where line.contains(".method = ") {
                methods.append(line.trimmingCharacters(in: .whitespaces))
            }
            for verb in [".POST", ".PUT", ".PATCH", ".DELETE", "RAW(", "\"POST\"", "\"PUT\"", "\"PATCH\"", "\"DELETE\""] {
                #expect(!text.contains(verb), "\(file.lastPathComponent) mentions \(verb)")
            }
        }
        #expect(methods == ["request.method = .GET"])
    }
}
