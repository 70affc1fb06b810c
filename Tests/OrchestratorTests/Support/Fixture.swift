import Foundation
import TestSupport

enum Fixture {
    /// A Deployment whose pods want a ConfigMap that does not exist.
    static func brokenShop() -> ClusterBuilder {
        var builder = ClusterBuilder()
        builder.namespace("shop")
        builder.deployment(
            "cart", TemplateShape([ContainerShape("cart", envFrom: [.configMap("cart-settings")])]),
            pods: [.waiting("CreateContainerConfigError", "configmap \"cart-settings\" not found")])
        builder.configMap("other")
        return builder
    }

    /// The repository this file is in.
    static var root: String { "/" + #filePath.split(separator: "/").dropLast(4).joined(separator: "/") }

    /// Runs `work` with a directory that is gone afterwards.
    static func withDirectory(_ work: (String) async throws -> Void) async throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("sre-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: url) }
        try await work(url.path)
    }
}
