internal import IncidentModel

/// NetworkPolicies, Ingresses and DNS.
extension CauseEntry {
    static let networkPolicyBlocks = CauseEntry(
        .networkPolicyBlocks, in: .network,
        meaning: "A NetworkPolicy drops traffic that the workload needs; DNS counts as well.",
        reportedOn: "NetworkPolicy",
        signals: [
            "Connections time out instead of being refused",
            "All policies that select the client (egress) or the server (ingress), evaluated together",
            "Names that do not resolve, under an egress policy without a rule for port 53",
            "Age of the policy against the first error",
        ],
        lookAlikes: [
            "`ClientPortMismatch`: also a timeout, on a port that the Service does not offer",
            "Probes of the kubelet mostly still pass, so pods look healthy",
            "`DependencyUnreachable`: the server outside drops the packets",
        ],
        fix: [
            "Add a rule to NetworkPolicy {name} that admits the traffic by the labels and ports of today.",
            "Egress rules have to admit DNS on port 53, UDP and TCP.",
        ],
        verify: [
            "kubectl describe {kind} {name} {scope}",
            "kubectl get networkpolicies {scope}",
            "kubectl get pods {scope} --show-labels",
        ],
        modes: ["N10", "N11", "N12"], detailsKeys: ["policy", "field", "found"] + callKeys)

    static let ingressBackendNotFound = CauseEntry(
        .ingressBackendNotFound, in: .network,
        meaning: "The Ingress routes to a Service, or to a port of a Service, that does not exist.",
        reportedOn: "Ingress",
        signals: [
            "Backend of a rule or the default backend against the list of Services and their ports",
            "Clients get 503 from the ingress controller",
            "HTTPRoute with `ResolvedRefs: False` and reason `BackendNotFound`",
        ],
        lookAlikes: [
            "503 with an existing backend: the Service has no ready endpoints",
            "404: no rule matches, or no controller serves the class",
        ],
        fix: [
            "Route to {expected} instead; {reference} is what the Ingress names now.",
            "Create the Service, or correct name and port of the backend.",
        ],
        verify: [
            "kubectl describe {kind} {name} {scope}",
            "kubectl get service {reference} {scope}",
            "kubectl get services {scope}",
        ],
        modes: ["N13", "N14", "N18"], detailsKeys: ["reference", "field", "path", "found", "expected"])

    static let ingressClassNotFound = CauseEntry(
        .ingressClassNotFound, in: .network,
        meaning: "No ingress controller feels responsible for the Ingress.",
        reportedOn: "Ingress",
        signals: [
            "`ingressClassName` that no IngressClass has, or none given and none the default",
            "No address in the status of the Ingress",
        ],
        lookAlikes: [
            "The controller of the class is down: its workload is the cause",
            "An old annotation `kubernetes.io/ingress.class` that the controller still honours",
        ],
        fix: [
            "Set ingressClassName to {expected}.",
            "Otherwise install the controller of the class, or mark one class as the default.",
        ],
        verify: [
            "kubectl get ingressclasses",
            "kubectl get {kind} {name} {scope}",
        ],
        modes: ["N16"], detailsKeys: ["reference", "found", "expected", "field"])

    static let ingressCertificateMissing = CauseEntry(
        .ingressCertificateMissing, in: .network,
        meaning: "The TLS Secret of the Ingress is missing or of the wrong type.",
        reportedOn: "Ingress",
        signals: [
            "`spec.tls[].secretName` against the list of Secrets, their type and keys",
            "Browsers are shown the controller's default certificate",
        ],
        lookAlikes: [
            "`CertificateInvalid`: the Secret is there, and its certificate is expired or for another host"
        ],
        fix: [
            "Create TLS Secret {reference} in namespace {namespace} with tls.crt and tls.key.",
            "If an issuer should make it, read the status of its Certificate object.",
        ],
        verify: [
            "kubectl describe secret {reference} {scope}",
            "kubectl describe {kind} {name} {scope}",
        ],
        modes: ["N15"], detailsKeys: ["reference", "host", "key"])

    static let ingressMisrouted = CauseEntry(
        .ingressMisrouted, in: .network,
        meaning: "A host or path is routed to the wrong Service.",
        reportedOn: "Ingress, Gateway route or gateway workload",
        signals: [
            "Path, path type, rewrite and order of the rules; two Ingresses for one host and path",
            "404 or pages of another program, from a backend that is healthy",
            "Recent change of the routes",
            "Routes in the configuration file of a gateway, against those that lead to the Service of their own name",
            "HTTPRoute that no gateway accepts: `Accepted: False` with its reason",
        ],
        lookAlikes: [
            "`IngressBackendNotFound`: the target does not exist",
            "The program itself answers 404: it does so from inside the cluster too",
        ],
        fix: [
            "Route {host} {path} to the Service that is meant.",
            "Take the last change of the routes back, and remove rules that overlap.",
        ],
        verify: [
            "kubectl describe {kind} {name} {scope}",
            "kubectl get ingresses -A",
        ],
        modes: ["N17"], detailsKeys: ["host", "path", "reference", "found", "expected", "field"])

    static let clusterDNSUnavailable = CauseEntry(
        .clusterDNSUnavailable, in: .network,
        meaning: "The cluster's name servers do not answer, or answer wrongly.",
        reportedOn: "DNS workload",
        signals: [
            "Log with `server misbehaving`, `EAI_AGAIN` or `Temporary failure in name resolution`",
            "DNS workload without a ready pod, or scaled to 0",
            "The same in many namespaces; a changed Corefile",
        ],
        lookAlikes: [
            "`NetworkPolicyBlocks`: only one namespace cannot reach DNS",
            "`PodDNSPolicyInvalid`: only one workload fails, by its own setting",
            "`ServiceNotFound`: the name server does answer, that there is no such name",
        ],
        fix: [
            "Bring the DNS pods back, and take back the last change of their configuration.",
            "If only outside names fail, check the upstream servers that DNS forwards to.",
        ],
        verify: [
            "kubectl get pods -n kube-system -l k8s-app=kube-dns",
            "kubectl logs -n kube-system -l k8s-app=kube-dns",
            "kubectl describe {kind} {name} {scope}",
        ],
        modes: ["N19", "N20"], detailsKeys: ["field", "key", "label", "found", "expected", "exit_code"] + callKeys)

    static let podDNSPolicyInvalid = CauseEntry(
        .podDNSPolicyInvalid, in: .network,
        meaning: "The pod does not use the cluster's DNS, so names of Services do not resolve in it.",
        reportedOn: "workload",
        signals: [
            "`dnsPolicy` Default or None, or `hostNetwork` without `ClusterFirstWithHostNet`",
            "Cluster names fail in this workload alone",
        ],
        lookAlikes: [
            "`ClusterDNSUnavailable`: all workloads fail",
            "`NetworkPolicyBlocks`: the policy keeps the pod from port 53",
        ],
        fix: [
            "Set dnsPolicy to {expected}; it is {found}.",
            "Pods on the host's network need ClusterFirstWithHostNet.",
        ],
        verify: [
            "kubectl get {kind} {name} {scope} -o jsonpath='{.spec.template.spec.dnsPolicy}'",
            "kubectl logs {kind}/{name} {scope} -c {container}",
        ],
        modes: ["N22"], detailsKeys: ["field", "found", "expected"] + callKeys)
}
