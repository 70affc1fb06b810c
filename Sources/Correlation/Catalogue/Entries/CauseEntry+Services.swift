internal import IncidentModel

/// Services: what they select, where they send, and who calls them how. Most of these faults make no event at all.
extension CauseEntry {
    static let serviceSelectorMismatch = CauseEntry(
        .serviceSelectorMismatch, in: .network,
        meaning: "The selector of the Service matches no pod, or pods of another workload.",
        reportedOn: "Service",
        signals: [
            "`spec.selector` against the labels of all pods and pod templates of the namespace",
            "No endpoints, and a workload of the same name with other labels",
            "Pods of another program behind it, or of others as well, by their owners",
            "Recent change of the selector or of the labels",
        ],
        lookAlikes: [
            "`ScaledToZero`: the selector is right, and there are no pods",
            "Pods that match and are not Ready: their fault is the cause",
        ],
        fix: [
            "Change the selector from {found} to {expected}.",
            "Selector and pod labels have to agree; change the side that was changed last.",
        ],
        verify: [
            "kubectl get {kind} {name} {scope} -o jsonpath='{.spec.selector}'",
            "kubectl get pods {scope} --show-labels",
            "kubectl get endpointslices {scope} -l kubernetes.io/service-name={name}",
        ],
        modes: ["N1", "N6", "W5"], detailsKeys: ["field", "label", "found", "expected", "reference"])

    static let servicePortMismatch = CauseEntry(
        .servicePortMismatch, in: .network,
        meaning: "The Service sends to a port on which its pods do not listen, or to a port name they do not declare.",
        reportedOn: "Service",
        signals: [
            "`targetPort` against declared ports, probe ports and the ports that the log names",
            "Ready endpoints, and clients that are refused",
        ],
        lookAlikes: [
            "A declared containerPort is no proof: a program may listen elsewhere",
            "`ClientPortMismatch`: the client calls a port that the Service does not offer",
            "`ProbeMisconfigured`: the probe asks the wrong port, so there are no ready endpoints",
        ],
        fix: [
            "Set targetPort of port {port} to {expected}; it is {found}.",
            "Prefer a named port that the container declares, so that both change together.",
        ],
        verify: [
            "kubectl get {kind} {name} {scope} -o jsonpath='{.spec.ports}'",
            "kubectl get endpointslices {scope} -l kubernetes.io/service-name={name}",
            "kubectl get pods {scope} -o jsonpath='{.items[*].spec.containers[*].ports}'",
        ],
        modes: ["N3", "N4"], detailsKeys: ["field", "found", "expected", "container", "host", "port", "reference"])

    static let clientPortMismatch = CauseEntry(
        .clientPortMismatch, in: .network,
        meaning: "The client calls a port or scheme that the Service does not offer.",
        reportedOn: "workload (the client)",
        signals: [
            "Log of the client with host and port, against `spec.ports` of the Service",
            "Connections to such a port time out",
            "Other clients that use the right port",
        ],
        lookAlikes: [
            "`ServicePortMismatch`: the client is right, and the Service forwards wrongly",
            "`NetworkPolicyBlocks`: also a timeout, on a port that the Service has",
        ],
        fix: [
            "Let {kind} {name} call {reference} on port {expected} instead of {found}.",
            "Correct host, port and scheme in the client's configuration, or add the port to the Service.",
        ],
        verify: [
            "kubectl get service {reference} {scope}",
            "kubectl logs {kind}/{name} {scope} -c {container}",
            "kubectl get {kind} {name} {scope} -o jsonpath='{.spec.template.spec.containers[*].env}'",
        ],
        modes: ["N5"], detailsKeys: ["field", "found", "expected", "key"] + callKeys)

    static let serviceNotFound = CauseEntry(
        .serviceNotFound, in: .network,
        meaning: "The client calls a Service that does not exist in the namespace it asks in.",
        reportedOn: "workload (the client)",
        signals: [
            "Log with a name that does not resolve and has the form of a Service",
            "The complete list of Services lacks it; the same or nearly the same name exists elsewhere",
        ],
        lookAlikes: [
            "`DependencyNameUnresolvable`: the name is outside the cluster",
            "`ClusterDNSUnavailable`: existing Services do not resolve either",
        ],
        fix: [
            "Use host {expected} instead of {found}.",
            "Otherwise create Service {reference}, or find out who deleted it.",
            "From another namespace the name needs that namespace as its second part.",
        ],
        verify: [
            "kubectl get services -A",
            "kubectl get service {reference} {scope}",
            "kubectl logs {kind}/{name} {scope} -c {container}",
        ],
        modes: ["C18", "X8", "N8"], detailsKeys: ["field", "found", "expected", "key"] + callKeys)

    static let serviceTrafficPolicy = CauseEntry(
        .serviceTrafficPolicy, in: .network,
        meaning: "The Service keeps traffic on the node it enters, and that node has no endpoint.",
        reportedOn: "Service",
        signals: [
            "`internalTrafficPolicy` or `externalTrafficPolicy` is `Local`",
            "Clients fail on nodes without a pod of the Service, and work on others",
        ],
        lookAlikes: [
            "`ServiceRoutingBroken`: every Service fails on that node"
        ],
        fix: [
            "Set the traffic policy of Service {name} to Cluster.",
            "Otherwise run its pods on every node that gets traffic, for example as a DaemonSet.",
        ],
        verify: [
            "kubectl get {kind} {name} {scope} -o jsonpath='{.spec.internalTrafficPolicy}{.spec.externalTrafficPolicy}'",
            "kubectl get endpointslices {scope} -l kubernetes.io/service-name={name}",
            "kubectl get pods {scope} -o wide",
        ],
        modes: ["N7"], detailsKeys: ["field", "found", "expected", "node"])

    static let loadBalancerPending = CauseEntry(
        .loadBalancerPending, in: .network,
        meaning: "A Service of type LoadBalancer does not get an address.",
        reportedOn: "Service",
        signals: [
            "`status.loadBalancer.ingress` stays empty",
            "`SyncLoadBalancerFailed` event with the provider's error",
        ],
        lookAlikes: [
            "A cluster without a load balancer controller: no event, for any Service",
            "Traffic inside the cluster works all the same",
        ],
        fix: [
            "Resolve the provider's error: quota, subnet, annotation or rights.",
            "If no controller serves load balancers here, install one or use another type of Service.",
        ],
        verify: [
            "kubectl describe {kind} {name} {scope}",
            "kubectl get services -A --field-selector spec.type=LoadBalancer",
        ],
        modes: ["N9"], detailsKeys: ["reason"])

    static let serviceRoutingBroken = CauseEntry(
        .serviceRoutingBroken, in: .network,
        meaning: "One node does not route the traffic of Services.",
        reportedOn: "Node, or kube-proxy",
        signals: [
            "Failures only from pods of one node",
            "kube-proxy or network pod of that node not Ready",
            "Node log with `nf_conntrack: table full`",
        ],
        lookAlikes: [
            "`ServiceTrafficPolicy`: one Service fails there, by its own setting",
            "`NetworkPolicyBlocks`: follows labels and not nodes",
        ],
        fix: [
            "Restore kube-proxy and the network plugin on node {node}.",
            "If the connection table is full, find the pod that opens the connections.",
        ],
        verify: [
            "kubectl get pods -n kube-system -o wide",
            "kubectl describe node {node}",
        ],
        modes: ["N23", "N24"], detailsKeys: ["node", "reason", "reference", "found", "expected", "field"])

    static let meshSidecarFailed = CauseEntry(
        .meshSidecarFailed, in: .network,
        meaning: "The mesh proxy beside the program is not ready, or sends traffic astray.",
        reportedOn: "workload",
        signals: [
            "Proxy container not Ready while the program is",
            "Log with `upstream connect error`, `no healthy upstream`, or response flags such as `NR`, `UH`, `UF`",
            "First calls of the program refused, before its proxy was up",
        ],
        lookAlikes: [
            "The upstream is really down: its own fault is the cause",
            "`NetworkPolicyBlocks`: pods without a proxy fail as well",
        ],
        fix: [
            "Bring the mesh's control plane back, and restart pods whose proxy has stale settings.",
            "Compare the TLS mode and the subsets of the routing rules on both sides.",
        ],
        verify: [
            "kubectl get pods {scope}",
            "kubectl logs {kind}/{name} {scope} -c {container}",
        ],
        modes: ["G1", "G2", "G3", "G4", "G5"], detailsKeys: ["container", "host", "port", "reason"])
}
