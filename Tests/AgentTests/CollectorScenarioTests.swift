import ClusterModel
import ClusterSnapshot
import EvidenceCollection
import Foundation
import IncidentModel
import Investigation
import TestSupport
import Testing

struct CollectorScenarioTests {
    @Test func `everything recorded of an incident is collected from its snapshot, without a gap of our own`() async throws {
        let scenarios = Scenario.all
        try #require(!scenarios.isEmpty)
        for scenario in scenarios {
            let snapshot = try scenario.evidence()
            let evidence = try await EvidenceCollector(snapshot: snapshot).evidence(for: EvidenceScope())
            #expect(evidence.capturedAt == snapshot.capturedAt)
            #expect(evidence.namespaces == snapshot.namespaces)
            #expect(evidence.knowledgeGraph == snapshot.knowledgeGraph)
            #expect(evidence.telemetry == snapshot.telemetry)
            for (path, items) in snapshot.lists where ResourceType.at(path: path) != nil {
                #expect(evidence.lists[path]?.count == items.count, "\(scenario) \(path)")
            }
            let unread = ResourceType.all.filter { snapshot.lists[$0.path] == nil }.map(\.path)
            let ours = evidence.gapPaths.subtracting(snapshot.gaps.map(\.path)).subtracting(unread)
            #expect(ours.allSatisfy { $0.hasPrefix("logs/") }, "\(scenario) \(ours.sorted())")
        }
    }

    @Test func `the logs of what is broken are collected in every recorded incident`() async throws {
        for scenario in Scenario.all {
            let snapshot = try scenario.evidence()
            let namespaces = try scenario.incident().namespace.map { [$0] } ?? snapshot.namespaces ?? []
            let evidence = try await EvidenceCollector(snapshot: snapshot).evidence(for: EvidenceScope(namespaces: namespaces))
            let collected = Set(evidence.logs.map(\.path))
            let view = ClusterView(snapshot)
            for log in snapshot.logs where namespaces.contains(log.namespace) {
                guard let status = view.pods[log.namespace, log.pod]?.statuses[log.container] else { continue }
                guard status.restartCount > 0 || (status.terminated?.exitCode ?? 0) != 0 else { continue }
                #expect(collected.contains(log.path), "\(scenario) \(log.path)")
            }
        }
    }

    @Test func `the inventory of a snapshot names its workloads and services`() async throws {
        let snapshot = try Scenario.named("12").evidence()
        let inventory = try await EvidenceCollector(snapshot: snapshot).inventory()
        let view = ClusterView(snapshot)
        let objects = Set(inventory.entries.map(\.object))
        #expect(view.workloads.allSatisfy { objects.contains($0.reference) })
        #expect(view.services.items.allSatisfy { objects.contains($0.reference) })
        #expect(Set(inventory.namespaces).isSuperset(of: snapshot.namespaces ?? []))
    }

    @Test func `nothing is concluded about namespaces that were not recorded`() async throws {
        let snapshot = try Scenario.named("12").evidence()
        let recorded = try #require(snapshot.namespaces)
        let evidence = try await EvidenceCollector(snapshot: snapshot).evidence(for: EvidenceScope(namespaces: recorded + ["elsewhere"]))
        #expect(evidence.namespaces == recorded.sorted())
        #expect(!ClusterView(evidence).wasRead(.pods, in: "elsewhere"))
        #expect(ClusterView(evidence).wasRead(.pods, in: recorded[0]))
    }
}
