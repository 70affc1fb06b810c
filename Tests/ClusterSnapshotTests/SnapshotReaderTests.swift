import ClusterModel
import ClusterSnapshot
import FastJSON
import IncidentModel
import KubernetesClient
import TestSupport
import Testing

@Suite struct SnapshotReaderTests {
    private static func reader(_ change: (inout ClusterBuilder) -> Void = { _ in }) -> SnapshotReader {
        var cluster = ClusterBuilder()
        cluster.namespace("other")
        cluster.deployment("cart", pods: [.running, .crashLooping()])
        cluster.deployment("web", in: "other")
        cluster.log("cart", "hello\nworld")
        change(&cluster)
        return SnapshotReader(cluster.evidence())
    }

    @Test func `lists are narrowed by namespace and both selectors`() async throws {
        let reader = Self.reader()
        #expect(try await reader.list(.pods, namespace: nil, selecting: .everything).count == 3)
        #expect(try await reader.list(.pods, namespace: "shop", selecting: .everything).count == 2)
        #expect(try await reader.list(.pods, namespace: nil, selecting: ListSelection(labels: "app=web")).count == 1)
        #expect(try await reader.list(.pods, namespace: "shop", selecting: ListSelection(labels: "app=web")).isEmpty)
        let fields = ListSelection(fields: "spec.nodeName=worker-1,metadata.namespace=shop")
        #expect(try await reader.list(.pods, namespace: nil, selecting: fields).count == 2)
        #expect(try await reader.list(.nodes, namespace: nil, selecting: .everything).count == 1)
    }

    @Test func `an absent object is not found, a list that was not recorded too, a refused one is forbidden`() async throws {
        let reader = Self.reader { cluster in
            cluster.removeList(.ingresses)
            cluster.removeList(.secrets, reason: "forbidden: secrets is forbidden")
            cluster.removeList(.leases, reason: "timeout: too slow")
        }
        await #expect(throws: ClusterReadError.notFound("pods \"nope\" not found")) {
            try await reader.get(.pods, namespace: "shop", name: "nope")
        }
        await #expect(throws: ClusterReadError.notFound("apis/networking.k8s.io/v1/ingresses was not recorded")) {
            try await reader.list(.ingresses, namespace: nil, selecting: .everything)
        }
        await #expect(throws: ClusterReadError.forbidden("secrets is forbidden")) {
            try await reader.get(.secrets, namespace: "shop", name: "db")
        }
        await #expect(throws: ClusterReadError.notFound("timeout: too slow")) {
            try await reader.list(.leases, namespace: "shop", selecting: .everything)
        }
    }

    @Test func `a namespace outside the recorded scope is forbidden, not empty`() async throws {
        let reader = Self.reader { cluster in
            cluster.scope = ["shop"]
            cluster.gaps.append(EvidenceGap(path: "api/v1/namespaces/shop/configmaps", reason: "forbidden"))
        }
        await #expect(throws: ClusterReadError.self) { try await reader.list(.pods, namespace: "third", selecting: .everything) }
        #expect(try await reader.list(.pods, namespace: "other", selecting: .everything).count == 1)
        await #expect(throws: ClusterReadError.forbidden("forbidden")) {
            try await reader.list(.configMaps, namespace: "shop", selecting: .everything)
        }
        #expect(try await reader.list(.pods, namespace: "shop", selecting: .everything).count == 2)
    }

    @Test func `an object is found by namespace and name`() async throws {
        let reader = Self.reader()
        #expect(try await reader.get(.deployments, namespace: "other", name: "web")["spec", "replicas"].int == 1)
        #expect(try await reader.get(.nodes, namespace: nil, name: "worker-1")["metadata", "name"].string == "worker-1")
        #expect(try await reader.version() == "v1.36.2")
    }

    @Test func `logs are cut as asked, and a log that is not there says why`() async throws {
        let reader = Self.reader()
        let pod = try #require(try await reader.list(.pods, namespace: "shop", selecting: .everything).first?["metadata", "name"].string)
        var request = LogRequest(namespace: "shop", pod: pod, container: "cart", tailLines: 1, hasTimestamps: false)
        #expect(try await reader.log(request) == "world\n")
        request.sinceSeconds = 30
        #expect(try await reader.log(request) == "")
        request.isPrevious = true
        await #expect(throws: ClusterReadError.badRequest("previous terminated container \"cart\" in pod \"\(pod)\" not found")) {
            try await reader.log(request)
        }
        request.container = "nope"
        await #expect(throws: ClusterReadError.badRequest("container nope is not valid for pod \(pod)")) { try await reader.log(request) }
        request.pod = "nope"
        await #expect(throws: ClusterReadError.notFound("pods \"nope\" not found")) { try await reader.log(request) }
    }

    @Test func `a reader never gives values of secrets`() async throws {
        let reader = Self.reader { $0.raw("Secret", #"{"metadata":{"name":"db","namespace":"shop"},"data":{"password":"aHVudGVyMg=="}}"#) }
        #expect(try await reader.get(.secrets, namespace: "shop", name: "db")["data"].stringMap == ["password": ""])
    }
}
