import ClusterModel
import ClusterSnapshot
import EvidenceCollection
import Foundation
import IncidentModel
import Investigation
import TestSupport
import Testing

struct SubjectClosureTests {
    private func around(_ kind: String, _ name: String?, in builder: ClusterBuilder) async throws -> ClusterEvidence {
        let namespaced = ResourceType.of(kind: kind)?.isNamespaced ?? true
        let subject = ObjectReference(kind: kind, namespace: namespaced ? "shop" : nil, name: name ?? "")
        return try await EvidenceCollector(FakeCluster(builder.evidence())).evidence(
            for: EvidenceScope(namespaces: ["shop"], subject: subject))
    }

    @Test func `a subject brings what it hangs on, and what that hangs on, and nothing else`() async throws {
        var builder = shop()
        builder.event("Gone", about: ObjectReference(kind: "Pod", namespace: "shop", name: "web-does-not-exist"), "unrelated")
        builder.quota("limits", hard: ["pods": "10"], used: ["pods": "4"])
        let evidence = try await around("Deployment", "web", in: builder)
        // web names cart in its environment, cart names its ConfigMap.
        #expect(evidence.names(.deployments) == ["shop/cart", "shop/web"])
        #expect(evidence.names(.pods).count == 3)
        #expect(evidence.names(.replicaSets).count == 2)
        #expect(evidence.names(.services) == ["shop/cart", "shop/web"])
        #expect(evidence.names(.configMaps) == ["shop/cart-config"])
        #expect(evidence.names(.secrets) == ["shop/web-keys"])
        #expect(evidence.names(.serviceAccounts) == ["shop/default"])
        #expect(evidence.names(.nodes) == ["worker-1"])
        #expect(evidence.names(.resourceQuotas) == ["shop/limits"])
        #expect(evidence.names(.events).isEmpty)
        #expect(evidence.logs.map(\.container).contains("cart"))
        #expect(!evidence.logs.map(\.container).contains("blog"))
    }

    @Test func `a subject without namespaces reads its own`() async throws {
        let subject = ObjectReference(kind: "Deployment", namespace: "shop", name: "blog")
        let evidence = try await EvidenceCollector(FakeCluster(shop().evidence())).evidence(for: EvidenceScope(subject: subject))
        #expect(evidence.namespaces == ["shop"])
        #expect(evidence.names(.deployments) == ["shop/blog"])
    }

    @Test func `events about anything kept are kept`() async throws {
        var builder = shop()
        let pod = builder.deployment("extra", pods: [.running])[0]
        builder.event("BackOff", about: ObjectReference(kind: "Pod", namespace: "shop", name: pod), "restarting")
        builder.event("Scaled", about: ObjectReference(kind: "Deployment", namespace: "shop", name: "blog"), "unrelated")
        let evidence = try await around("Pod", pod, in: builder)
        #expect(ClusterView(evidence).events.items.map(\.reason) == ["BackOff"])
        #expect(evidence.names(.deployments) == ["shop/extra"])
    }

    @Test func `a service that only a log line names is kept with its pods and their logs`() async throws {
        var builder = shop()
        builder.deployment("poll", pods: [.running])
        builder.log("poll", "dial tcp: connect to cart:8080: connection refused")
        let evidence = try await around("Deployment", "poll", in: builder)
        #expect(evidence.names(.services) == ["shop/cart"])
        #expect(evidence.names(.configMaps) == ["shop/cart-config"])
        #expect(Set(evidence.logs.map(\.container)) == ["poll", "cart"])
    }

    @Test func `where a referenced object is missing all of its kind stay, for one of them may be meant`() async throws {
        var builder = shop()
        builder.remove(.configMaps, "cart-config")
        builder.configMap("cart-confg", ["mode": "fast"])
        let evidence = try await around("Deployment", "cart", in: builder)
        #expect(evidence.names(.configMaps) == ["shop/blog-config", "shop/cart-confg"])
    }

    @Test func `a pod that is not scheduled brings all nodes, a running one its own`() async throws {
        var builder = shop()
        builder.node("worker-2")
        builder.deployment("big", pods: [.unschedulable("0/2 nodes are available: 2 Insufficient memory.")])
        #expect(try await around("Deployment", "big", in: builder).names(.nodes) == ["worker-1", "worker-2"])
        #expect(try await around("Deployment", "blog", in: builder).names(.nodes) == ["worker-1"])
    }

    @Test func `storage is followed from the claim to its class`() async throws {
        var builder = shop()
        builder.storageClass("fast")
        builder.claim("data", storageClass: "fast")
        builder.deployment("db", TemplateShape([ContainerShape("db")], volumes: [.claim("data", name: "data")]))
        builder.add(.persistentVolumes, name: "pv-1", ["spec": ["claimRef": ["namespace": "shop", "name": "data"]]])
        builder.add(.persistentVolumes, name: "pv-2", ["spec": ["claimRef": ["namespace": "other", "name": "data"]]])
        let evidence = try await around("Deployment", "db", in: builder)
        #expect(evidence.names(.persistentVolumeClaims) == ["shop/data"])
        #expect(evidence.names(.persistentVolumes).contains("pv-1"))
        #expect(evidence.names(.storageClasses) == ["fast"])
    }

    @Test func `rights are followed from the ServiceAccount to its roles`() async throws {
        var builder = shop()
        builder.serviceAccount("reader")
        builder.deployment("audit", TemplateShape([ContainerShape("audit")], serviceAccount: "reader"))
        for (name, account) in [("audit", "reader"), ("unrelated", "writer")] {
            builder.add(.roles, name: name, ["rules": [["verbs": ["get"], "apiGroups": [""], "resources": ["pods"]]]])
            builder.add(
                .roleBindings, name: name,
                [
                    "roleRef": ["kind": "Role", "name": .string(name)],
                    "subjects": [["kind": "ServiceAccount", "namespace": "shop", "name": .string(account)]],
                ])
        }
        let evidence = try await around("Deployment", "audit", in: builder)
        #expect(evidence.names(.roleBindings) == ["shop/audit"])
        #expect(evidence.names(.roles) == ["shop/audit"])
    }

    @Test func `a ConfigMap as subject brings the pods that use it`() async throws {
        let evidence = try await around("ConfigMap", "cart-config", in: shop())
        #expect(evidence.names(.deployments) == ["shop/cart"])
        #expect(evidence.names(.configMaps) == ["shop/cart-config"])
    }

    @Test func `an Ingress stays with all its backends, so that none seems missing`() async throws {
        var builder = shop()
        func path(_ service: String) -> JSONNode {
            [
                "path": .string("/" + service), "pathType": "Prefix",
                "backend": ["service": ["name": .string(service), "port": ["number": 80]]],
            ]
        }
        builder.add(
            .ingresses, name: "front", ["spec": ["rules": [["host": "shop.example.com", "http": ["paths": [path("web"), path("blog")]]]]]])
        let evidence = try await around("Ingress", "front", in: builder)
        #expect(evidence.names(.services) == ["shop/blog", "shop/cart", "shop/web"])
    }

    @Test(arguments: [("Deployment", "no-such-thing"), ("Namespace", "shop")])
    func `where nothing can be left out everything stays`(kind: String, name: String) async throws {
        let evidence = try await around(kind, name, in: shop())
        #expect(evidence.names(.deployments).count == 3)
    }

    @Test(arguments: ["19", "37", "40", "44", "48"])
    func `around every workload of a recorded incident each kept Service has all its pods and endpoints`(number: String) async throws {
        let snapshot = try Scenario.named(number).evidence()
        let whole = ClusterView(snapshot)
        for workload in whole.workloads.map(\.reference) {
            let evidence = try await EvidenceCollector(snapshot: snapshot).evidence(for: EvidenceScope(subject: workload))
            let view = ClusterView(evidence)
            for service in view.services.items {
                #expect(view.pods(selectedBy: service).map(\.name) == whole.pods(selectedBy: service).map(\.name))
                #expect(view.slices(of: service).count == whole.slices(of: service).count)
            }
            #expect(view.pods(of: workload).map(\.name) == whole.pods(of: workload).map(\.name))
        }
    }
}
