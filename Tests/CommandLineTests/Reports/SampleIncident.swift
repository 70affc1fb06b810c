import Foundation
import IncidentModel

/// A finished incident in which every part of a report is filled.
enum SampleIncident {
    static let configMapMissing: Incident = {
        let time = RFC3339.parse("2026-11-23T18:46:09Z") ?? Date()
        let deployment = ObjectReference(kind: "Deployment", namespace: "shop", name: "cart")
        let service = ObjectReference(kind: "Service", namespace: "shop", name: "cart")
        let pod = ObjectReference(kind: "Pod", namespace: "shop", name: "cart-7d9-abcde")
        let node = ObjectReference(kind: "Node", namespace: nil, name: "worker-1")
        let citations = [
            Citation(
                id: "e1", source: .object, object: pod, field: "status.containerStatuses[0].state.waiting",
                text: "CreateContainerConfigError: configmap \"cart-config\" not found"),
            Citation(
                id: "e2", source: .event, object: pod, field: "Failed", time: time, text: "Error: configmap \"cart-config\" not found"),
            Citation(id: "e3", source: .log, object: pod, container: "cart", time: time, text: "starting"),
            Citation(
                id: "e4", source: .absence, object: ObjectReference(kind: "ConfigMap", namespace: "shop", name: "cart-config"), text: ""),
        ]
        let cause = RootCause(
            cause: .configMapNotFound, object: deployment,
            statement: "Container cart of Deployment shop/cart reads ConfigMap cart-config, but ConfigMap cart-config does not exist.",
            confidence: 0.97, reasons: ["the list is complete"], reasonsAgainst: [], details: ["reference": "cart-config"],
            affected: [service, deployment], dependents: [ObjectReference(kind: "Service", namespace: "shop", name: "web")],
            chain: [
                CausalStep(object: service, statement: "has no ready endpoints", citations: ["e1", "e2"]),
                CausalStep(object: deployment, statement: "its pod cannot start"),
            ],
            citations: citations,
            change: ObservedChange(
                object: deployment, field: "spec.replicas", from: "2", to: "3", time: time.addingTimeInterval(-600), manager: "kubectl-edit"
            ),
            fix: "Create ConfigMap cart-config or correct the reference.",
            suggestion: SuggestedChange(form: .yaml, text: "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: cart-config"),
            verify: ["kubectl -n shop get configmap cart-config"])
        let lesser = RootCause(
            cause: .nodeNotReady, object: node, statement: "worker-1 is down", confidence: 0.1, reasonsAgainst: ["the node is well"])
        var incident = Incident(id: UUID(), description: "checkout answers 503", namespace: "shop", createdAt: time)
        incident.status = .completed
        incident.completedAt = time.addingTimeInterval(1)
        incident.suggestedRootCause = cause.statement
        incident.confidenceScore = .high
        incident.report = Report(
            outcome: .causeFound, summary: cause.statement, subjects: [service], scope: ["shop"], rootCauses: [cause],
            alternatives: [lesser],
            elsewhere: [lesser], checked: ["4 Deployments"], gaps: [EvidenceGap(path: "api/v1/nodes", reason: "forbidden")],
            nextSteps: [], evidenceTime: time)
        return incident
    }()
}
