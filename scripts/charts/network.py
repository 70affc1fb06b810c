"""Evaluates the NetworkPolicies as Kubernetes does, and asks them who may reach whom."""
import ipaddress

from .helm import NAMESPACE


class Peer:
    def __init__(self, name, labels=None, namespace=None, address=None):
        self.name, self.labels, self.namespace, self.address = name, labels, namespace, address


def matches(selector, labels):
    if not all(labels.get(key) == value for key, value in selector.get("matchLabels", {}).items()):
        return False
    for term in selector.get("matchExpressions", []):
        has, value, among = term["key"] in labels, labels.get(term["key"]), term.get("values", [])
        if not {"In": value in among, "NotIn": value not in among, "Exists": has, "DoesNotExist": not has}[term["operator"]]:
            return False
    return True


def is_peer(rule, peer, namespace):
    """Whether an entry of `from` or `to` of a policy in `namespace` means this peer."""
    if "ipBlock" in rule:
        block = rule["ipBlock"]
        if peer.address is None or ipaddress.ip_address(peer.address) not in ipaddress.ip_network(block["cidr"]):
            return False
        return not any(ipaddress.ip_address(peer.address) in ipaddress.ip_network(part) for part in block.get("except", []))
    if peer.labels is None:
        return False
    if "namespaceSelector" in rule:
        if not matches(rule["namespaceSelector"], {"kubernetes.io/metadata.name": peer.namespace}):
            return False
    elif peer.namespace != namespace:
        return False
    return matches(rule.get("podSelector", {}), peer.labels)


def one_way(policies, direction, pod, other, port, protocol):
    """Whether the policies let `pod` receive from (Ingress) or send to (Egress) `other`."""
    if pod.labels is None:
        return True
    member, list_name = ("ingress", "from") if direction == "Ingress" else ("egress", "to")
    mine = [
        policy for policy in policies
        if policy["metadata"]["namespace"] == pod.namespace and direction in policy["spec"]["policyTypes"]
        and matches(policy["spec"]["podSelector"], pod.labels)
    ]
    if not mine:
        return True
    for policy in mine:
        for rule in policy["spec"].get(member, []):
            ports = rule.get("ports")
            if ports and not any(entry["port"] == port and entry.get("protocol", "TCP") == protocol for entry in ports):
                continue
            if not rule.get(list_name) or any(is_peer(entry, other, policy["metadata"]["namespace"]) for entry in rule[list_name]):
                return True
    return False


def allowed(policies, source, target, port, protocol="TCP"):
    return one_way(policies, "Egress", source, target, port, protocol) and one_way(policies, "Ingress", target, source, port, protocol)


def check(report, rendering):
    values = rendering.values["networkPolicy"]
    policies = rendering.all("NetworkPolicy")
    report.expect(bool(policies) == values["enabled"], f"{len(policies)} NetworkPolicies, and they are {'on' if values['enabled'] else 'off'}")
    if not policies:
        return
    pods = {component: Peer(component, metadata["labels"], NAMESPACE) for component, metadata, _ in rendering.pods()}
    orchestrator, agent, test = pods["orchestrator"], pods["k8s-agent"], pods["test"]
    neighbour = Peer("a pod of the namespace", {"app": "other"}, NAMESPACE)
    stranger = Peer("a pod elsewhere", {"app": "shop"}, "shop")
    prometheus = Peer("Prometheus", {"app.kubernetes.io/name": "prometheus"}, "monitoring")
    ingress = Peer("an ingress controller", {"app.kubernetes.io/name": "ingress-nginx"}, "ingress-nginx")
    database = Peer("PostgreSQL", {"app": "postgresql"}, "databases")
    model = Peer("a language model", {"app": "vllm"}, "ai")
    names = Peer("DNS", {"k8s-app": "kube-dns"}, "kube-system")
    dns_cache = Peer("a DNS cache on the node", address="169.254.20.10")
    api, office = Peer("the API server", address="203.0.113.7"), Peer("an office", address="198.51.100.9")
    world = Peer("an address", address="192.0.2.9")

    def expect(is_allowed, source, target, port, protocol="TCP"):
        report.expect(
            allowed(policies, source, target, port, protocol) == is_allowed,
            f"{source.name} {'cannot' if is_allowed else 'can'} reach {target.name} at {protocol} {port}")

    # What holds everywhere.
    everything = [
        policy for policy in policies
        if set(policy["spec"]["policyTypes"]) == {"Ingress", "Egress"} and not policy["spec"].get("ingress") and not policy["spec"].get("egress")
    ]
    denied = {component for policy in everything for component in pods if matches(policy["spec"]["podSelector"], pods[component].labels)}
    report.expect(denied == set(pods), f"only {denied} may do nothing that no policy allows")
    for component in pods:
        covered = {direction for policy in policies if matches(policy["spec"]["podSelector"], pods[component].labels)
                   for direction in policy["spec"]["policyTypes"]}
        report.expect(covered == {"Ingress", "Egress"}, f"{component}: only {covered} of its traffic is bounded")
    expect(True, orchestrator, agent, 8081)
    expect(True, test, orchestrator, 8080)
    expect(False, agent, orchestrator, 8080)
    expect(False, agent, orchestrator, 8081)
    expect(False, orchestrator, agent, 8080)
    expect(False, test, agent, 8081)
    for source in (neighbour, stranger, ingress, world, office):
        expect(False, source, agent, 8081)
        expect(False, source, test, 8080)
    expect(False, stranger, orchestrator, 9999)
    for port in (22, 80, 8080, 3306):
        expect(False, agent, world, port)
        expect(False, orchestrator, world, port)
    expect(False, test, world, 443)

    # What follows from the values.
    if values["orchestratorFrom"] == [{"namespaceSelector": {}}]:
        for source in (neighbour, stranger, ingress, prometheus):
            expect(True, source, orchestrator, 8080)
        expect(False, office, orchestrator, 8080)
    collector = rendering.values["tracing"]["endpoint"]
    trace_port = 4318 if collector.endswith(":4318") else 443 if collector.startswith("https") else None
    for port in (443, 6443):
        is_api = port in values["apiServer"]["ports"]
        expect(is_api, agent, api, port)
        expect(is_api and not values["apiServer"]["to"] or port == trace_port, agent, world, port)
    is_postgres = rendering.values["storage"]["type"] == "postgresql"
    expect(is_postgres, orchestrator, database, 5432)
    expect(False, agent, database, 5432)
    expect(is_postgres and not values["database"]["to"], orchestrator, world, 5432)
    has_model, url = rendering.values["llm"]["provider"] != "none", rendering.values["llm"]["url"]
    expect(has_model and bool(url), orchestrator, model, 8000)
    expect(has_model and not url or trace_port == 443, orchestrator, world, 443)
    for source in (orchestrator, agent):
        expect(trace_port == 4318, source, stranger, 4318)
    if values["dns"]["to"] == [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}}}]:
        for source in pods.values():
            for protocol in ("UDP", "TCP"):
                expect(True, source, names, 53, protocol)
                expect(False, source, world, 53, protocol)
    scraped = rendering.values["metrics"]["enabled"] and bool(values["metricsFrom"])
    expect(scraped, prometheus, agent, 8081)

    # What single sets are about.
    if report.place == "ingress":
        expect(True, ingress, orchestrator, 8080)
        expect(False, stranger, orchestrator, 8080)
        expect(False, neighbour, orchestrator, 8080)
        expect(True, prometheus, orchestrator, 8080)
    if report.place == "closed-network":
        expect(True, office, orchestrator, 8080)
        expect(False, stranger, orchestrator, 8080)
        expect(True, agent, dns_cache, 53, "UDP")
        expect(False, agent, names, 53, "UDP")
        expect(False, prometheus, orchestrator, 8080)
    if report.place == "tracing":
        expect(False, orchestrator, office, 443)
    if report.place == "openshift":
        expect(True, agent, Peer("OpenShift's DNS", {}, "openshift-dns"), 5353, "UDP")
