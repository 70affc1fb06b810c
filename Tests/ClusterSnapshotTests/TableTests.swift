import ClusterModel
import FastJSON
import Foundation
import IncidentModel
import TestSupport
import Testing

@testable import ClusterSnapshot

@Suite struct TableTests {
    @Test(arguments: [
        (-5.0, "<invalid>"), (-1.5, "0s"), (0, "0s"), (119, "119s"), (120, "2m"), (185, "3m5s"), (599, "9m59s"), (600, "10m"),
        (10_799, "179m"),
        (10_800, "3h"), (11_000, "3h3m"), (28_800, "8h"), (172_799, "47h"), (172_800, "2d"), (180_000, "2d2h"), (691_200, "8d"),
        (63_072_000, "2y"), (70_000_000, "2y80d"), (260_000_000, "8y"),
    ]) func `durations read as kubectl writes them`(seconds: Double, text: String) {
        #expect(HumanDuration.text(seconds: seconds) == text)
    }

    private static func rows(_ type: ResourceType, _ change: (inout ClusterBuilder) -> Void) throws -> [[String]] {
        var cluster = ClusterBuilder()
        change(&cluster)
        let items = cluster.evidence().lists[type.path] ?? []
        let table = try JSONValue(
            parsing: TableColumns(type: type, now: cluster.capturedAt).table(items, metadata: [], include: "Metadata"))
        let isShown = table["columnDefinitions"].array.map { $0["priority"].int == 0 }
        return table["rows"].array.map { row in
            zip(row["cells"].array, isShown).filter(\.1).map { $0.0.string ?? $0.0.int.map { String($0) } ?? "?" }
        }
    }

    @Test func `pods show the state that matters`() throws {
        let sidecar = ContainerShape("mesh", more: ["restartPolicy": "Always"])
        let rows = try Self.rows(.pods) { cluster in
            cluster.pod("a-running")
            cluster.pod("b-looping", nil, .crashLooping(restarts: 5))
            cluster.pod("c-pulling", nil, .waiting("ImagePullBackOff"))
            cluster.pod("d-pending", nil, .unschedulable("0/1 nodes are available"))
            cluster.pod("e-done", nil, PodShape(.terminated(.init(0))))
            cluster.pod("f-failed", nil, PodShape(.terminated(.init(1))))
            let waits = TemplateShape([ContainerShape("app")], initContainers: [ContainerShape("wait"), ContainerShape("more")])
            cluster.pod(
                "g-init", waits,
                PodShape(.waiting("PodInitializing"), others: ["wait": .crashLooping(restarts: 2), "more": .waiting("PodInitializing")]))
            cluster.pod("h-ending", nil, PodShape(.running, more: ["metadata": ["deletionTimestamp": "2026-11-23T18:59:59Z"]]))
            cluster.pod(
                "i-sidecar", TemplateShape([ContainerShape("app")], initContainers: [sidecar]),
                PodShape(.running, others: ["mesh": .running]))
            cluster.pod("j-evicted", nil, PodShape(.terminated(.init(137, reason: "")), more: ["status": ["reason": "Evicted"]]))
        }
        #expect(
            rows == [
                ["a-running", "1/1", "Running", "0", "30m"],
                ["b-looping", "0/1", "CrashLoopBackOff", "5 (60s ago)", "30m"],
                ["c-pulling", "0/1", "ImagePullBackOff", "0", "30m"],
                ["d-pending", "0/1", "Pending", "0", "30m"],
                ["e-done", "0/1", "Completed", "0", "30m"],
                ["f-failed", "0/1", "Error", "0", "30m"],
                ["g-init", "0/1", "Init:CrashLoopBackOff", "2 (60s ago)", "30m"],
                ["h-ending", "1/1", "Terminating", "0", "30m"],
                ["i-sidecar", "2/2", "Running", "0", "30m"],
                ["j-evicted", "0/1", "ExitCode:137", "0", "30m"],
            ])
    }

    @Test func `workloads, services and storage have kubectl's columns`() throws {
        let deployments = try Self.rows(.deployments) { $0.deployment("cart", pods: [.running, .crashLooping()]) }
        #expect(deployments == [["cart", "1/2", "2", "1", "60m"]])
        let services = try Self.rows(.services) { cluster in
            cluster.service("cart", port: 8080)
            cluster.service("lb", type: "LoadBalancer", more: ["ports": [["port": 80, "nodePort": 30080, "protocol": "TCP"]]])
            cluster.service("out", selector: [:], type: "ExternalName", more: ["clusterIP": .null, "externalName": "db.example.com"])
        }
        #expect(
            services.map { [$0[1], $0[3], $0[4]] } == [
                ["ClusterIP", "<none>", "8080/TCP"], ["LoadBalancer", "<pending>", "80:30080/TCP"],
                ["ExternalName", "db.example.com", "80/TCP"],
            ])
        #expect(services[2][2] == "<none>")
        let claims = try Self.rows(.persistentVolumeClaims) { $0.claim("data", storageClass: "fast", phase: "Pending") }
        #expect(claims == [["data", "Pending", "", "", "", "fast", "<unset>", "60m"]])
        let quotas = try Self.rows(.resourceQuotas) {
            $0.quota("q", hard: ["requests.cpu": "1", "limits.cpu": "2"], used: ["requests.cpu": "500m"])
        }
        #expect(quotas == [["q", "requests.cpu: 500m/1", "limits.cpu: 0/2", "60m"]])
        let nodes = try Self.rows(.nodes) {
            $0.node("worker-1", ready: false, labels: ["node-role.kubernetes.io/worker": ""], unschedulable: true)
        }
        #expect(nodes.map { Array($0[..<3]) } == [["worker-1", "NotReady,SchedulingDisabled", "worker"]])
        let jobs = try Self.rows(.jobs) { cluster in
            cluster.job(
                "done",
                more: [
                    "status": [
                        "succeeded": 1, "startTime": "2026-11-23T18:00:00Z", "completionTime": "2026-11-23T18:00:42Z",
                        "conditions": [["type": "Complete", "status": "True"]],
                    ]
                ])
            cluster.job("busy")
        }
        #expect(jobs.map { Array($0[1...3]) } == [["Complete", "1/1", "42s"], ["Running", "0/1", ""]])
        let events = try Self.rows(.events) { cluster in
            cluster.event(
                "BackOff", about: ObjectReference(kind: "Pod", namespace: "shop", name: "cart-0"), "Back-off restarting \n", minutesAgo: 3)
        }
        #expect(events == [["3m", "Warning", "BackOff", "pod/cart-0", "Back-off restarting"]])
    }

    @Test(arguments: ResourceType.all) func `every kind has a table for every recorded object`(type: ResourceType) throws {
        for scenario in try ["09", "32", "39", "44", "68"].map(Scenario.named) {
            let items = try scenario.evidence().lists[type.path] ?? []
            for include in ["Metadata", "Object", "None"] {
                let table = try JSONValue(
                    parsing: TableColumns(type: type, now: Date(timeIntervalSince1970: 1_795_460_400)).table(
                        items, metadata: [], include: include))
                let width = table["columnDefinitions"].count
                #expect(table["rows"].count == items.count)
                #expect(table["rows"].array.allSatisfy { $0["cells"].count == width && $0["object"].isMissing == (include == "None") })
            }
        }
    }

    @Test func `objects without any expected field still have a row`() throws {
        for type in ResourceType.all {
            let rows = try Self.rows(type) { $0.raw(type.kind, #"{"metadata":{"name":"odd","namespace":7},"spec":[],"status":"no"}"#) }
            #expect(type == .events ? rows.count == 1 : rows.contains { $0.first == "odd" }, "\(type.kind)")
        }
    }
}
