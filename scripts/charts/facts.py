"""What each value set is there to show. Every set has an entry."""
import yaml

from . import documents
from .objects import decoded, knowledge_graph


def kinds(rendering):
    return {object["kind"] for object in rendering.objects}


def default(report, r):
    report.expect(
        kinds(r) == {"ConfigMap", "ClusterRole", "ClusterRoleBinding", "Deployment", "NetworkPolicy", "PersistentVolumeClaim", "Pod", "Secret",
                     "Service", "ServiceAccount"}, f"an installation without values has {sorted(kinds(r))}")
    for component in ("orchestrator", "k8s-agent"):
        settings = r.environment(component)
        report.expect(settings["SRE_ENVIRONMENT"] == "production", f"{component}: {settings['SRE_ENVIRONMENT']}")
        report.expect("SRE_TLS_CERTIFICATE" in settings, f"{component}: speaks plain HTTP")
    settings = r.environment("orchestrator")
    report.expect("SRE_API_KEYS_FILE" in settings, "everybody may call the orchestrator")
    report.expect(settings["SRE_STORE"] == "/var/lib/sre-orchestrator/incidents.sqlite", f"the store is {settings.get('SRE_STORE')}")
    report.expect("SRE_DATABASE_URL" not in settings, "a database besides SQLite")
    report.expect(r.environment("test")["SRE_API_KEY"][1] == "test", "the test has no key of its own")
    claim = r.all("PersistentVolumeClaim")[0]
    report.expect(claim["spec"]["accessModes"] == ["ReadWriteOnce"], f"the claim is {claim['spec']['accessModes']}")
    for object in r.all("Secret") + [claim]:
        report.expect(object["metadata"]["annotations"]["helm.sh/resource-policy"] == "keep", f"{object['metadata']['name']} goes with the release")


def open_(report, r):
    report.expect(not kinds(r) & {"NetworkPolicy", "ServiceMonitor", "Ingress"}, f"made though off: {sorted(kinds(r))}")
    report.expect([s["metadata"]["name"] for s in r.all("Secret")] == ["sre-sre-orchestrator-agent-token"], "Secrets of what is off")
    settings = r.environment("orchestrator")
    report.expect(settings["SRE_AGENT_URL"].startswith("http://") and settings["SRE_METRICS"] == "false", f"settings: {settings}")
    report.expect("SRE_API_KEYS_FILE" not in settings and "SRE_API_KEY" not in r.environment("test"), "API keys though off")
    report.expect("annotations" not in r.all("PersistentVolumeClaim")[0]["metadata"], "the claim is kept though it should go")


def sqlite_existing_claim(report, r):
    report.expect("PersistentVolumeClaim" not in kinds(r), "a claim besides the existing one")
    budgets = [b["metadata"]["name"] for b in r.all("PodDisruptionBudget")]
    report.expect(budgets == ["sre-sre-orchestrator-k8s-agent"], f"disruption budgets {budgets}")


def postgresql(report, r):
    settings = r.environment("orchestrator")
    report.expect(settings["SRE_DATABASE_URL"] == ("sre-database", "url") and "SRE_STORE" not in settings, f"the store: {settings}")
    report.expect(settings["SRE_ENCRYPTION_KEY_FILE"] == "/etc/sre/encryption/keys", "nothing is sealed")
    report.expect(r.files("orchestrator")["/etc/sre/database/ca.crt"] == ("database-ca", "ca.crt"), "no authority of the database")
    report.expect(r.deployment("orchestrator")["spec"]["replicas"] == 3 and "PersistentVolumeClaim" not in kinds(r), "no three replicas")
    report.expect(r.pod("orchestrator")["containers"][0]["readinessProbe"]["httpGet"]["path"] == "/livez", "the path of readiness is not taken")


def production(report, r):
    wanted = {"Certificate", "HorizontalPodAutoscaler", "Ingress", "PodDisruptionBudget", "PrometheusRule", "ServiceMonitor"}
    report.expect(wanted <= kinds(r), f"lacks {wanted - kinds(r)}")
    secrets = {secret["metadata"]["name"] for secret in r.all("Secret")}
    report.expect(secrets == {"sre-sre-orchestrator-agent-token"}, f"makes the Secrets {secrets}")
    scaler = r.all("HorizontalPodAutoscaler")[0]["spec"]
    report.expect((scaler["minReplicas"], scaler["maxReplicas"]) == (3, 9), f"scales {scaler}")
    names = [c["spec"]["dnsNames"] for c in r.all("Certificate") if c["metadata"]["labels"]["app.kubernetes.io/component"] == "orchestrator"]
    report.expect("sre.example.com" in names[0], f"the certificate is for {names}")
    settings = r.environment("orchestrator")
    report.expect(settings["SRE_RETENTION_DAYS"] == "90" and settings["SRE_TRACE_SAMPLE_PERCENT"] == "20", f"settings: {settings}")
    report.expect(r.pod("orchestrator")["terminationGracePeriodSeconds"] == 75, "a minute of grace is not waited for")


def cert_manager(report, r):
    for certificate in r.all("Certificate"):
        spec = certificate["spec"]
        report.expect((spec["duration"], spec["renewBefore"]) == ("720h", "240h"), f"Certificate: {spec}")
        report.expect(spec["issuerRef"] == {"group": "cert-manager.io", "kind": "Issuer", "name": "internal"}, f"Certificate: {spec}")
    report.expect(len(r.all("Certificate")) == 2, "not one certificate of each service")


def existing_secrets(report, r):
    report.expect("Secret" not in kinds(r) and "Certificate" not in kinds(r), "makes Secrets besides the existing ones")
    orchestrator, agent, files = r.environment("orchestrator"), r.environment("k8s-agent"), r.files("orchestrator")
    for settings in (orchestrator, agent):
        report.expect(settings["SRE_AGENT_TOKEN"] == ("shared", "AGENT_TOKEN"), f"token {settings['SRE_AGENT_TOKEN']}")
        report.expect(settings["OTEL_EXPORTER_OTLP_HEADERS"] == ("traces", "HEADERS"), "headers of traces")
    report.expect(orchestrator["SRE_DATABASE_URL"] == ("database", "DATABASE_URL"), f"database {orchestrator['SRE_DATABASE_URL']}")
    for path, source in {
        orchestrator["SRE_API_KEYS_FILE"]: ("callers", "file"), orchestrator["SRE_ENCRYPTION_KEY_FILE"]: ("encryption", "current.txt"),
        orchestrator["SRE_LLM_API_KEY_FILE"]: ("model", "OPENAI_API_KEY"), orchestrator["SRE_TLS_KEY"]: ("orchestrator-certificate", "tls.key"),
        orchestrator["SRE_AGENT_CA"]: ("agent-certificate", "ca.crt"),
    }.items():
        report.expect(files.get(path) == source, f"{path} is {files.get(path)}, not {source}")
    report.expect(r.environment("test")["SRE_API_KEY"] == ("callers-test", "token"), "the test's key")


def namespaces(report, r):
    report.expect(not kinds(r) & {"ClusterRole", "ClusterRoleBinding"}, "roles for the whole cluster")
    report.expect({role["metadata"]["namespace"] for role in r.all("Role")} == {"shop", "payments"}, "roles of other namespaces")


def namespaces_and_nodes(report, r):
    rules = [resource for role in r.all("ClusterRole") for rule in role["rules"] for resource in rule["resources"]]
    report.expect("nodes" in rules and "pods" not in rules, f"the ClusterRole grants {rules}")
    rules = [resource for role in r.all("Role") for rule in role["rules"] for resource in rule["resources"]]
    report.expect("pods" in rules and "configmaps" not in rules, f"the Role grants {rules}")


def ingress(report, r):
    report.expect("SRE_TLS_CERTIFICATE" not in r.environment("orchestrator"), "the orchestrator speaks HTTPS")
    report.expect("SRE_TLS_CERTIFICATE" in r.environment("k8s-agent"), "the agent speaks HTTP")
    hosts = [rule["host"] for rule in r.all("Ingress")[0]["spec"]["rules"]]
    report.expect(hosts == ["sre.example.com", "incidents.example.com"], f"hosts {hosts}")
    report.expect("sre-sre-orchestrator-tls" not in {s["metadata"]["name"] for s in r.all("Secret")}, "a certificate that nobody shows")


def gateway(report, r):
    report.expect({"HTTPRoute", "BackendTLSPolicy"} <= kinds(r), "no route, or a gateway that cannot check the orchestrator")
    policy = r.all("BackendTLSPolicy")[0]["spec"]["validation"]
    report.expect(policy["hostname"] == "sre-sre-orchestrator.sre.svc", f"the gateway expects {policy['hostname']}")
    authority = r.find("ConfigMap", policy["caCertificateRefs"][0]["name"])["data"]["ca.crt"]
    shown = decoded(r.find("Secret", "sre-sre-orchestrator-tls"), "ca.crt").decode()
    report.expect(authority.strip() == shown.strip(), "the gateway trusts another authority")
    report.expect(r.all("HTTPRoute")[0]["spec"]["rules"][0]["timeouts"] == {"request": "0s"}, "event streams are cut off")


def gateway_existing_authority(report, r):
    references = r.all("BackendTLSPolicy")[0]["spec"]["validation"]["caCertificateRefs"]
    report.expect([reference["name"] for reference in references] == ["company-authority"], f"authority {references}")
    report.expect("Secret" in kinds(r) and not r.find("Secret", "sre-sre-orchestrator-authority"), "makes an authority besides the existing one")


def language_model(report, r):
    settings = r.environment("orchestrator")
    report.expect(settings["SRE_LLM_PROVIDER"] == "openai-chat" and settings["SRE_LLM_MODEL"] == "qwen2.5-7b", f"settings: {settings}")
    report.expect(settings["SRE_LLM_HIDE"] == "addresses,names", f"SRE_LLM_HIDE is {settings['SRE_LLM_HIDE']}")
    report.expect(not any(key.startswith("SRE_LLM") for key in r.environment("k8s-agent")), "the agent knows the model")
    knowledge_graph(report, r, "sre-sre-orchestrator-knowledge-graph")
    annotations = r.deployment("orchestrator")["spec"]["template"]["metadata"]["annotations"]
    report.expect("checksum/knowledge-graph" in annotations, "a new graph starts no new pod")


def knowledge_graph_existing(report, r):
    path = r.environment("orchestrator")["SRE_KNOWLEDGE_GRAPH"]
    report.expect(r.files("orchestrator").get(path) == ("company-graph", "graph.yaml"), f"{path} is another file")


def tracing(report, r):
    for component in ("orchestrator", "k8s-agent"):
        report.expect(r.environment(component)["OTEL_EXPORTER_OTLP_ENDPOINT"] == "https://traces.example.com", f"{component}: no traces")


def monitoring(report, r):
    rule = r.all("PrometheusRule")[0]
    for object in r.all("ServiceMonitor") + [rule]:
        report.expect(object["metadata"]["labels"].get("release") == "prometheus", f"{object['kind']}: is not selected")
    for monitor in r.all("ServiceMonitor"):
        report.expect("tlsConfig" not in monitor["spec"]["endpoints"][0], "TLS where there is none")
    report.expect(len(r.all("ServiceMonitor")) == 2, "not both services are scraped")
    report.expect(len(rule["spec"]["groups"][0]["rules"]) >= 10, "few alerts")


def openshift(report, r):
    for component, _, spec in r.pods():
        report.expect(not {"runAsUser", "runAsGroup", "fsGroup"} & set(spec["securityContext"]), f"{component}: numbers that the platform gives")


def mirror(report, r):
    images = {component: spec["containers"][0]["image"] for component, _, spec in r.pods()}
    report.expect(images["orchestrator"].endswith("/mirror/sre-orchestrator@sha256:" + "a" * 64), f"images {images}")
    report.expect(images["test"] == images["orchestrator"] and images["k8s-agent"].endswith("/k8s-agent:0.1.0-mirror"), f"images {images}")
    for component, metadata, spec in r.pods():
        report.expect(spec["imagePullSecrets"] == [{"name": "registry"}], f"{component}: no pull secret")
        report.expect(spec["containers"][0]["imagePullPolicy"] == "Always", f"{component}: pull policy")
    report.expect(r.service("orchestrator")["metadata"]["name"] == "incidents", "the name is not taken")
    template = r.deployment("orchestrator")["spec"]["template"]
    spread = template["spec"]["topologySpreadConstraints"]
    report.expect(len(spread) == 1 and spread[0]["whenUnsatisfiable"] == "DoNotSchedule" and spread[0]["maxSkew"] == 2, f"spread {spread}")
    report.expect(template["spec"]["priorityClassName"] == "operations" and len(template["spec"]["tolerations"]) == 1, "placement")
    report.expect(template["metadata"]["labels"]["cost-centre"] == "42", "labels of pods")
    report.expect(template["metadata"]["annotations"]["example.com/note"] == "yes", "annotations of pods")
    report.expect("affinity" in r.pod("k8s-agent"), "affinity")


def closed_network(report, r):
    for policy in r.all("NetworkPolicy"):
        for rule in policy["spec"].get("egress", []):
            report.expect(rule.get("to"), f"{policy['metadata']['name']}: a way out to anywhere")


def existing_accounts(report, r):
    made = kinds(r) & {"ServiceAccount", "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"}
    report.expect(not made, f"besides the existing accounts, there are {made}")
    accounts = [r.pod(component)["serviceAccountName"] for component in ("orchestrator", "k8s-agent")]
    report.expect(accounts == ["plain", "reader"], f"accounts {accounts}")


def settings(report, r):
    """Every key that the schema takes is in this set, and arrives as it was written."""
    for component, part in (("orchestrator", "orchestrator"), ("k8s-agent", "agent")):
        given, found = r.values[part]["settings"], r.environment(component)
        differing = set(given) ^ set(documents.settings_schema(component)["properties"])
        report.expect(not differing, f"{component}: either in the set or in the schema are {differing}")
        for key, value in given.items():
            wanted = ",".join(value) if isinstance(value, list) else yaml.safe_dump(value).split("\n")[0] if isinstance(value, bool) else str(value)
            report.expect(found[key] == wanted, f"{component}: {key} is {found[key]}, not {wanted}")


FACTS = {
    "cert-manager": cert_manager, "closed-network": closed_network, "default": default, "existing-accounts": existing_accounts,
    "existing-secrets": existing_secrets, "gateway": gateway, "gateway-existing-authority": gateway_existing_authority, "ingress": ingress,
    "knowledge-graph-existing": knowledge_graph_existing, "language-model": language_model, "mirror": mirror, "monitoring": monitoring,
    "namespaces": namespaces, "namespaces-and-nodes": namespaces_and_nodes, "open": open_, "openshift": openshift, "postgresql": postgresql,
    "production": production, "settings": settings, "sqlite-existing-claim": sqlite_existing_claim, "tracing": tracing,
}


def check(report, rendering):
    if report.expect(report.place in FACTS, f"no facts about the set {report.place}"):
        FACTS[report.place](report, rendering)
