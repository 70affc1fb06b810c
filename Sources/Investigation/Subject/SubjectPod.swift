import ClusterModel
import IncidentModel

/// Picks the pod whose details and log are kept with an incident.
enum SubjectPod {
    /// The pod that was asked about, else the worst pod of what the first cause or the question is about.
    static func choose(subjects: [ObjectReference], causes: [RootCause], in view: ClusterView) -> Pod? {
        if let named = subjects.lazy.compactMap({ pod($0, in: view) }).first { return named }
        let first = causes.first
        let chain = first.map { [$0.object] + $0.affected + $0.chain.map(\.object) } ?? []
        return (chain + subjects).lazy.compactMap { worst(of: pods(behind: $0, in: view)) }.first
    }

    /// The pod's log, containers prefixed; `nil` where none was read.
    static func log(of pod: Pod, lines: Int, in view: ClusterView) -> String? {
        let text = view.combinedLog(of: pod, lastLines: lines)
        guard !text.isEmpty else { return nil }
        return text.utf8.count <= longestLog ? text : String(decoding: text.utf8.suffix(longestLog), as: UTF8.self)
    }

    /// Bytes of log kept with an incident; containers with endless lines must not fill the store.
    private static let longestLog = 65_536

    private static func pod(_ reference: ObjectReference, in view: ClusterView) -> Pod? {
        guard reference.kind == "Pod", let namespace = reference.namespace else { return nil }
        return view.pods[namespace, reference.name]
    }

    private static func pods(behind reference: ObjectReference, in view: ClusterView) -> [Pod] {
        guard reference.kind == "Service", let namespace = reference.namespace else { return view.pods(of: reference) }
        return view.services[namespace, reference.name].map(view.pods(selectedBy:)) ?? []
    }

    private static func worst(of pods: [Pod]) -> Pod? {
        pods.min { left, right in
            let (leftIsWell, rightIsWell) = (isWell(left), isWell(right))
            if leftIsWell != rightIsWell { return rightIsWell }
            if left.restartCount != right.restartCount { return left.restartCount > right.restartCount }
            return left.name < right.name
        }
    }

    private static func isWell(_ pod: Pod) -> Bool { pod.isReady || pod.phase == "Succeeded" }
}
