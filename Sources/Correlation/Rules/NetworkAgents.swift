internal import ClusterModel
internal import IncidentModel

/// The DaemonSets that set up the network of pods on their node.
enum NetworkAgents {
    /// Names of the common network plugins' agents, as their own manifests give them.
    private static let names = [
        "calico-node", "kube-flannel", "cilium", "weave-net", "aws-node", "antrea-agent", "kindnet", "canal", "kube-router", "azure-cni",
        "azure-npm", "ovnkube-node", "kube-ovn-cni", "multus", "kube-multus", "netd",
    ]

    /// Agents whose pod on this node does not serve, or that have pods on other nodes and none here.
    static func failing(on node: String, _ context: CaseContext) -> [Workload] {
        context.topology.workloads.filter { workload in
            guard workload.reference.kind == "DaemonSet", names.contains(where: { isNamed(workload.reference.name, $0) }) else {
                return false
            }
            let here = workload.livePods.filter { $0.spec.nodeName == node }
            return here.isEmpty ? !workload.livePods.isEmpty : !here.contains(where: \.isReady)
        }
    }

    private static func isNamed(_ name: String, _ agent: String) -> Bool { name == agent || name.hasPrefix(agent + "-") }
}
