"""Upgrades against a stand-in for the API server: what was made stays, and what has to change does."""
import base64
import contextlib
import http.server
import json
import threading
import time

from cryptography import x509

from . import helm
from .objects import Rendering, decoded

# What the API server says it has: the kinds that the chart makes without values.
KINDS = {
    "v1": ["ConfigMap", "PersistentVolumeClaim", "Pod", "Secret", "Service", "ServiceAccount"],
    "apps/v1": ["Deployment"],
    "networking.k8s.io/v1": ["NetworkPolicy"],
    "rbac.authorization.k8s.io/v1": ["ClusterRole", "ClusterRoleBinding"],
}


def discovery():
    """Answers by path that tell a client which kinds there are."""

    def plural(kind):
        return kind.lower().removesuffix("y") + ("ies" if kind.endswith("y") else "s")

    groups = [{"name": version.partition("/")[0], "versions": [{"groupVersion": version, "version": "v1"}]} for version in KINDS if "/" in version]
    answers = {
        "/version": {"major": "1", "minor": "36", "gitVersion": "v1.36.0"},
        "/api": {"kind": "APIVersions", "versions": ["v1"]},
        "/apis": {"kind": "APIGroupList", "apiVersion": "v1", "groups": groups},
    }
    for version, kinds in KINDS.items():
        resources = [
            {"name": plural(kind), "singularName": kind.lower(), "namespaced": not kind.startswith("Cluster"), "kind": kind, "verbs": ["get", "list"]}
            for kind in kinds
        ]
        path = f"/apis/{version}" if "/" in version else f"/api/{version}"
        answers[path] = {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": version, "resources": resources}
    return answers


def owned(secret):
    """As it is in the cluster once Helm has put it there."""
    annotations = {"meta.helm.sh/release-name": helm.RELEASE, "meta.helm.sh/release-namespace": helm.NAMESPACE}
    return {**secret, "metadata": {**secret["metadata"], "annotations": {**secret["metadata"].get("annotations", {}), **annotations}}}


@contextlib.contextmanager
def cluster(secrets):
    """The address of an API server that has these Secrets, by name, and nothing else."""
    answers = discovery()

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            path = self.path.partition("?")[0]
            name = path.removeprefix(f"/api/v1/namespaces/{helm.NAMESPACE}/secrets/")
            answer = answers.get(path) or (owned(secrets[name]) if name in secrets else None)
            status = 200 if answer else 404
            body = json.dumps(answer or {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "NotFound", "code": 404}).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


def install(report, secrets, values="{}"):
    with cluster(secrets) as address:
        process = helm.template(text=values, more=["--dry-run=server", "--disable-openapi-validation", "--kube-apiserver", address])
    if not report.expect(process.returncode == 0, f"{values}: {process.stderr.strip()[:300]}"):
        return None
    return Rendering(helm.objects(process.stdout), helm.values(helm.CHART / "ci/default-values.yaml"))


def secrets_of(rendering):
    return {secret["metadata"]["name"]: secret for secret in rendering.all("Secret")}


def checksums(rendering):
    return {component: rendering.deployment(component)["spec"]["template"]["metadata"]["annotations"] for component in ("orchestrator", "k8s-agent")}


def check(report):
    report.at("upgrade")
    first, other = install(report, {}), install(report, {})
    if not first or not other:
        return
    made = secrets_of(first)
    report.expect(len(made) == 5, f"makes the Secrets {sorted(made)}")
    for name, secret in secrets_of(other).items():
        report.expect(secret["data"] != made[name]["data"], f"{name}: two installations have the same")

    again = install(report, made)
    for name, secret in secrets_of(again).items():
        report.expect(secret == made[name], f"{name}: an upgrade changes it")
    report.expect(checksums(again) == checksums(first), "an upgrade without changes starts new pods")

    # Keys that somebody added stay.
    more = json.loads(json.dumps(made))
    data = more["sre-sre-orchestrator-api-keys"]["data"]
    data["keys"] = base64.b64encode(base64.b64decode(data["keys"]) + b"alerts write " + b"0" * 64 + b"\n").decode()
    report.expect(secrets_of(install(report, more))["sre-sre-orchestrator-api-keys"]["data"] == data, "an upgrade drops keys that were added")

    # A new name takes a new certificate of the same authority: nobody has to trust another one.
    renamed = secrets_of(install(report, made, "tls: {names: [sre.example.com]}"))
    changed = {name for name in renamed if renamed[name]["data"] != made[name]["data"]}
    report.expect(changed == {"sre-sre-orchestrator-tls"}, f"a new name changes {changed}")
    shown, authority = (x509.load_pem_x509_certificate(decoded(renamed["sre-sre-orchestrator-tls"], key)) for key in ("tls.crt", "ca.crt"))
    shown.verify_directly_issued_by(authority)
    names = shown.extensions.get_extension_for_class(x509.SubjectAlternativeName).value.get_values_for_type(x509.DNSName)
    report.expect("sre.example.com" in names, f"the new certificate is for {names}")

    # Two thirds of its time over, it is renewed.
    for days, is_renewed in ((0.6, False), (0.7, True)):
        old = json.loads(json.dumps(made))
        old["sre-sre-orchestrator-k8s-agent-tls"]["metadata"]["annotations"]["sre-orchestrator/made-at"] = str(int(time.time() - days * 3650 * 86400))
        renewed = secrets_of(install(report, old))
        changed = {name for name in renewed if renewed[name]["data"] != made[name]["data"]}
        wanted = {"sre-sre-orchestrator-k8s-agent-tls"} if is_renewed else set()
        report.expect(changed == wanted, f"after {days} of its time an upgrade changes {changed}")

    # Without the authority, both certificates are made anew.
    gone = {name: secret for name, secret in made.items() if not name.endswith("-authority")}
    anew = secrets_of(install(report, gone))
    changed = {name.rpartition("orchestrator-")[2] for name in anew if anew[name]["data"] != made[name]["data"]}
    report.expect(changed == {"authority", "k8s-agent-tls", "tls"}, f"a lost authority changes {changed}")
