import Foundation
import IncidentModel
import TestSupport
import Testing

@testable import Investigation

/// The graph as data: how positions move, what is wrong with a graph, and how it looks.
struct StateGraphTests {
    private let graph = StateGraph.investigation()

    private func state(_ change: (inout InvestigationState) -> Void = { _ in }) -> InvestigationState {
        var state = InvestigationState(graph)
        change(&state)
        return state
    }

    @Test(arguments: [false, true])
    func `the investigation can be executed to its end`(_ asksForReview: Bool) {
        #expect(StateGraph.investigation(asksForReview: asksForReview).problems.isEmpty)
    }

    @Test func `branches run at once, and a join waits for all of them`() {
        var position = GraphPosition(graph)
        #expect(position.next == [.inventory, .parse])
        position.finish(.parse, in: graph, state: state())
        #expect(position.next == [.inventory])
        position.finish(.inventory, in: graph, state: state())
        #expect(position.next == [.resolve] && position.arrived.isEmpty)
    }

    @Test func `a loop is taken while its condition holds, and no more often than it may`() {
        var position = GraphPosition(graph)
        for step in [InvestigationStep.parse, .inventory, .resolve] { position.finish(step, in: graph, state: state()) }
        let leadsOn = state { $0.further = ["data"] }
        for _ in 1...2 {
            position.finish(.collect, in: graph, state: leadsOn)
            position.finish(.correlate, in: graph, state: leadsOn)
            #expect(position.next == [.collect])
        }
        position.finish(.collect, in: graph, state: leadsOn)
        position.finish(.correlate, in: graph, state: leadsOn)
        #expect(position.next == [.report])
        position.finish(.report, in: graph, state: leadsOn)
        #expect(position.next.isEmpty)
    }

    @Test func `where the condition does not hold, the way without one is taken`() {
        var position = GraphPosition(graph)
        for step in [InvestigationStep.parse, .inventory, .resolve, .collect, .correlate] {
            position.finish(step, in: graph, state: state())
        }
        #expect(position.next == [.report])
    }

    @Test func `steps whose product no checkpoint holds are made again after a restart`() throws {
        let steps = [InvestigationStep.parse, .inventory, .resolve, .collect, .correlate, .report]
        // After so many steps the process dies; these steps are next in the new one.
        let expected: [[InvestigationStep]] = [
            [.inventory, .parse], [.inventory], [.inventory], [.collect], [.collect], [.report], [],
        ]
        for (count, next) in expected.enumerated() {
            var before = state()
            for step in steps.prefix(count) { before.position.finish(step, in: graph, state: before) }
            let checkpoint: InvestigationState = try IncidentJSON.decode(from: try IncidentJSON.encode(before))
            var resumed = OpenInvestigation(.sample(), resuming: checkpoint, in: graph)
            #expect(resumed.state.position.next == next, "after \(count) steps")
            // And it goes on to the end from there.
            var left = 20
            while let step = resumed.state.position.next.first, left > 0 {
                resumed.state.position.finish(step, in: graph, state: resumed.state)
                left -= 1
            }
            #expect(resumed.isComplete && resumed.state.position.arrived.isEmpty)
        }
    }

    @Test func `an inventory that arrived before a crash is made again, and the join still waits for both`() {
        var before = state()
        before.position.finish(.inventory, in: graph, state: before)
        let resumed = OpenInvestigation(.sample(), resuming: before, in: graph)
        #expect(resumed.state.position.next == [.inventory, .parse])
    }

    @Test func `a review that is waited for is read to its end when reviews are switched off`() {
        let reviewed = StateGraph.investigation(asksForReview: true)
        var state = InvestigationState(reviewed)
        state.report = Report(
            outcome: .causeFound, summary: "found",
            rootCauses: [
                RootCause(
                    cause: .configMapNotFound, object: ObjectReference(kind: "ConfigMap", namespace: "shop", name: "x"), statement: "gone",
                    confidence: 0.9)
            ], evidenceTime: moment)
        for step in [InvestigationStep.parse, .inventory, .resolve, .collect, .correlate] {
            state.position.finish(step, in: reviewed, state: state)
        }
        #expect(state.position.next == [.review])
        state.review = Review(decision: .accepted, time: moment)
        state.position.finish(.review, in: graph, state: state)
        #expect(state.position.next == [.report])
        #expect(!graph.mermaid.contains("review") && graph.problems.isEmpty)
    }

    @Test func `a graph that cannot be executed says why`() {
        let node = { StateGraph.Node($0, deadlineSeconds: 1) }
        let open = StateGraph(start: [.parse], nodes: [node(.parse)], edges: [.init(.parse, .collect)])
        #expect(open.problems == ["collect has no node"])
        let lost = StateGraph(start: [.parse], nodes: [node(.parse), node(.report)], edges: [])
        #expect(lost.problems == ["report is never reached"])
        let endless = StateGraph(
            start: [.collect], nodes: [node(.collect), node(.correlate)], edges: [.init(.collect, .correlate), .init(.correlate, .collect)])
        #expect(endless.problems.contains("collect to correlate is a loop without a bound"))
        let deaf = StateGraph(
            start: [.parse], nodes: [node(.parse), StateGraph.Node(.resolve, deadlineSeconds: 1, joins: [.inventory])],
            edges: [.init(.parse, .resolve)])
        #expect(deaf.problems == ["resolve waits for inventory, which leads elsewhere"])
    }

    @Test func `the graph prints itself`() {
        let text = StateGraph.investigation(stepSeconds: 30, rounds: 3, asksForReview: true).mermaid
        for line in [
            "stateDiagram-v2", "[*] --> parse", "[*] --> inventory", "parse --> resolve", "inventory --> resolve",
            "correlate --> collect : the trail leads on, at most 2 times", "correlate --> review : there is a cause",
            "review --> withdraw : rejected", "review --> report", "report --> [*]", "withdraw --> [*]",
            "resolve : resolve, within 30 s, after inventory and parse", "review : review, waits for a review",
            "collect : collect, within 30 s, up to 3 tries, again after a restart",
        ] {
            #expect(text.contains(line + "\n"), "\(line) is missing in\n\(text)")
        }
    }
}
