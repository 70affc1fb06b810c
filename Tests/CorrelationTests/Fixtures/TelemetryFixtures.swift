import ClusterModel
import FastJSON
import Foundation
import IncidentModel
import TestSupport
import Testing

/// Incidents whose objects are all well and whose measurements are not.
@Suite struct TelemetryFixtures {
    private func deployment(_ name: String) -> ObjectReference { ObjectReference(kind: "Deployment", namespace: "shop", name: name) }

    private func report(_ cluster: ClusterBuilder, _ description: String = "Users report that the shop is slow.") throws -> Report {
        try diagnose(cluster.evidence(), description, namespace: "shop")
    }

    private func expect(
        _ report: Report, _ cause: CauseCode, on name: String, affecting affected: [String] = [],
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(report.rootCauses.first?.cause == cause, "got \(report.words)", sourceLocation: sourceLocation)
        #expect(report.rootCauses.first?.object == deployment(name), "got \(report.words)", sourceLocation: sourceLocation)
        for item in affected {
            #expect(
                report.rootCauses.first?.affected.contains(deployment(item)) ?? false,
                "\(item) is missing in \(report.rootCauses.first?.affected ?? [])", sourceLocation: sourceLocation)
        }
    }

    // MARK: CPU

    @Test(arguments: ["cart", "catalog", "currency", "payment", "recommendation"])
    func `a service at its CPU limit is found beneath all that wait for it`(_ name: String) throws {
        let report = try report(.shop([RecordedFault(.cpuStress(slower: 12), in: name)]), "Latency is up in the shop.")
        expect(report, .cpuThrottled, on: name, affecting: ["frontend"])
        let cause = try #require(report.rootCauses.first)
        #expect(cause.level >= .medium)
        #expect(cause.details["resource"] == "cpu" && cause.details["container"] == name && cause.details["found"] == "500m")
        #expect(cause.citations.contains { $0.source == .metric && ($0.field ?? "").contains("metrics.csv \(name)-cpu") })
        #expect(report.confident.count == 1, "got \(report.words)")
    }

    @Test func `asked about a caller the answer is the callee`() throws {
        let report = try report(.shop([RecordedFault(.cpuStress(slower: 12), in: "cart")]), "Errors and slow answers on checkout.")
        expect(report, .cpuThrottled, on: "cart", affecting: ["checkout"])
        #expect(report.rootCauses.first?.affected.first?.name == "checkout")
        #expect((report.rootCauses.first?.chain.count ?? 0) >= 2)
    }

    @Test func `a datastore without latency of its own is found by its CPU`() throws {
        let report = try report(.shop([RecordedFault(.cpuStress(slower: 30), in: "catalog-db")]))
        expect(report, .cpuThrottled, on: "catalog-db", affecting: ["catalog", "frontend"])
    }

    @Test func `without any call known the short one is the cause`() throws {
        let report = try report(.shop([RecordedFault(.cpuStress(slower: 12), in: "cart")], isConfigured: false))
        expect(report, .cpuThrottled, on: "cart", affecting: ["frontend"])
    }

    @Test func `use of CPU without throttling series is enough when it stands at the limit`() throws {
        let report = try report(
            .shop([RecordedFault(.cpuStress(slower: 12), in: "cart")], measures: ["cpu", "mem", "p95latency", "rps"]))
        expect(report, .cpuThrottled, on: "cart")
    }

    @Test func `more CPU that nobody feels is no confident cause`() throws {
        let report = try report(.shop([RecordedFault(.busier(times: 3), in: "cart")]))
        #expect(report.confident.isEmpty, "got \(report.words)")
    }

    @Test func `an incident that is over is found all the same`() throws {
        let fault = RecordedFault(.cpuStress(slower: 12), in: "cart", minutesAgo: 16, minutes: 8)
        expect(try report(.shop([fault])), .cpuThrottled, on: "cart")
    }

    // MARK: Memory

    @Test func `memory that climbs to the limit is named with the limit`() throws {
        let report = try report(.shop([RecordedFault(.memoryLeak(toShare: 0.97), in: "cart", minutesAgo: 12)]))
        expect(report, .memoryLimitExceeded, on: "cart")
        #expect(report.rootCauses.first?.details["resource"] == "memory")
        #expect(report.rootCauses.first?.details["found"] == "256Mi")
    }

    @Test func `a third more memory is how caches live`() throws {
        let fault = RecordedFault(.memoryLeak(toShare: 0.36), in: "cart", minutesAgo: 20)
        #expect(try report(.shop([fault])).confident.isEmpty)
    }

    // MARK: Load

    @Test func `a spike of requests is named where it comes in`() throws {
        let report = try report(.shop([RecordedFault(.load(times: 5), in: "frontend")]))
        expect(report, .loadSpike, on: "frontend")
        #expect(report.rootCauses.first?.details["found"] != nil && report.rootCauses.first?.details["expected"] != nil)
    }

    @Test func `more requests that are served as fast as before are no fault`() throws {
        let report = try report(.shop([RecordedFault(.load(times: 1.9), in: "frontend")]))
        #expect(report.confident.isEmpty, "got \(report.words)")
    }

    // MARK: Network

    @Test(arguments: ["cart", "payment", "catalog"])
    func `slowness without any shortage is the path, at the deepest that is slow`(_ name: String) throws {
        let report = try report(.shop([RecordedFault(.networkDelay(milliseconds: 200), in: name)]))
        expect(report, .networkDegraded, on: name, affecting: ["frontend"])
        #expect(report.rootCauses.first?.details["effect"] == "latency")
        #expect((report.rootCauses.first?.level ?? .high) <= .medium)
    }

    @Test(arguments: ["payment", "cart", "currency"])
    func `lost packets show in the tail and in failures`(_ name: String) throws {
        let report = try report(.shop([RecordedFault(.packetLoss(share: 0.1), in: name)]))
        expect(report, .networkDegraded, on: name)
        #expect(report.rootCauses.first?.details["effect"] == "loss")
    }

    @Test func `a slow path to a leaf that measures itself as fast is seen by what its callers share`() throws {
        let cluster = ClusterBuilder.shop([RecordedFault(.networkDelay(milliseconds: 250), in: "currency")]) {
            $0.isMeasuredByClients = false
        }
        let report = try report(cluster)
        let named = (report.rootCauses + report.alternatives).map(\.object)
        #expect(named.contains(deployment("currency")), "got \(report.words)")
        #expect(!report.rootCauses.contains { $0.level == .high })
    }

    @Test func `a busy disk is no confident cause of another kind`() throws {
        let report = try report(.shop([RecordedFault(.diskStress, in: "payment")]))
        #expect(report.rootCauses.first?.object == deployment("payment"), "got \(report.words)")
        #expect(report.rootCauses.allSatisfy { $0.cause == .diskFull ? $0.level == .low : $0.level <= .medium })
    }

    @Test func `errors alone are a suspicion and no more`() throws {
        let report = try report(.shop([RecordedFault(.errors(share: 0.3), in: "payment")]), "Checkout fails for some users.")
        #expect(report.confident.isEmpty, "got \(report.words)")
        #expect(report.outcome == .inconclusive)
    }

    // MARK: Silence

    @Test(arguments: 1...12)
    func `a healthy shop raises no alarm`(_ seed: Int) throws {
        let cluster = ClusterBuilder.shop { recording in
            recording.seed = UInt64(seed * 7_919)
            recording.noise = 0.06 + 0.02 * Double(seed % 5)
            recording.wave = 0.3 * Double(seed % 3) / 2
            recording.minutes = [20, 30, 60, 180][seed % 4]
            recording.stepSeconds = [5, 15, 30][seed % 3]
        }
        let report = try report(cluster)
        #expect(report.rootCauses.isEmpty, "got \(report.words)")
        #expect(report.outcome == .noFault)
    }

    // MARK: Object state knows better

    @Test func `a crash that objects prove explains the slowness of its callers`() throws {
        var cluster = ClusterBuilder.shop([RecordedFault(.killed, in: "payment", minutesAgo: 8)])
        cluster.remove(.deployments, "payment")
        cluster.deployment(
            "payment-worker", pods: [.waiting("ImagePullBackOff", "Back-off pulling image \"registry.example.com/w:9\": not found")])
        let report = try report(cluster)
        #expect(!report.confident.contains { $0.cause == .networkDegraded }, "got \(report.words)")
    }

    @Test func `an out-of-memory kill stays the cause when callers got slow`() throws {
        // A program short of memory collects garbage most of the time.
        var cluster = ClusterBuilder.shop([
            RecordedFault(.memoryLeak(toShare: 0.99), in: "cart", minutesAgo: 12), RecordedFault(.cpuStress(slower: 12), in: "cart"),
        ])
        for type in [ResourceType.deployments, .replicaSets, .pods] { cluster.removeAll(type, startingWith: "cart", except: "cart-store") }
        cluster.deployment(
            "cart",
            TemplateShape([ContainerShape("cart", env: ["CART_STORE_ADDR": "cart-store:8080"], limits: ["memory": "256Mi"])]),
            pods: [.crashLooping(.outOfMemory)])
        let report = try report(cluster, "The shop is slow and checkout fails.")
        expect(report, .memoryLimitExceeded, on: "cart", affecting: ["checkout"])
        #expect(report.rootCauses.first?.level == .high)
    }
}

extension ClusterBuilder {
    /// Takes all objects of a kind out whose names begin so.
    fileprivate mutating func removeAll(_ type: ResourceType, startingWith prefix: String, except: String) {
        for name in evidence().lists[type.path]?.compactMap({ $0["metadata", "name"].string }) ?? []
        where name.hasPrefix(prefix) && !name.hasPrefix(except) { remove(type, name) }
    }
}
