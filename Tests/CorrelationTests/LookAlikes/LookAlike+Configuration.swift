import ClusterModel
import IncidentModel
import TestSupport

extension LookAlike {
    /// Settings that are not there, or are there and wrong.
    static let configuration: [LookAlike] = [
        LookAlike(
            cause: .configMapNotFound, object: web, details: ["container": "web", "reference": "web-confg"],
            fault: {
                var cluster = refused("configmap \"web-confg\" not found", ContainerShape("web", envFrom: [.configMap("web-confg")]))
                cluster.configMap("web-config", ["MODE": "fast"])
                return cluster
            },
            twinIs: "an optional ConfigMap beside a Secret that is missing", twinCause: .secretNotFound,
            twin: {
                let sources: JSONNode = [
                    ["configMapRef": ["name": "tuning", "optional": true]], ["secretRef": ["name": "db-login"]],
                ]
                return refused("secret \"db-login\" not found", ContainerShape("web", more: ["envFrom": sources]))
            }),
        LookAlike(
            cause: .configMapNotFound, object: web, details: ["reference": "web-config"],
            fault: { mounting(.configMap("settings", name: "web-config"), "configmap \"web-config\" not found") },
            twinIs: "a kubelet that cannot ask for a ConfigMap which is there", twinCause: nil,
            twin: {
                var cluster = mounting(
                    .configMap("settings", name: "web-config"), "failed to sync configmap cache: timed out waiting for the condition",
                    minutesOld: 2)
                cluster.configMap("web-config", ["web.yaml": "mode: fast"])
                return cluster
            }),
        LookAlike(
            cause: .secretNotFound, object: web, details: ["reference": "web-tls"],
            fault: { mounting(.secret("settings", name: "web-tls"), "secret \"web-tls\" not found") },
            twinIs: "a pull Secret that is missing", twinCause: .imagePullUnauthorized, twin: { withoutPullSecret() }),
        LookAlike(
            cause: .configKeyNotFound, object: web, details: ["reference": "db-login", "key": "passwrd", "expected": "password"],
            fault: {
                var cluster = refused("couldn't find key passwrd in Secret shop/db-login", withPassword)
                cluster.secret("db-login", keys: ["password", "user"])
                return cluster
            },
            twinIs: "a Secret that is missing as a whole", twinCause: .secretNotFound,
            twin: { refused("secret \"db-login\" not found", withPassword) }),
        LookAlike(
            cause: .configKeyNotFound, object: web, details: ["reference": "web-config", "key": "web.yaml"],
            fault: {
                let source: JSONNode = ["configMap": ["name": "web-config", "items": [["key": "web.yaml", "path": "web.yaml"]]]]
                var cluster = mounting(.other("settings", source), "configmap references non-existent config key: web.yaml")
                cluster.configMap("web-config", ["web.yml": "mode: fast"])
                return cluster
            },
            twinIs: "a file that the program misses in a ConfigMap mounted as a whole", twinCause: .configurationMissing,
            twin: {
                var cluster = dying(
                    "2026/11/23 18:59:01 open /etc/web/web.yaml: no such file or directory", mounted,
                    volumes: [.configMap("settings", name: "web-config")])
                cluster.configMap("web-config", ["web.yml": "mode: fast"])
                return cluster
            }),
        LookAlike(
            cause: .configurationMissing, object: web, details: ["container": "web", "key": "PAYMENT_URL"],
            fault: {
                dying("2026/11/23 18:59:01 required key PAYMENT_URL missing value", ContainerShape("web", env: ["PORT": "8080"]))
            },
            twinIs: "a variable that is set and cannot be read", twinCause: .configurationInvalid,
            twin: {
                let details = "details: strconv.ParseInt: parsing \"eighty\": invalid syntax"
                return dying(
                    "2026/11/23 18:59:01 envconfig.Process: assigning PORT to Port: converting 'eighty' to type int. \(details)",
                    ContainerShape("web", env: ["PORT": "eighty"]))
            }),
        LookAlike(
            cause: .configurationMissing, object: web, details: ["path": "/etc/web/config.yaml"],
            fault: { dying("2026/11/23 18:59:01 open /etc/web/config.yaml: no such file or directory") },
            twinIs: "a file that is there and may not be read", twinCause: .filePermissionDenied,
            twin: {
                dying(
                    "2026/11/23 18:59:01 open /etc/web/config.yaml: permission denied",
                    ContainerShape("web", ports: [8080], more: ["securityContext": ["runAsUser": 1000]]))
            }),
        LookAlike(
            cause: .configurationInvalid, object: web, details: ["container": "web", "reference": "web-nginx"],
            fault: {
                var cluster = proxy("proxy_passs", "unknown directive \"proxy_passs\"")
                cluster.service("cart", port: 8080)
                return cluster
            },
            twinIs: "a correct file that names a Service which is gone", twinCause: .serviceNotFound,
            twin: { proxy("proxy_pass", "host not found in upstream \"cart:8080\"") }),
        LookAlike(
            cause: .configurationInvalid, object: web, details: ["field": "args", "found": "-cache-ttl"],
            fault: {
                let usage = "Usage of /app/web:\n  -listen string\n    \taddress to listen on\n  -timeout duration"
                return dying(
                    "flag provided but not defined: -cache-ttl\n\(usage)", ContainerShape("web", args: ["-cache-ttl=5s"]), exit: .init(2))
            },
            twinIs: "a panic that ends with the same exit code", twinCause: .applicationError,
            twin: {
                let trace = "goroutine 1 [running]:\nmain.prices(...)\n\t/src/prices.go:41 +0x1d\nmain.main()\n\t/src/main.go:12 +0x2f"
                return dying(
                    "panic: runtime error: index out of range [5] with length 3\n\n\(trace)",
                    ContainerShape("web", args: ["-cache-ttl=5s"]), exit: .init(2))
            }),
    ]
}

private let web = "Deployment shop/web"
private let withPassword = ContainerShape(
    "web", envFrom: [.secretKey(variable: "DB_PASSWORD", name: "db-login", key: "passwrd")], ports: [8080])
private let mounted = ContainerShape("web", ports: [8080], mounts: ["settings": "/etc/web"])

/// A Deployment `web` that the kubelet cannot make the container of.
private func refused(_ message: String, _ container: ContainerShape) -> ClusterBuilder {
    var cluster = ClusterBuilder()
    let pods = cluster.deployment("web", TemplateShape([container]), pods: [.waiting("CreateContainerConfigError", message)])
    cluster.service("web", port: 8080)
    cluster.event(
        "Failed", about: ObjectReference(kind: "Pod", namespace: "shop", name: pods[0]), "Error: \(message)", count: 12, container: "web")
    return cluster
}

/// A Deployment `web` whose volume cannot be set up.
private func mounting(_ volume: VolumeShape, _ error: String, minutesOld: Double = 10) -> ClusterBuilder {
    var cluster = ClusterBuilder()
    let template = TemplateShape([mounted], volumes: [volume])
    let pods = cluster.deployment("web", template, pods: [.creating(minutesOld: minutesOld)], minutesOld: minutesOld)
    cluster.service("web", port: 8080)
    cluster.event(
        "FailedMount", about: ObjectReference(kind: "Pod", namespace: "shop", name: pods[0]),
        "MountVolume.SetUp failed for volume \"settings\" : \(error)", count: 9, minutesAgo: 1, firstMinutesAgo: minutesOld)
    return cluster
}

/// A Deployment `web` that keeps ending with these last words.
private func dying(
    _ words: String, _ container: ContainerShape = ContainerShape("web", ports: [8080]), volumes: [VolumeShape] = [],
    exit: ContainerState.Exit = .init(1, afterSeconds: 1)
) -> ClusterBuilder {
    var cluster = ClusterBuilder()
    let pods = cluster.deployment("web", TemplateShape([container], volumes: volumes), pods: [.crashLooping(exit)])
    cluster.service("web", port: 8080)
    cluster.event(
        "BackOff", about: ObjectReference(kind: "Pod", namespace: "shop", name: pods[0]),
        "Back-off restarting failed container web in pod \(pods[0])_shop(uid)", count: 20, container: "web")
    cluster.log("web", previous: true, words)
    return cluster
}

/// An nginx in front of `cart` that does not start; the Service of `cart` is missing.
private func proxy(_ directive: String, _ error: String) -> ClusterBuilder {
    let place = "in /etc/nginx/conf.d/default.conf:4"
    var cluster = dying(
        "2026/11/23 18:59:01 [emerg] 1#1: \(error) \(place)\nnginx: [emerg] \(error) \(place)",
        ContainerShape("web", ports: [8080], mounts: ["settings": "/etc/nginx/conf.d"]),
        volumes: [.configMap("settings", name: "web-nginx")])
    let file = "server {\n  listen 8080;\n  location / {\n    \(directive) http://cart:8080;\n  }\n}\n"
    cluster.configMap("web-nginx", ["default.conf": file])
    cluster.server("cart")
    return cluster
}

/// A Deployment `web` that may not pull, for want of the Secret that it names.
private func withoutPullSecret() -> ClusterBuilder {
    var cluster = ClusterBuilder()
    let image = "registry.example.com/shop/web:2.4.1"
    let template = TemplateShape([ContainerShape("web", image: image)], more: ["imagePullSecrets": [["name": "regcred"]]])
    let error = "failed to authorize: failed to fetch anonymous token: unexpected status: 401 Unauthorized"
    let pods = cluster.deployment(
        "web", template, pods: [.waiting("ImagePullBackOff", "Back-off pulling image \"\(image)\": ErrImagePull: \(error)")])
    cluster.service("web", port: 8080)
    let pod = ObjectReference(kind: "Pod", namespace: "shop", name: pods[0])
    cluster.event(
        "FailedToRetrieveImagePullSecret", about: pod,
        "Unable to retrieve some image pull secrets (regcred); attempting to pull the image may not succeed.", count: 12)
    cluster.event("Failed", about: pod, "Failed to pull image \"\(image)\": \(error)", count: 4, container: "web")
    return cluster
}
