import Foundation
import TestSupport
import Testing

@testable import KubernetesClient

@Suite struct InClusterTests {
    private static func mount(token: String? = "pod-token", namespace: String? = "shop", authority: String? = nil) async throws
        -> TemporaryDirectory
    {
        let directory = try TemporaryDirectory()
        if let token { try directory.write("token", token) }
        if let namespace { try directory.write("namespace", namespace + "\n") }
        let certificates = try await TestCertificates.shared()
        try directory.write("ca.crt", try authority ?? certificates.text("ca.crt"))
        return directory
    }

    private static func resolve(_ directory: TemporaryDirectory, host: String = "127.0.0.1", port: String) throws(ClusterReadError)
        -> ClusterConnection
    {
        try ClusterConnection.resolve(
            kubeconfig: nil, context: nil, environment: ["KUBERNETES_SERVICE_HOST": host, "KUBERNETES_SERVICE_PORT": port],
            serviceAccount: ServiceAccountDirectory(path: directory.path))
    }

    @Test func `a pod talks to its own cluster with its service account`() async throws {
        let directory = try await Self.mount()
        try await FakeServer.run(tls: try await TestCertificates.shared().server(), answer: { _, _ in .version }) { server in
            let connection = try Self.resolve(directory, port: String(server.port))
            #expect(connection.displayName == "in-cluster")
            #expect(connection.namespace == "shop")
            try await withAPI(connection) { (api) async throws in #expect(try await api.version() == "v1.36.2") }
            #expect(server.seen.first?.authorization == "Bearer pod-token")
        }
    }

    @Test func `an IPv6 address of the service gets its brackets`() async throws {
        let directory = try await Self.mount()
        #expect(try Self.resolve(directory, host: "fd00::1", port: "443").server == "https://[fd00::1]:443")
    }

    @Test func `a missing namespace file means default`() async throws {
        let directory = try await Self.mount(namespace: nil)
        #expect(try Self.resolve(directory, port: "443").namespace == "default")
    }

    @Test func `a missing token or a broken authority is told with its file`() async throws {
        let noToken = try await Self.mount(token: nil)
        #expect(throws: ClusterReadError.configuration("the token file \(noToken.path)/token cannot be read: there is no such file")) {
            try Self.resolve(noToken, port: "443")
        }
        let badAuthority = try await Self.mount(authority: "-----BEGIN NOTHING-----")
        #expect(
            throws: ClusterReadError.configuration("\(badAuthority.path)/ca.crt holds no PEM certificate (-----BEGIN CERTIFICATE-----)")
        ) {
            try Self.resolve(badAuthority, port: "443")
        }
        let directory = try await Self.mount()
        #expect(throws: ClusterReadError.self) { try Self.resolve(directory, host: "a b", port: "443") }
    }
}
