"""Runs what the chart renders, without a cluster: each Deployment's program in the root file system of its image, as its user, with its
environment, arguments, files and volumes, in a network of its own. Then its probes, the chart's test pod, `sre doctor` and one incident.

Called by scripts/rehearse-install with the executable, a directory that holds image/root, and files of values for helm, in namespaces of its
own; nothing outside of them is changed. The API server is a recorded incident, served over TLS.
"""
import base64
import http.client
import json
import os
import shutil
import signal
import socket
import socketserver
import ssl
import subprocess
import sys
import threading
import time

import yaml

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
HELM = os.environ["HELM"]
CHROOT = shutil.which("chroot")
SCENARIO = os.path.join(ROOT, "scenarios/55-chain-of-three")
CAUSE = "ConfigMapNotFound"
NAMESPACE = "sre"
API_PORT = 6443
ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"

running = []


def fail(text):
    raise SystemExit(f"rehearse-install: {text}")


def run(*command, **options):
    result = subprocess.run(command, capture_output=True, text=True, **options)
    if result.returncode != 0:
        fail(f"{' '.join(command[:4])}…: {result.stderr.strip()[-1000:]}")
    return result.stdout


class Rendered:
    """The objects of a release."""

    def __init__(self, values):
        options = [word for file in values for word in ("--values", file)]
        text = run(HELM, "template", "sre", os.path.join(ROOT, "charts/sre-orchestrator"), "--namespace", NAMESPACE, *options)
        self.objects = [document for document in yaml.safe_load_all(text) if document]

    def of(self, kind):
        return [item for item in self.objects if item["kind"] == kind]

    def data(self, kind, name):
        """What a ConfigMap or Secret holds, as bytes."""
        for item in self.of(kind):
            if item["metadata"]["name"] == name:
                plain = {key: value.encode() for key, value in (item.get("stringData") or {}).items()}
                if kind == "ConfigMap":
                    return plain | {key: value.encode() for key, value in (item.get("data") or {}).items()}
                return plain | {key: base64.b64decode(value) for key, value in (item.get("data") or {}).items()}
        fail(f"there is no {kind} {name} in what was rendered; use values without secrets of your own")


class Pod:
    """One pod's only container, as a process in a root of its own."""

    def __init__(self, rendered, name, spec, directory, image, account):
        self.name = name
        self.container = spec["containers"][0]
        self.root = os.path.join(directory, name)
        context = spec["securityContext"] | self.container["securityContext"]
        if not (context["runAsNonRoot"] and context["readOnlyRootFilesystem"]):
            fail(f"{name} may run as root or write to its root")
        self.user, self.group = context["runAsUser"], context.get("fsGroup", context["runAsGroup"])
        run("cp", "-a", image, self.root)
        # As the kubelet does: names of Services are what DNS would give.
        with open(os.path.join(self.root, "etc/hosts"), "w") as hosts:
            names = [item["metadata"]["name"] for item in rendered.of("Service")]
            hosts.write("127.0.0.1 localhost " + " ".join(
                form for name in names for form in (name, f"{name}.{NAMESPACE}", f"{name}.{NAMESPACE}.svc", f"{name}.{NAMESPACE}.svc.cluster.local")))
        volumes = {volume["name"]: volume for volume in spec.get("volumes", [])}
        mounts = [(mount, self.files(rendered, volumes[mount["name"]])) for mount in self.container.get("volumeMounts", [])]
        for mount, files in mounts:
            os.makedirs(self.root + mount["mountPath"], exist_ok=True)
        if spec.get("automountServiceAccountToken", True):
            os.makedirs(self.root + ACCOUNT, exist_ok=True)
        run("mount", "--bind", self.root, self.root)
        run("mount", "-o", "remount,bind,ro", self.root)
        # Every container has one, and Swift reads the arguments of the program from it.
        run("mount", "-t", "proc", "proc", self.root + "/proc")
        for mount, files in mounts:
            self.mount(directory, mount, files)
        if spec.get("automountServiceAccountToken", True):
            self.mount(directory, {"name": "account", "mountPath": ACCOUNT, "readOnly": True}, account)
        self.environment = {"PATH": "/usr/bin"} | self.variables(rendered)
        if spec.get("automountServiceAccountToken", True):
            self.environment |= {"KUBERNETES_SERVICE_HOST": "127.0.0.1", "KUBERNETES_SERVICE_PORT": str(API_PORT)}

    def files(self, rendered, volume):
        """Contents by path; None for a volume that can be written."""
        for kind, key, name in (("Secret", "secret", "secretName"), ("ConfigMap", "configMap", "name")):
            if key in volume:
                data = rendered.data(kind, volume[key][name])
                items = volume[key].get("items")
                return {item["path"]: data[item["key"]] for item in items} if items else data
        if "projected" in volume:
            fail(f"{self.name} has a projected volume, which this does not know")
        return None

    def mount(self, directory, mount, files):
        source = os.path.join(directory, f"{self.name}-{mount['name']}")
        os.makedirs(source, exist_ok=True)
        os.chown(source, self.user if files is None else 0, self.group)
        os.chmod(source, 0o770 if files is None else 0o750)
        for path, content in (files or {}).items():
            target = os.path.join(source, path)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            with open(target, "wb") as file:
                file.write(content)
            os.chown(target, 0, self.group)
            os.chmod(target, 0o440)
        run("mount", "--bind", source, self.root + mount["mountPath"])
        if mount.get("readOnly"):
            run("mount", "-o", "remount,bind,ro", self.root + mount["mountPath"])

    def variables(self, rendered):
        result = {}
        for source in self.container.get("envFrom", []):
            kind, reference = ("ConfigMap", source["configMapRef"]) if "configMapRef" in source else ("Secret", source["secretRef"])
            result |= {key: value.decode() for key, value in rendered.data(kind, reference["name"]).items()}
        for variable in self.container.get("env", []):
            origin = variable.get("valueFrom", {})
            if "secretKeyRef" in origin:
                value = rendered.data("Secret", origin["secretKeyRef"]["name"])[origin["secretKeyRef"]["key"]].decode()
            elif "configMapKeyRef" in origin:
                value = rendered.data("ConfigMap", origin["configMapKeyRef"]["name"])[origin["configMapKeyRef"]["key"]].decode()
            elif "fieldRef" in origin:
                value = {"metadata.namespace": NAMESPACE, "metadata.name": self.name}.get(origin["fieldRef"]["fieldPath"], "")
            else:
                value = variable["value"]
            result[variable["name"]] = value
        return result

    def command(self, arguments):
        # The entry point of both images.
        return [CHROOT, f"--userspec={self.user}:{self.group}", "--groups=", self.root, "/usr/bin/sre", *arguments]

    def start(self, log):
        arguments = self.container.get("command", ["/usr/bin/sre"])[1:] + self.container.get("args", [])
        self.process = subprocess.Popen(self.command(arguments), env=self.environment, stdout=subprocess.DEVNULL, stderr=log)
        running.append(self.process)

    def execute(self, *arguments, **environment):
        return subprocess.run(self.command(arguments), env=self.environment | environment, capture_output=True, text=True, timeout=120)

    def probe(self, kind, seconds):
        """Looks as the kubelet does: certificates are not verified."""
        check = self.container[kind]["httpGet"]
        ports = {port["name"]: port["containerPort"] for port in self.container["ports"]}
        port = ports.get(check["port"], check["port"])
        deadline = time.monotonic() + seconds
        answer = "nothing"
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                fail(f"{self.name} ended with {self.process.returncode}; it ran {self.process.args}")
            try:
                if check.get("scheme") == "HTTPS":
                    connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=5, context=ssl._create_unverified_context())
                else:
                    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
                connection.request("GET", check["path"])
                response = connection.getresponse()
                answer = f"{response.status} {response.read()[:300]!r}"
                if response.status == 200:
                    return
            except OSError as error:
                answer = repr(error)
            time.sleep(0.2)
        fail(f"the {kind} of {self.name} gets {answer}")


def forward(port, target, tls=None):
    """Connections to `port` are passed on to `target`: what a Service does, or an API server's TLS."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self):
            try:
                inside = tls.wrap_socket(self.request, server_side=True) if tls else self.request
                outside = socket.create_connection(("127.0.0.1", target))
            except OSError:
                return
            threading.Thread(target=pump, args=(outside, inside), daemon=True).start()
            pump(inside, outside)

    def pump(source, sink):
        try:
            while data := source.recv(65536):
                sink.sendall(data)
        except OSError:
            pass
        finally:
            for end in (source, sink):
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True

    threading.Thread(target=Server(("127.0.0.1", port), Handler).serve_forever, daemon=True).start()


def account(directory):
    """A service account's files, and the certificate of the API server that it trusts."""
    certificate, key = os.path.join(directory, "api.crt"), os.path.join(directory, "api.key")
    run(
        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=api",
        "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    with open(certificate, "rb") as file:
        return {"token": b"a-token", "ca.crt": file.read(), "namespace": NAMESPACE.encode()}, tls


def api_server(binary, directory, tls, log):
    kubeconfig = os.path.join(directory, "kubeconfig")
    running.append(subprocess.Popen(
        [binary, "replay", SCENARIO, "--port", "18001", "--write-kubeconfig", kubeconfig], stdout=subprocess.DEVNULL, stderr=log))
    for _ in range(200):
        if os.path.exists(kubeconfig):
            break
        time.sleep(0.1)
    forward(API_PORT, 18001, tls)


def main():
    binary, directory, values = sys.argv[1], sys.argv[2], sys.argv[3:]
    log = open(os.path.join(directory, "log"), "wb")
    try:
        image = os.path.join(directory, "image/root")
        rendered = Rendered(values)
        files, tls = account(directory)
        api_server(binary, directory, tls, log)
        pods = {
            item["spec"]["template"]["spec"]["containers"][0]["name"]: Pod(
                rendered, item["metadata"]["name"], item["spec"]["template"]["spec"], directory, image, files)
            for item in rendered.of("Deployment")
        }
        for service in rendered.of("Service"):
            component = service["spec"]["selector"]["app.kubernetes.io/component"]
            container = next(pod.container for name, pod in pods.items() if name == component)
            named = {port["name"]: port["containerPort"] for port in container["ports"]}
            for port in service["spec"]["ports"]:
                target = named.get(port["targetPort"], port["targetPort"])
                if port["port"] != target:
                    forward(port["port"], target)
        for pod in pods.values():
            pod.start(log)
        for kind, seconds in (("startupProbe", 60), ("readinessProbe", 60), ("livenessProbe", 20)):
            for pod in pods.values():
                pod.probe(kind, seconds)
        checks = ["both services are up by all their probes"]

        orchestrator = pods["orchestrator"]
        doctor = orchestrator.execute("doctor", "--no-llm")
        if doctor.returncode != 0:
            fail(f"sre doctor: {doctor.stdout}")
        checks.append("sre doctor finds no problem from inside")

        for item in rendered.of("Pod"):
            if item["metadata"].get("annotations", {}).get("helm.sh/hook") == "test":
                test = Pod(rendered, item["metadata"]["name"], item["spec"], directory, image, files)
                result = test.execute(*(test.container.get("command", ["/usr/bin/sre"])[1:] + test.container.get("args", [])))
                if result.returncode != 0:
                    fail(f"the test pod ends with {result.returncode}: {result.stdout} {result.stderr}")
                checks.append("the test pod passes")
                ask = test
        url = f"{ask.environment.get('SRE_SERVER', '')}" or next(word for word in ask.container["args"] if "://" in word)
        authority = ask.container["args"][ask.container["args"].index("--ca") + 1] if "--ca" in ask.container["args"] else None
        key = next((rendered.data("Secret", item["metadata"]["name"]).get("admin") for item in rendered.of("Secret")
                    if "admin" in (item.get("data") or item.get("stringData") or {})), b"").decode()
        answer = ask.execute(
            "investigate", "the mobile app shows no connections", "--server", url, *(["--ca", authority] if authority else []), "-o", "json",
            SRE_API_KEY=key)
        causes = (json.loads(answer.stdout or "{}").get("report") or {}).get("root_causes", [])
        if not causes or causes[0]["cause"] != CAUSE:
            fail(f"the incident is answered with {answer.returncode}: {answer.stdout[:500]} {answer.stderr[-500:]}")
        checks.append(f"an incident over the Service ends with {CAUSE}")

        for pod in pods.values():
            pod.process.send_signal(signal.SIGTERM)
        codes = [pod.process.wait(40) for pod in pods.values()]
        if any(codes):
            fail(f"the services end with {codes}")
        checks.append("both end in order on SIGTERM")
        print("rehearse-install: " + "; ".join(checks))
    except SystemExit:
        log.flush()
        with open(log.name, errors="replace") as file:
            print("".join(file.readlines()[-15:]), file=sys.stderr)
        raise
    finally:
        for process in reversed(running):
            if process.poll() is None:
                process.kill()
                process.wait()
        subprocess.run(f"grep -o '{directory}[^ ]*' /proc/mounts | sort -r | xargs -r -n1 umount -l", shell=True, stderr=subprocess.DEVNULL)


main()
