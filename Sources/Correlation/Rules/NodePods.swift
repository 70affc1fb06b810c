internal import ClusterModel
internal import IncidentModel

/// The workloads that a node's trouble can reach.
enum NodePods {
    /// Workloads with living pods on the node.
    static func workloads(on node: String, _ context: CaseContext) -> [Workload] {
        context.topology.workloads.filter { $0.pods.contains { $0.spec.nodeName == node && !$0.isFinished } }
    }

    /// Those of them that have a pod there which does not serve, or cannot be ended; where there is none, all of them.
    static func sufferers(of node: String, _ context: CaseContext) -> [ObjectReference] {
        let all = workloads(on: node, context)
        let troubled = all.filter { $0.pods.contains { $0.spec.nodeName == node && !$0.isFinished && (!$0.isReady || $0.isTerminating) } }
        return (troubled.isEmpty ? all : troubled).map(\.reference)
    }

    /// Those that have a pod there which does not serve, or was put out lately.
    static func troubled(on node: String, _ context: CaseContext) -> [ObjectReference] {
        context.topology.workloads.filter { workload in
            workload.pods.contains { pod in
                pod.spec.nodeName == node
                    && (pod.reason == "Evicted" ? workload.impact > .latent : !pod.isFinished && !pod.isReady && !pod.isTerminating)
            }
        }.map(\.reference)
    }
}
