"""What the objects of a rendering mean together: that all they name exists, that pods are bounded, and that the agent may only read."""
import base64
import datetime
import hashlib
import re

import yaml
from cryptography import x509

from . import documents
from .helm import NAMESPACE

SERVICES = ("orchestrator", "k8s-agent")
NAME, INSTANCE, COMPONENT = (f"app.kubernetes.io/{part}" for part in ("name", "instance", "component"))
CERT_MANAGER_KEYS = {"tls.crt", "tls.key", "ca.crt"}


class Rendering:
    """The objects of one value set, with the values it was made of."""

    def __init__(self, objects, values):
        self.objects = objects
        self.values = values
        self.existing = set(existing_names(values))

    def all(self, kind):
        return [object for object in self.objects if object["kind"] == kind]

    def find(self, kind, name):
        return next((object for object in self.all(kind) if object["metadata"]["name"] == name), None)

    def deployment(self, component):
        return next(object for object in self.all("Deployment") if object["metadata"]["labels"][COMPONENT] == component)

    def service(self, component):
        return next(object for object in self.all("Service") if object["metadata"]["labels"][COMPONENT] == component)

    def pods(self):
        """Name, labels and specification of the pods that the objects make."""
        found = [(object["metadata"]["labels"][COMPONENT], object["spec"]["template"]["metadata"], object["spec"]["template"]["spec"])
                 for object in self.all("Deployment")]
        return found + [(object["metadata"]["labels"][COMPONENT], object["metadata"], object["spec"]) for object in self.all("Pod")]

    def pod(self, component):
        return next(spec for name, _, spec in self.pods() if name == component)

    def keys(self, kind, name):
        """Keys of a Secret or ConfigMap that the chart makes, or a certificate's; None where it makes none of that name."""
        if object := self.find(kind, name):
            return set(object.get("data", {}))
        if kind == "Secret" and any(certificate["spec"]["secretName"] == name for certificate in self.all("Certificate")):
            return CERT_MANAGER_KEYS
        return None

    def environment(self, component):
        """Variables of the container by name: text, or the Secret's name and key."""
        container = self.pod(component)["containers"][0]
        found = {}
        for source in container.get("envFrom", []):
            settings = self.find("ConfigMap", source["configMapRef"]["name"])
            found.update(settings["data"] if settings else {})
        for variable in container.get("env", []):
            reference = variable.get("valueFrom", {}).get("secretKeyRef")
            found[variable["name"]] = (reference["name"], reference["key"]) if reference else variable["value"]
        return found

    def files(self, component):
        """Paths that the container finds by its mounts, with volume and item; those that it may write to end in `/`."""
        spec = self.pod(component)
        volumes = {volume["name"]: volume for volume in spec.get("volumes", [])}
        found = {}
        for mount in spec["containers"][0].get("volumeMounts", []):
            volume = volumes.get(mount["name"], {})
            source = volume.get("secret") or volume.get("configMap")
            if source and "items" in source:
                for item in source["items"]:
                    found[f"{mount['mountPath']}/{item['path']}"] = (source.get("secretName") or source.get("name"), item["key"])
            elif not mount.get("readOnly"):
                found[mount["mountPath"] + "/"] = None
        return found


def existing_names(values, path=""):
    """Names of objects that a value set says are there already."""
    for key, value in values.items():
        if isinstance(value, dict):
            yield from existing_names(value, f"{path}.{key}")
        elif isinstance(value, str) and value and re.search(r"existing|(Secret|ConfigMap)$", f"{path}.{key}") and key != "key":
            yield value
        elif key == "extraVolumes":
            yield from (volume["configMap"]["name"] for volume in value if "configMap" in volume)
    if path.endswith("serviceAccount") and not values["create"]:
        yield values["name"]


def check(report, rendering):
    for group in (names, references, selectors, test, access, resources, certificates):
        report.run(group, rendering)
    for component, _, spec in rendering.pods():
        report.run(security, rendering, component, spec)
    for component in SERVICES:
        for group in (environment, probes, replacement):
            report.run(group, rendering, component)


def names(report, rendering):
    seen = set()
    for object in rendering.objects:
        metadata = object["metadata"]
        key = (object["kind"], metadata.get("namespace"), metadata["name"])
        report.expect(key not in seen, f"{object['kind']} {metadata['name']} is there twice")
        seen.add(key)
        limit = 63 if object["kind"] == "Service" else 253
        report.expect(
            len(metadata["name"]) <= limit and re.fullmatch(r"[a-z0-9]([-a-z0-9.]*[a-z0-9])?", metadata["name"]),
            f"{object['kind']} {metadata['name']}: no name that Kubernetes takes")
        labels = metadata["labels"]
        for label, value in {NAME: "sre-orchestrator", INSTANCE: "sre", **rendering.values["commonLabels"]}.items():
            report.expect(labels.get(label) == value, f"{object['kind']} {metadata['name']}: label {label} is {labels.get(label)}")
        if not object["kind"].startswith("Cluster"):
            namespaces = [NAMESPACE] + rendering.values["agent"]["rbac"]["namespaces"]
            report.expect(metadata.get("namespace") in namespaces, f"{object['kind']} {metadata['name']}: namespace {metadata.get('namespace')}")


def references(report, rendering):
    def wanted(kind, name, key, place):
        keys = rendering.keys(kind, name)
        if keys is None:
            report.expect(name in rendering.existing, f"{place}: {kind} {name} is neither made nor among the existing")
        elif key is not None:
            report.expect(key in keys, f"{place}: {kind} {name} has no key {key}")

    for component, _, spec in rendering.pods():
        account = spec["serviceAccountName"]
        report.expect(rendering.find("ServiceAccount", account) or account in rendering.existing, f"{component}: no ServiceAccount {account}")
        volumes = {volume["name"]: volume for volume in spec.get("volumes", [])}
        for volume in volumes.values():
            if source := volume.get("secret"):
                for item in source.get("items", [{"key": None}]):
                    wanted("Secret", source["secretName"], item["key"], f"{component}: volume {volume['name']}")
            if source := volume.get("configMap"):
                for item in source.get("items", [{"key": None}]):
                    wanted("ConfigMap", source["name"], item["key"], f"{component}: volume {volume['name']}")
            if source := volume.get("persistentVolumeClaim"):
                name = source["claimName"]
                report.expect(
                    rendering.find("PersistentVolumeClaim", name) or name in rendering.existing, f"{component}: no claim {name}")
        for container in spec["containers"]:
            mounted = {mount["name"] for mount in container.get("volumeMounts", [])}
            report.expect(mounted == set(volumes), f"{component}: volumes {sorted(volumes)}, mounts {sorted(mounted)}")
            paths = [mount["mountPath"] for mount in container.get("volumeMounts", [])]
            report.expect(len(paths) == len(set(paths)), f"{component}: two mounts at one path")
            for source in container.get("envFrom", []):
                wanted("ConfigMap", source["configMapRef"]["name"], None, f"{component}: envFrom")
            for variable in container.get("env", []):
                reference = variable.get("valueFrom", {}).get("secretKeyRef")
                report.expect(reference, f"{component}: {variable['name']} belongs into the ConfigMap of settings")
                if reference:
                    wanted("Secret", reference["name"], reference["key"], f"{component}: {variable['name']}")
    for object in rendering.objects:
        if object["kind"] in ("HorizontalPodAutoscaler",):
            target = object["spec"]["scaleTargetRef"]
            report.expect(rendering.find(target["kind"], target["name"]), f"HorizontalPodAutoscaler: no {target['kind']} {target['name']}")
        if object["kind"] == "ServiceMonitor":
            secret = object["spec"]["endpoints"][0].get("tlsConfig", {}).get("ca", {}).get("secret")
            if secret:
                wanted("Secret", secret["name"], secret["key"], f"ServiceMonitor {object['metadata']['name']}")
        if object["kind"] == "BackendTLSPolicy":
            for reference in object["spec"]["validation"]["caCertificateRefs"]:
                wanted(reference["kind"], reference["name"], "ca.crt", "BackendTLSPolicy")
        if object["kind"] == "Ingress":
            for tls in object["spec"].get("tls", []):
                wanted("Secret", tls["secretName"], None, "Ingress")
    mounted = {name for component in ("orchestrator", "k8s-agent", "test") for _, _, spec in rendering.pods()
               for volume in spec.get("volumes", []) for name in [volume.get("secret", {}).get("secretName")]}
    for secret in rendering.all("Secret"):
        if secret["metadata"]["name"].endswith("-authority"):
            report.expect(secret["metadata"]["name"] not in mounted, "the key of the authority is mounted into a pod")


def selects(selector, labels):
    return all(labels.get(key) == value for key, value in selector.items())


def selectors(report, rendering):
    pods = {component: metadata["labels"] for component, metadata, _ in rendering.pods()}
    for object in rendering.objects:
        name, component = f"{object['kind']} {object['metadata']['name']}", object["metadata"]["labels"].get(COMPONENT)
        selector = None
        if object["kind"] in ("Deployment", "PodDisruptionBudget"):
            selector = object["spec"]["selector"]["matchLabels"]
        if object["kind"] == "Service":
            selector = object["spec"]["selector"]
            ports = {port["name"]: port["containerPort"] for port in rendering.pod(component)["containers"][0]["ports"]}
            for port in object["spec"]["ports"]:
                report.expect(port["targetPort"] in ports, f"{name}: port {port['targetPort']} is none of the container")
        if object["kind"] == "ServiceMonitor":
            services = [s for s in rendering.all("Service") if selects(object["spec"]["selector"]["matchLabels"], s["metadata"]["labels"])]
            found = [service["metadata"]["name"] for service in services]
            if report.expect(found == [object["metadata"]["name"]], f"{name}: selects the Services {found}"):
                ports = {port["name"]: port for port in services[0]["spec"]["ports"]}
                for endpoint in object["spec"]["endpoints"]:
                    report.expect(endpoint["port"] in ports, f"{name}: the Service has no port {endpoint['port']}")
                    report.expect(endpoint["scheme"] == endpoint["port"], f"{name}: scheme {endpoint['scheme']} at port {endpoint['port']}")
        if selector:
            found = [pod for pod, labels in pods.items() if selects(selector, labels)]
            report.expect(found == [component], f"{name}: selects the pods of {found}")
        if object["kind"] == "Ingress":
            for rule in object["spec"]["rules"]:
                for path in rule["http"]["paths"]:
                    backend(report, rendering, name, path["backend"]["service"]["name"], path["backend"]["service"]["port"])
        if object["kind"] == "HTTPRoute":
            for rule in object["spec"]["rules"]:
                for reference in rule["backendRefs"]:
                    backend(report, rendering, name, reference["name"], {"number": reference["port"]})
        if object["kind"] == "BackendTLSPolicy":
            for target in object["spec"]["targetRefs"]:
                report.expect(rendering.find("Service", target["name"]), f"{name}: no Service {target['name']}")
    for component, _, spec in rendering.pods():
        for constraint in spec.get("topologySpreadConstraints", []):
            found = [pod for pod, labels in pods.items() if selects(constraint["labelSelector"]["matchLabels"], labels)]
            report.expect(found == [component], f"{component}: a spread constraint counts the pods of {found}")


def backend(report, rendering, place, name, port):
    service = rendering.find("Service", name)
    if report.expect(service and service["metadata"]["labels"][COMPONENT] == "orchestrator", f"{place}: leads to {name}"):
        ports = service["spec"]["ports"]
        found = [p for p in ports if p["name"] == port.get("name") or p["port"] == port.get("number")]
        report.expect(found, f"{place}: Service {name} has no port {port}")


def security(report, rendering, component, spec):
    """The restricted level of the pod security standards, and what goes beyond it."""
    pod = spec.get("securityContext", {})
    report.expect(pod.get("runAsNonRoot") is True, f"{component}: may run as root")
    report.expect(pod.get("seccompProfile") == {"type": "RuntimeDefault"}, f"{component}: no seccomp profile")
    for number, value in (("runAsUser", "user"), ("runAsGroup", "group"), ("fsGroup", "fsGroup")):
        wanted = rendering.values["runAs"].get(value)
        report.expect(pod.get(number) == wanted and (wanted is None or wanted > 10000), f"{component}: {number} is {pod.get(number)}")
    for field in ("hostNetwork", "hostPID", "hostIPC", "hostUsers"):
        report.expect(field not in spec, f"{component}: {field}")
    for volume in spec.get("volumes", []):
        kinds = set(volume) - {"name"}
        allowed = {"configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"}
        report.expect(kinds <= allowed, f"{component}: volume of kind {kinds - allowed}")
    report.expect(not spec.get("initContainers"), f"{component}: init containers are not looked at here")
    for container in spec["containers"]:
        context = container.get("securityContext", {})
        report.expect(context.get("allowPrivilegeEscalation") is False, f"{component}: privileges may grow")
        report.expect(context.get("capabilities") == {"drop": ["ALL"]}, f"{component}: capabilities are not dropped")
        report.expect(context.get("readOnlyRootFilesystem") is True, f"{component}: the root file system can be written to")
        report.expect(not context.get("privileged"), f"{component}: privileged")
        report.expect("runAsUser" not in context and context.get("runAsNonRoot") is True, f"{component}: a container may run as root")
        report.expect(not any("hostPort" in port for port in container.get("ports", [])), f"{component}: host port")
        report.expect({"cpu", "memory"} <= set(container["resources"]["requests"]), f"{component}: requests nothing")
        report.expect("memory" in container["resources"]["limits"], f"{component}: memory without limit")
    report.expect(spec.get("enableServiceLinks") is False, f"{component}: variables of Services would be taken for settings")
    report.expect(
        spec.get("automountServiceAccountToken") is (component == "k8s-agent"), f"{component}: token of the service account is wrong")


def environment(report, rendering, component):
    accepted = documents.keys_of(component)
    files = rendering.files(component)
    found = rendering.environment(component)
    secret = {"SRE_AGENT_TOKEN", "SRE_DATABASE_URL", "OTEL_EXPORTER_OTLP_HEADERS", "SRE_ENCRYPTION_KEY", "SRE_LLM_API_KEY"}
    container = rendering.pod(component)["containers"][0]
    report.expect(container["args"] == [component] and "command" not in container, f"{component}: args are {container['args']}")
    report.expect("SRE_AGENT_TOKEN" in found, f"{component}: no agent token")
    for key, value in found.items():
        if not report.expect(key in accepted, f"{component}: {key} is not in docs/configuration.md"):
            continue
        report.expect((key in secret) == isinstance(value, tuple), f"{component}: {key} is {value}")
        if isinstance(value, str):
            report.expect(documents.accepts(accepted[key], value), f"{component}: {key}={value} is not {accepted[key]}")
            if accepted[key] == "a file path":
                written = any(path.endswith("/") and value.startswith(path) for path in files)
                report.expect(value in files or (key == "SRE_STORE" and written), f"{component}: nothing is mounted at {key}={value}")
    for path in files:
        if not path.endswith("/") and not path.startswith("/etc/sre/database/"):
            report.expect(path in found.values(), f"{component}: {path} is mounted and no key names it")
    report.expect(("SRE_TLS_CERTIFICATE" in found) == ("SRE_TLS_KEY" in found), f"{component}: certificate without key")


def probes(report, rendering, component):
    container = rendering.pod(component)["containers"][0]
    settings = rendering.environment(component)
    prefix = "SRE_ORCHESTRATOR" if component == "orchestrator" else "SRE_AGENT"
    ports = {port["name"]: port["containerPort"] for port in container["ports"]}
    report.expect(list(ports.values()) == [int(settings[f"{prefix}_PORT"])], f"{component}: ports {ports}, listens at {settings[f'{prefix}_PORT']}")
    report.expect(settings[f"{prefix}_HOST"] in ("0.0.0.0", "::"), f"{component}: listens at {settings[f'{prefix}_HOST']} only")
    scheme = "https" if "SRE_TLS_CERTIFICATE" in settings else "http"
    for name, path in (("startupProbe", "/livez"), ("livenessProbe", "/livez"), ("readinessProbe", None)):
        probe = container.get(name)
        if not report.expect(probe and "httpGet" in probe, f"{component}: no {name}"):
            continue
        request = probe["httpGet"]
        report.expect(request["path"] in documents.health_paths(), f"{component}: {name} asks {request['path']}")
        report.expect(path in (None, request["path"]), f"{component}: {name} asks {request['path']}, which needs others")
        report.expect(request["port"] in ports and request["scheme"].lower() == scheme, f"{component}: {name} asks by {request}")
    # What readiness asks takes five seconds where nothing answers.
    report.expect(container["readinessProbe"]["timeoutSeconds"] > 5, f"{component}: readiness gives up before its answer")
    service = rendering.service(component)
    report.expect([port["appProtocol"] for port in service["spec"]["ports"]] == [scheme], f"{component}: the Service says {service['spec']['ports']}")


def replacement(report, rendering, component):
    deployment = rendering.deployment(component)
    spec, pod = deployment["spec"], deployment["spec"]["template"]["spec"]
    settings = rendering.environment(component)
    has_claim = any("persistentVolumeClaim" in volume for volume in pod.get("volumes", []))
    sleep = pod["containers"][0].get("lifecycle", {}).get("preStop", {}).get("sleep", {}).get("seconds", 0)
    if has_claim:
        report.expect(spec["strategy"] == {"type": "Recreate"}, f"{component}: two pods may have the volume at once: {spec['strategy']}")
        report.expect(spec["replicas"] == 1, f"{component}: {spec['replicas']} replicas of one volume")
        report.expect(not rendering.all("HorizontalPodAutoscaler"), f"{component}: autoscaling of one volume")
    else:
        report.expect(spec["strategy"] == {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}},
                      f"{component}: a pod may be missing while it is replaced: {spec['strategy']}")
        report.expect(sleep > 0, f"{component}: it stops to answer before all nodes know")
    least = sleep + int(settings["SRE_SHUTDOWN_GRACE_SECONDS"]) + 5
    report.expect(pod["terminationGracePeriodSeconds"] > least, f"{component}: killed after {pod['terminationGracePeriodSeconds']} s, needs {least}")
    annotations = deployment["spec"]["template"]["metadata"]["annotations"]
    report.expect({"checksum/settings", "checksum/generated"} <= set(annotations), f"{component}: changes of settings start no new pod")
    budgets = [b for b in rendering.all("PodDisruptionBudget") if b["metadata"]["labels"][COMPONENT] == component]
    autoscaler = rendering.all("HorizontalPodAutoscaler") if component == "orchestrator" else []
    replicas = autoscaler[0]["spec"]["minReplicas"] if autoscaler else spec["replicas"]
    report.expect(len(budgets) == (replicas > 1), f"{component}: {len(budgets)} disruption budgets of {replicas} replicas")
    report.expect(not autoscaler or "replicas" not in spec, f"{component}: an upgrade would undo what the autoscaler did")


def test(report, rendering):
    pod = rendering.find("Pod", rendering.service("orchestrator")["metadata"]["name"] + "-test")
    if not report.expect(pod and pod["metadata"]["annotations"].get("helm.sh/hook") == "test", "no pod for helm test"):
        return
    arguments = pod["spec"]["containers"][0]["args"]
    service = rendering.service("orchestrator")
    scheme, port = service["spec"]["ports"][0]["name"], service["spec"]["ports"][0]["port"]
    url = f"{scheme}://{service['metadata']['name']}.{NAMESPACE}.svc:{port}"
    report.expect(arguments[:3] == ["doctor", "--server", url], f"test: asks {arguments}, the Service is {url}")
    report.expect(("--ca" in arguments) == (scheme == "https"), f"test: {arguments} over {scheme}")
    if "--ca" in arguments:
        report.expect(arguments[arguments.index("--ca") + 1] in rendering.files("test"), f"test: nothing is mounted for {arguments}")
    keys = documents.configuration()["The command line"]
    for key in rendering.environment("test"):
        report.expect(key in keys, f"test: {key} is not in docs/configuration.md")


def access(report, rendering):
    """What the roles of the chart grant, and to whom."""
    rbac = rendering.values["agent"]["rbac"]
    types = documents.resource_types()
    report.expect(len(types) > 35, f"only {len(types)} kinds found in {documents.RESOURCE_TYPES}")
    types = {kind: namespaced for kind, namespaced in types.items() if kind[1] != "secrets" and (rbac["configMaps"] or kind[1] != "configmaps")}
    granted = {}
    for role in rendering.all("ClusterRole") + rendering.all("Role"):
        scope = role["metadata"].get("namespace")
        name = f"{role['kind']} {role['metadata']['name']}"
        report.expect(set(role) == {"apiVersion", "kind", "metadata", "rules"}, f"{name}: aggregates others")
        for rule in role["rules"]:
            report.expect(set(rule) == {"apiGroups", "resources", "verbs"}, f"{name}: a rule names {sorted(rule)}")
            report.expect(set(rule["verbs"]) <= {"get", "list", "watch"}, f"{name}: may {rule['verbs']}")
            for group in rule["apiGroups"]:
                for resource in rule["resources"]:
                    report.expect("*" not in group + resource, f"{name}: grants everything of {group or 'core'}/{resource}")
                    report.expect(resource.partition("/")[0] != "secrets", f"{name}: reads Secrets")
                    report.expect("/" not in resource or resource == "pods/log", f"{name}: grants {resource}")
                    granted.setdefault(scope, {}).setdefault((group, resource), set()).update(rule["verbs"])
    read, log = {"get", "list"}, {("", "pods/log"): {"get"}}
    namespaced = {kind: read for kind, is_namespaced in types.items() if is_namespaced} | log
    clusterwide = {kind: read for kind, is_namespaced in types.items() if not is_namespaced}
    if not rbac["create"]:
        wanted = {}
    elif not rbac["namespaces"]:
        wanted = {None: namespaced | clusterwide}
    else:
        wanted = {namespace: namespaced for namespace in rbac["namespaces"]} | ({None: clusterwide} if rbac["clusterScoped"] else {})
    for scope in set(granted) | set(wanted):
        have, want = granted.get(scope, {}), wanted.get(scope, {})
        extra = {key: verbs for key, verbs in have.items() if want.get(key) != verbs}
        lacking = [key for key in want if key not in have]
        report.expect(not extra, f"{scope or 'all namespaces'}: roles grant {extra}, which the agent does not read")
        report.expect(not lacking, f"{scope or 'all namespaces'}: roles lack {lacking}, which the agent reads")
    subject = {"kind": "ServiceAccount", "name": rendering.pod("k8s-agent")["serviceAccountName"], "namespace": NAMESPACE}
    bindings = rendering.all("ClusterRoleBinding") + rendering.all("RoleBinding")
    report.expect(len(bindings) == len(granted), f"{len(granted)} roles and {len(bindings)} bindings")
    for binding in bindings:
        report.expect(binding["subjects"] == [subject], f"{binding['kind']} {binding['metadata']['name']}: gives to {binding['subjects']}")
        kind, scope = binding["roleRef"]["kind"], binding["metadata"].get("namespace")
        place = f"{binding['kind']} {binding['metadata']['name']}"
        roles = [role["metadata"]["name"] for role in rendering.all(kind) if role["metadata"].get("namespace") == scope]
        report.expect(binding["roleRef"]["name"] in roles and place.startswith(f"{kind}Binding "), f"{place}: no such role")
    report.expect(rendering.pod("orchestrator")["serviceAccountName"] != subject["name"], "the orchestrator has the account of the agent")
    namespaces = rendering.environment("k8s-agent").get("SRE_AGENT_NAMESPACES", "")
    report.expect(namespaces == ",".join(rbac["namespaces"]), f"SRE_AGENT_NAMESPACES is {namespaces}")
    report.expect(rendering.environment("k8s-agent").get("SRE_AGENT_READ_SECRETS") == "false", "the agent would ask for Secrets that no role grants")


def millicores(text):
    return float(str(text)[:-1]) if str(text).endswith("m") else float(text) * 1000


def mebibytes(text):
    units = {"Ki": 1 / 1024, "Mi": 1, "Gi": 1024}
    return float(str(text)[:-2]) * units[str(text)[-2:]]


def resources(report, rendering):
    """Together under half a core and 512 MiB of one replica each."""
    requests = [rendering.pod(component)["containers"][0]["resources"]["requests"] for component in SERVICES]
    cpu, memory = sum(millicores(r["cpu"]) for r in requests), sum(mebibytes(r["memory"]) for r in requests)
    report.expect(cpu < 500, f"both request {cpu:.0f} thousandths of a core")
    report.expect(memory < 512, f"both request {memory:.0f} MiB")


def certificates(report, rendering):
    """That the orchestrator trusts the agent: the address it calls stands in the certificate that the agent shows, signed by what it knows."""
    settings = rendering.environment("orchestrator")
    service = rendering.service("k8s-agent")
    host = f"{service['metadata']['name']}.{NAMESPACE}.svc"
    scheme = "https" if "SRE_TLS_CERTIFICATE" in rendering.environment("k8s-agent") else "http"
    url = f"{scheme}://{host}:{service['spec']['ports'][0]['port']}"
    report.expect(settings["SRE_AGENT_URL"] == url, f"the orchestrator calls {settings['SRE_AGENT_URL']}, the agent is {url}")
    report.expect(("SRE_AGENT_CA" in settings) == (scheme == "https"), f"SRE_AGENT_CA with {scheme}")
    token = {rendering.environment(component)["SRE_AGENT_TOKEN"] for component in SERVICES}
    report.expect(len(token) == 1, f"two agent tokens: {token}")
    if scheme == "https":
        shown = rendering.files("k8s-agent")["/etc/sre/tls/tls.crt"][0]
        report.expect(rendering.files("orchestrator")["/etc/sre/agent-ca/ca.crt"] == (shown, "ca.crt"), "the orchestrator knows another authority")
        report.expect("tls.key" not in {key for name, key in filter(None, rendering.files("orchestrator").values()) if name == shown},
                      "the orchestrator has the agent's key")
    keys = [rendering.files("orchestrator").get("/etc/sre/api-keys/keys")]
    report.expect((keys != [None]) == rendering.values["apiKeys"]["enabled"], "API keys are mounted though off, or the other way round")
    for component in SERVICES:
        service = rendering.service(component)
        host = f"{service['metadata']['name']}.{NAMESPACE}.svc"
        if (files := rendering.files(component)).get("/etc/sre/tls/tls.crt"):
            certificate(report, rendering, component, files["/etc/sre/tls/tls.crt"][0], host)
    if secret := next((s for s in rendering.all("Secret") if s["metadata"]["name"].endswith("-api-keys")), None):
        generated_keys(report, secret)


def decoded(secret, key):
    return base64.b64decode(secret["data"][key])


def certificate(report, rendering, component, name, host):
    if made := rendering.find("Certificate", name):
        report.expect(host in made["spec"]["dnsNames"], f"{component}: {host} is not among the names of its certificate")
    if not (secret := rendering.find("Secret", name)):
        return
    shown = x509.load_pem_x509_certificate(decoded(secret, "tls.crt"))
    authority = x509.load_pem_x509_certificate(decoded(secret, "ca.crt"))
    try:
        shown.verify_directly_issued_by(authority)
        signed = True
    except Exception:
        signed = False
    report.expect(signed, f"{component}: its certificate is not signed by the authority beside it")
    names = shown.extensions.get_extension_for_class(x509.SubjectAlternativeName).value.get_values_for_type(x509.DNSName)
    extra = rendering.values["tls"]["names"] if component == "orchestrator" else []
    report.expect({host, "localhost", *extra} <= set(names), f"{component}: its certificate is for {names}, not {host}")
    left = shown.not_valid_after_utc - datetime.datetime.now(datetime.timezone.utc)
    days = rendering.values["tls"]["selfSigned"]["days"]
    report.expect(abs(left.days - days) <= 1, f"{component}: its certificate is valid for {left.days} days")
    report.expect(authority.not_valid_after_utc >= shown.not_valid_after_utc, f"{component}: its certificate outlives the authority")


def generated_keys(report, secret):
    """The file of keys has the hash of each key that was made, and no key."""
    lines = {line.split()[0]: line.split() for line in decoded(secret, "keys").decode().splitlines()}
    for name, label, scope in (("admin", "admin", "admin"), ("test", "helm-test", "read")):
        key = decoded(secret, name).decode()
        wanted = [label, scope, hashlib.sha256(key.encode()).hexdigest()]
        report.expect(lines.get(label) == wanted and len(key) > 40, f"Secret with API keys: the line of {label} is {lines.get(label)}")
        report.expect(key not in decoded(secret, "keys").decode(), "the file of keys holds a key itself")


def knowledge_graph(report, rendering, name):
    text = rendering.find("ConfigMap", name)["data"]["knowledge_graph.yaml"]
    report.expect(yaml.safe_load(text) == {"components": rendering.values["knowledgeGraph"]["components"]}, "the knowledge graph is another one")
