import ClusterModel
import FastJSON
import IncidentModel
import TestSupport
import Testing

@Suite struct ClusterViewTests {
    @Test func `a list that was not read is told apart from an empty one`() {
        var cluster = ClusterBuilder()
        cluster.removeList(.ingresses)
        cluster.removeList(.secrets, reason: "forbidden")
        cluster.gaps.append(EvidenceGap(path: "api/v1/namespaces/shop/configmaps", reason: "timeout"))
        let view = cluster.view()
        #expect(view.wasRead(.deployments) && view.deployments.isEmpty)
        #expect(!view.wasRead(.ingresses) && !view.wasRead(.secrets))
        #expect(view.wasRead(.configMaps, in: "other") && !view.wasRead(.configMaps, in: "shop"))
    }

    @Test func `namespaces outside the scope were not read, cluster-scoped lists were`() {
        var cluster = ClusterBuilder()
        cluster.scope = ["shop"]
        let view = cluster.view()
        #expect(view.wasRead(.pods, in: "shop") && !view.wasRead(.pods, in: "other") && view.wasRead(.nodes, in: "other"))
    }

    @Test func `a bad item becomes a named gap and costs nothing else`() {
        var cluster = ClusterBuilder()
        cluster.deployment("cart", pods: [.running, .running])
        for json in ["null", "7", "{}", #"{"metadata":{"name":""}}"#, #"{"metadata":{"name":5}}"#, "[]", #""text""#] {
            cluster.raw("Pod", json)
        }
        let view = cluster.view()
        #expect(view.pods.count == 2)
        #expect(view.gaps.map(\.path) == (2..<9).map { "api/v1/pods[\($0)]" })
    }

    @Test func `owners lead from a pod to its workload`() throws {
        var cluster = ClusterBuilder()
        cluster.deployment("cart")
        cluster.statefulSet("db")
        cluster.cronJob("report")
        cluster.job("report-1", pods: [.running], owner: ObjectReference(kind: "CronJob", namespace: "shop", name: "report"))
        cluster.pod("bare")
        let view = cluster.view()
        let workloads = Dictionary(view.pods.items.map { ($0.metadata.labels["app"] ?? "", view.workload(of: $0).description) }) { $1 }
        #expect(
            workloads == [
                "cart": "Deployment shop/cart", "db": "StatefulSet shop/db", "report-1": "CronJob shop/report", "bare": "Pod shop/bare",
            ])
        let cart = ObjectReference(kind: "Deployment", namespace: "shop", name: "cart")
        #expect(view.pods(of: cart).count == 1 && view.template(of: cart)?.spec.containers.first?.name == "cart")
        #expect(view.workloads.map(\.reference.kind) == ["CronJob", "Deployment", "Pod", "StatefulSet"])
    }

    @Test func `without ReplicaSets the name still leads to the Deployment, and a cycle of owners ends`() throws {
        var cluster = ClusterBuilder()
        cluster.deployment("cart")
        cluster.removeList(.replicaSets)
        let loop = ObjectReference(kind: "Job", namespace: "shop", name: "loop")
        cluster.job("loop", pods: [.running], owner: loop)
        let view = cluster.view()
        let pods = Dictionary(view.pods.items.map { ($0.metadata.labels["app"] ?? "", $0) }) { $1 }
        #expect(view.workload(of: try #require(pods["cart"])).kind == "Deployment")
        #expect(view.owners(of: try #require(pods["loop"])).count == 5)
    }

    @Test func `endpoints stand in for slices that were not read`() throws {
        var cluster = ClusterBuilder()
        cluster.deployment("cart", pods: [.running, .crashLooping()])
        cluster.service("cart", port: 80, targetPort: 8080)
        let byslices = cluster.view()
        cluster.removeList(.endpointSlices)
        let view = cluster.view()
        for view in [byslices, view] {
            let service = try #require(view.services["shop", "cart"])
            let endpoints = view.slices(of: service).flatMap(\.endpoints)
            #expect(endpoints.count == 2 && endpoints.filter(\.isReady).count == 1)
            #expect(view.slices(of: service).first?.ports.first?.port == 8080)
            #expect(Set(endpoints.compactMap(\.pod)) == Set(view.pods(selectedBy: service).map(\.name)))
        }
        #expect(view.wasRead(.endpointSlices))
    }

    @Test func `events of a namesake with another uid are left out`() throws {
        var cluster = ClusterBuilder()
        let reference = ObjectReference(kind: "Pod", namespace: "shop", name: "cart")
        cluster.pod("cart")
        cluster.event("Second", about: reference, "b", minutesAgo: 1)
        cluster.event("First", about: reference, "a", minutesAgo: 9)
        cluster.raw(
            "Event",
            #"{"metadata":{"name":"old"},"reason":"Old","involvedObject":{"kind":"Pod","namespace":"shop","name":"cart","uid":"x"}}"#)
        let view = cluster.view()
        let pod = try #require(view.pods["shop", "cart"])
        #expect(view.events(about: pod).map(\.reason) == ["First", "Second"])
        #expect(view.events(about: reference).count == 3)
    }

    @Test func `tables are sorted and found by name, whatever order they were read in`() {
        var cluster = ClusterBuilder()
        for name in ["b", "a"] { cluster.configMap(name, in: "z") }
        cluster.configMap("c", in: "a")
        let table = cluster.view().configMaps
        #expect(table.items.map { $0.namespace + "/" + $0.name } == ["a/c", "z/a", "z/b"])
        #expect(table.inNamespace("z").count == 2 && table.inNamespace("none").isEmpty && table["z", "nope"] == nil)
    }

    @Test func `logs are found by pod, the current run first`() throws {
        var cluster = ClusterBuilder()
        cluster.pod("cart")
        cluster.log("cart", previous: true, "old")
        cluster.log("cart", "new")
        let view = cluster.view()
        #expect(view.logs(of: try #require(view.pods["shop", "cart"])).map(\.isPrevious) == [false, true])
    }

    @Test(arguments: ResourceType.all) func `every type survives an item of odd types`(type: ResourceType) {
        var cluster = ClusterBuilder()
        for (index, odd) in ["null", "7", "\"x\"", "[]", "{}", "[null,7,\"x\",{},[]]", "true"].enumerated() {
            cluster.raw(
                type.kind,
                #"""
                {"metadata":{"name":"odd-\#(index)","namespace":"shop","labels":\#(odd),"annotations":\#(odd),"ownerReferences":\#(odd),
                "managedFields":\#(odd)},"spec":\#(odd),"status":\#(odd),"data":\#(odd),"rules":\#(odd),"subjects":\#(odd),
                "roleRef":\#(odd),
                "webhooks":\#(odd),"subsets":\#(odd),"endpoints":\#(odd),"ports":\#(odd),"involvedObject":\#(odd),"series":\#(odd),
                "type":\#(odd)}
                """#)
        }
        #expect(cluster.view().gaps.isEmpty)
    }

    @Test func `secrets give the names of their keys, config maps those of binary data too`() throws {
        var cluster = ClusterBuilder()
        cluster.secret("db", keys: ["user", "password"])
        cluster.raw("ConfigMap", #"{"metadata":{"name":"cm","namespace":"shop"},"data":{"a":"1"},"binaryData":{"b":"AA=="}}"#)
        let view = cluster.view()
        #expect(view.secrets["shop", "db"]?.keys == ["user", "password"])
        #expect(view.configMaps["shop", "cm"]?.keys == ["a", "b"] && view.configMaps["shop", "cm"]?.data == ["a": "1"])
    }
}
