import Foundation
import TestSupport
import Testing

/// The machine's own kubectl against a replayed incident: the proof that the replay is a Kubernetes API.
@Suite(.enabled(if: Command.find("kubectl") != nil, "kubectl is not installed")) struct KubectlTests {
    private struct Kubectl: Sendable {
        let program: String
        let kubeconfig: String
        let home: String

        func callAsFunction(_ arguments: String...) async throws -> Command.Result {
            try await Command.run(
                program, arguments, environment: ["KUBECONFIG": kubeconfig, "HOME": home, "PATH": "/usr/bin:/bin", "NO_PROXY": "127.0.0.1"])
        }
    }

    private static func withKubectl(_ body: @Sendable @escaping (Kubectl) async throws -> Void) async throws {
        try await withReplay(of: try Scenario.named("09-app-error-java").evidence()) { replay in
            let directory = try TemporaryDirectory()
            try directory.write(
                """
                apiVersion: v1
                kind: Config
                current-context: replay
                contexts: [{name: replay, context: {cluster: replay, user: nobody}}]
                clusters: [{name: replay, cluster: {server: "\(replay.url)"}}]
                users: [{name: nobody, user: {}}]
                """, to: "kubeconfig")
            let program = try #require(Command.find("kubectl"))
            try await body(Kubectl(program: program, kubeconfig: directory.file("kubeconfig"), home: directory.path))
            withExtendedLifetime(directory) {}
        }
    }

    @Test func `get pods in all namespaces prints its usual table`() async throws {
        try await Self.withKubectl { kubectl in
            let result = try await kubectl("get", "pods", "-A")
            #expect(result.status == 0, "\(result.errors)")
            let lines = result.output.split(separator: "\n")
            #expect(lines.first?.split(separator: " ").map(String.init) == ["NAMESPACE", "NAME", "READY", "STATUS", "RESTARTS", "AGE"])
            #expect(lines.contains { $0.contains("booking-web-97df885b7-n7cmp") && $0.contains("1/1") && $0.contains("2m15s") })
            #expect(lines.contains { $0.contains("fare-import-20261123-9655g") && $0.contains("Completed") })
        }
    }

    @Test func `several kinds at once, wide output and selectors work`() async throws {
        try await Self.withKubectl { kubectl in
            let several = try await kubectl("get", "deploy,svc,ev", "-n", "bookings")
            #expect(several.status == 0, "\(several.errors)")
            for text in ["deployment.apps/pricing-engine", "service/pricing-engine", "LAST SEEN", "BackOff"] {
                #expect(several.output.contains(text))
            }
            let wide = try await kubectl("get", "pods", "-n", "bookings", "-o", "wide", "-l", "app.kubernetes.io/name=pricing-engine")
            #expect(wide.output.contains("lab-node") && !wide.output.contains("booking-web"))
            let names = try await kubectl("get", "pods", "-n", "bookings", "--field-selector", "status.phase!=Running", "-o", "name")
            #expect(names.output == "pod/fare-import-20261123-9655g\n")
            let all = try await kubectl("get", "all,cm,secrets,ns,nodes,pvc,ing,hpa", "-n", "bookings")
            #expect(all.status == 0, "\(all.errors)")
        }
    }

    @Test func `a pod is printed as YAML and described with its events`() async throws {
        try await Self.withKubectl { kubectl in
            let yaml = try await kubectl("get", "pod", "-n", "bookings", "pricing-engine-79b684c6c9-gjvgs", "-o", "yaml")
            #expect(yaml.output.hasPrefix("apiVersion: v1\nkind: Pod\n"), "\(yaml.errors)")
            let describe = try await kubectl("describe", "pod", "-n", "bookings", "pricing-engine-79b684c6c9-gjvgs")
            #expect(describe.status == 0, "\(describe.errors)")
            for text in ["Controlled By:  ReplicaSet/pricing-engine-79b684c6c9", "Events:", "BackOff"] {
                #expect(describe.output.contains(text))
            }
        }
    }

    @Test func `logs of the current and of the previous run are printed`() async throws {
        try await Self.withKubectl { kubectl in
            let logs = try await kubectl("logs", "-n", "bookings", "pricing-engine-79b684c6c9-gjvgs")
            #expect(logs.output.contains("NullPointerException"), "\(logs.errors)")
            #expect(!logs.output.hasPrefix("2026-11-23T"))
            let previous = try await kubectl(
                "logs", "--previous", "--tail=2", "--timestamps", "-n", "bookings", "pricing-engine-79b684c6c9-gjvgs")
            #expect(previous.output.split(separator: "\n").count == 2 && previous.output.hasPrefix("2026-11-23T"))
            let none = try await kubectl("logs", "--previous", "-n", "bookings", "booking-web-97df885b7-n7cmp")
            #expect(none.status != 0 && none.errors.contains("previous terminated container"))
        }
    }

    @Test func `what does not exist and what would write is refused in kubectl's own words`() async throws {
        try await Self.withKubectl { kubectl in
            let absent = try await kubectl("get", "pod", "-n", "bookings", "nope")
            #expect(absent.errors.contains(#"Error from server (NotFound): pods "nope" not found"#))
            let delete = try await kubectl("delete", "pod", "-n", "bookings", "pricing-engine-79b684c6c9-gjvgs", "--wait=false")
            #expect(delete.status != 0 && delete.errors.contains("MethodNotAllowed"))
            let unknown = try await kubectl("get", "gizmos")
            #expect(unknown.errors.contains("doesn't have a resource type"))
            #expect(try await kubectl("version").output.contains("Server Version: v1.36.2"))
            let resources = try await kubectl("api-resources", "--api-group=apps")
            #expect(resources.output.contains("deployments") && resources.output.contains("deploy"))
        }
    }

    @Test func `a watch shows what is there and can be ended`() async throws {
        try await Self.withKubectl { kubectl in
            let watch = try await kubectl("get", "pods", "-n", "bookings", "--watch", "--request-timeout=2s")
            #expect(watch.output.contains("pricing-engine-79b684c6c9-gjvgs"))
        }
    }
}
