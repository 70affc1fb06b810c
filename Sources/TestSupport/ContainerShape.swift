/// A container of a test's pod template, in the words a test needs; `more` takes whatever else a container has.
public struct ContainerShape: Sendable {
    public var name: String
    public var image: String
    public var command: [String] = []
    public var args: [String] = []
    /// Plain values by name.
    public var env: [String: String] = [:]
    /// Variables taken from elsewhere.
    public var envFrom: [EnvironmentShape] = []
    public var ports: [Int] = []
    public var requests: [String: String] = [:]
    public var limits: [String: String] = [:]
    /// Mount paths by volume name.
    public var mounts: [String: String] = [:]
    public var readiness: ProbeShape?
    public var liveness: ProbeShape?
    public var startup: ProbeShape?
    /// Merged into the container at the end.
    public var more: JSONNode = [:]

    public init(
        _ name: String, image: String = "registry.example.com/app:1.0.0", command: [String] = [], args: [String] = [],
        env: [String: String] = [:], envFrom: [EnvironmentShape] = [], ports: [Int] = [], requests: [String: String] = [:],
        limits: [String: String] = [:], mounts: [String: String] = [:], readiness: ProbeShape? = nil, liveness: ProbeShape? = nil,
        startup: ProbeShape? = nil, more: JSONNode = [:]
    ) {
        self.name = name
        self.image = image
        self.command = command
        self.args = args
        self.env = env
        self.envFrom = envFrom
        self.ports = ports
        self.requests = requests
        self.limits = limits
        self.mounts = mounts
        self.readiness = readiness
        self.liveness = liveness
        self.startup = startup
        self.more = more
    }

    /// An init container that stays: a native sidecar.
    var isSidecar: Bool { more["restartPolicy"] == "Always" }

    var node: JSONNode {
        var node: JSONNode = ["name": .string(name), "image": .string(image), "imagePullPolicy": "IfNotPresent"]
        if !command.isEmpty { node["command"] = .array(command.map(JSONNode.string)) }
        if !args.isEmpty { node["args"] = .array(args.map(JSONNode.string)) }
        if !ports.isEmpty { node["ports"] = .array(ports.map { ["containerPort": .int($0), "protocol": "TCP"] }) }
        let plain = env.sorted { $0.key < $1.key }.map {
            JSONNode(dictionaryLiteral: ("name", .string($0.key)), ("value", .string($0.value)))
        }
        let variables = plain + envFrom.compactMap(\.variable)
        if !variables.isEmpty { node["env"] = .array(variables) }
        let sources = envFrom.compactMap(\.source)
        if !sources.isEmpty { node["envFrom"] = .array(sources) }
        var resources: JSONNode = [:]
        if !requests.isEmpty { resources["requests"] = .strings(requests) }
        if !limits.isEmpty { resources["limits"] = .strings(limits) }
        node["resources"] = resources
        if !mounts.isEmpty {
            node["volumeMounts"] = .array(
                mounts.sorted { $0.key < $1.key }.map { ["name": .string($0.key), "mountPath": .string($0.value)] })
        }
        node["readinessProbe"] = readiness?.node
        node["livenessProbe"] = liveness?.node
        node["startupProbe"] = startup?.node
        return node.merged(with: more)
    }
}

/// A variable, or many, taken from a ConfigMap or Secret.
public enum EnvironmentShape: Sendable {
    case configMapKey(variable: String, name: String, key: String)
    case secretKey(variable: String, name: String, key: String)
    /// All keys of a ConfigMap.
    case configMap(String)
    /// All keys of a Secret.
    case secret(String)

    var variable: JSONNode? {
        switch self {
        case .configMapKey(let variable, let name, let key):
            ["name": .string(variable), "valueFrom": ["configMapKeyRef": ["name": .string(name), "key": .string(key)]]]
        case .secretKey(let variable, let name, let key):
            ["name": .string(variable), "valueFrom": ["secretKeyRef": ["name": .string(name), "key": .string(key)]]]
        case .configMap, .secret: nil
        }
    }

    var source: JSONNode? {
        switch self {
        case .configMap(let name): ["configMapRef": ["name": .string(name)]]
        case .secret(let name): ["secretRef": ["name": .string(name)]]
        case .configMapKey, .secretKey: nil
        }
    }
}

/// A probe of a container.
public struct ProbeShape: Sendable {
    var node: JSONNode

    public static func http(_ path: String, port: Int, delay: Int = 0, period: Int = 10, failures: Int = 3) -> ProbeShape {
        ProbeShape(
            node: ["httpGet": ["path": .string(path), "port": .int(port), "scheme": "HTTP"]], delay: delay, period: period,
            failures: failures)
    }

    public static func tcp(port: Int, delay: Int = 0, period: Int = 10, failures: Int = 3) -> ProbeShape {
        ProbeShape(node: ["tcpSocket": ["port": .int(port)]], delay: delay, period: period, failures: failures)
    }

    public static func exec(_ command: [String], delay: Int = 0, period: Int = 10, failures: Int = 3) -> ProbeShape {
        ProbeShape(node: ["exec": ["command": .array(command.map(JSONNode.string))]], delay: delay, period: period, failures: failures)
    }

    private init(node: JSONNode, delay: Int, period: Int, failures: Int) {
        self.node = node.merged(with: [
            "initialDelaySeconds": .int(delay), "periodSeconds": .int(period), "failureThreshold": .int(failures), "successThreshold": 1,
            "timeoutSeconds": 1,
        ])
    }
}

/// A volume of a pod template.
public struct VolumeShape: Sendable {
    let node: JSONNode

    public static func configMap(_ volume: String, name: String) -> VolumeShape {
        VolumeShape(node: ["name": .string(volume), "configMap": ["name": .string(name)]])
    }

    public static func secret(_ volume: String, name: String) -> VolumeShape {
        VolumeShape(node: ["name": .string(volume), "secret": ["secretName": .string(name)]])
    }

    public static func claim(_ volume: String, name: String) -> VolumeShape {
        VolumeShape(node: ["name": .string(volume), "persistentVolumeClaim": ["claimName": .string(name)]])
    }

    public static func emptyDir(_ volume: String, sizeLimit: String? = nil) -> VolumeShape {
        VolumeShape(node: ["name": .string(volume), "emptyDir": sizeLimit.map { ["sizeLimit": .string($0)] } ?? [:]])
    }

    /// Any other source, as in a manifest.
    public static func other(_ volume: String, _ source: JSONNode) -> VolumeShape {
        VolumeShape(node: JSONNode.object([.init("name", .string(volume))]).merged(with: source))
    }
}

/// A pod template.
public struct TemplateShape: Sendable {
    public var containers: [ContainerShape]
    public var initContainers: [ContainerShape] = []
    public var volumes: [VolumeShape] = []
    public var labels: [String: String] = [:]
    public var annotations: [String: String] = [:]
    public var serviceAccount: String?
    public var nodeSelector: [String: String] = [:]
    /// Merged into the pod spec at the end.
    public var more: JSONNode = [:]

    public init(
        _ containers: [ContainerShape], initContainers: [ContainerShape] = [], volumes: [VolumeShape] = [], labels: [String: String] = [:],
        annotations: [String: String] = [:], serviceAccount: String? = nil, nodeSelector: [String: String] = [:], more: JSONNode = [:]
    ) {
        self.containers = containers
        self.initContainers = initContainers
        self.volumes = volumes
        self.labels = labels
        self.annotations = annotations
        self.serviceAccount = serviceAccount
        self.nodeSelector = nodeSelector
        self.more = more
    }

    var spec: JSONNode {
        var spec: JSONNode = ["containers": .array(containers.map(\.node)), "restartPolicy": "Always"]
        if !initContainers.isEmpty { spec["initContainers"] = .array(initContainers.map(\.node)) }
        if !volumes.isEmpty { spec["volumes"] = .array(volumes.map(\.node)) }
        if !nodeSelector.isEmpty { spec["nodeSelector"] = .strings(nodeSelector) }
        spec["serviceAccountName"] = .string(serviceAccount ?? "default")
        return spec.merged(with: more)
    }
}
