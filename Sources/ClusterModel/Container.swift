public import FastJSON

/// A container as the pod template asks for it.
public struct Container: Sendable, Hashable {
    public enum Role: String, Sendable { case `init`, app, ephemeral }

    public struct Port: Sendable, Hashable {
        public let name: String?
        public let containerPort: Int
        public let hostPort: Int?
        public let `protocol`: String
    }

    public struct Mount: Sendable, Hashable {
        public let volume: String
        public let path: String
        public let subPath: String?
        public let isReadOnly: Bool
    }

    public let name: String
    public let role: Role
    public let image: String
    public let imagePullPolicy: String
    public let command: [String]
    public let args: [String]
    public let workingDirectory: String?
    public let ports: [Port]
    public let env: [EnvironmentVariable]
    public let envFrom: [EnvironmentSource]
    /// Quantities by resource name.
    public let requests: [String: String]
    public let limits: [String: String]
    public let mounts: [Mount]
    public let livenessProbe: Probe?
    public let readinessProbe: Probe?
    public let startupProbe: Probe?
    public let hasPostStartHook: Bool
    public let hasPreStopHook: Bool
    /// The command of the postStart hook, or its HTTP path.
    public let postStartHook: String?
    public let preStopHook: String?
    public let securityContext: SecurityContext
    /// `Always` on an init container makes it a native sidecar.
    public let restartPolicy: String?

    public init(_ json: JSONValue, role: Role) {
        name = json["name"].string ?? ""
        self.role = role
        image = json["image"].string ?? ""
        imagePullPolicy = json["imagePullPolicy"].string ?? ""
        command = json["command"].strings
        args = json["args"].strings
        workingDirectory = json["workingDir"].string
        ports = json["ports"].array.map {
            Port(
                name: $0["name"].string, containerPort: $0["containerPort"].int ?? 0, hostPort: $0["hostPort"].int,
                protocol: $0["protocol"].string ?? "TCP")
        }
        env = json["env"].array.map(EnvironmentVariable.init)
        envFrom = json["envFrom"].array.compactMap(EnvironmentSource.init)
        requests = json["resources", "requests"].quantities
        limits = json["resources", "limits"].quantities
        mounts = json["volumeMounts"].array.map {
            Mount(
                volume: $0["name"].string ?? "", path: $0["mountPath"].string ?? "", subPath: $0["subPath"].string,
                isReadOnly: $0["readOnly"].bool ?? false)
        }
        livenessProbe = Probe(json["livenessProbe"])
        readinessProbe = Probe(json["readinessProbe"])
        startupProbe = Probe(json["startupProbe"])
        let postStart = json["lifecycle", "postStart"]
        let preStop = json["lifecycle", "preStop"]
        hasPostStartHook = postStart.kind == .object
        hasPreStopHook = preStop.kind == .object
        postStartHook = Self.hook(postStart)
        preStopHook = Self.hook(preStop)
        securityContext = SecurityContext(json["securityContext"])
        restartPolicy = json["restartPolicy"].string
    }

    public var isNativeSidecar: Bool { role == .`init` && restartPolicy == "Always" }

    private static func hook(_ json: JSONValue) -> String? {
        let command = json["exec", "command"].strings
        return command.isEmpty ? json["httpGet", "path"].string : command.joined(separator: " ")
    }
}

/// One entry of `env`: a value, or where it comes from.
public struct EnvironmentVariable: Sendable, Hashable {
    public enum Source: Sendable, Hashable {
        case value(String)
        case configMapKey(name: String, key: String, isOptional: Bool)
        case secretKey(name: String, key: String, isOptional: Bool)
        case field(path: String)
        case resource(String)
    }

    public let name: String
    public let source: Source

    public init(_ json: JSONValue) {
        name = json["name"].string ?? ""
        let from = json["valueFrom"]
        let configMap = from["configMapKeyRef"]
        let secret = from["secretKeyRef"]
        if configMap.kind == .object {
            source = .configMapKey(
                name: configMap["name"].string ?? "", key: configMap["key"].string ?? "", isOptional: configMap["optional"].bool ?? false)
        } else if secret.kind == .object {
            source = .secretKey(
                name: secret["name"].string ?? "", key: secret["key"].string ?? "", isOptional: secret["optional"].bool ?? false)
        } else if let path = from["fieldRef", "fieldPath"].string {
            source = .field(path: path)
        } else if let resource = from["resourceFieldRef", "resource"].string {
            source = .resource(resource)
        } else {
            source = .value(json["value"].string ?? "")
        }
    }
}

/// One entry of `envFrom`.
public struct EnvironmentSource: Sendable, Hashable {
    public enum Kind: String, Sendable { case configMap = "ConfigMap", secret = "Secret" }

    public let kind: Kind
    public let name: String
    public let prefix: String
    public let isOptional: Bool

    public init?(_ json: JSONValue) {
        let configMap = json["configMapRef"]
        let reference = configMap.kind == .object ? configMap : json["secretRef"]
        guard reference.kind == .object else { return nil }
        kind = configMap.kind == .object ? .configMap : .secret
        name = reference["name"].string ?? ""
        prefix = json["prefix"].string ?? ""
        isOptional = reference["optional"].bool ?? false
    }
}

/// A port given as a number or as the name of a container port.
public enum PortReference: Sendable, Hashable, CustomStringConvertible {
    case number(Int)
    case name(String)

    public init?(_ json: JSONValue) {
        if let number = json.int {
            self = .number(number)
        } else if let name = json.string, !name.isEmpty {
            self = Int(name).map(PortReference.number) ?? .name(name)
        } else {
            return nil
        }
    }

    public var description: String {
        switch self {
        case .number(let number): String(number)
        case .name(let name): name
        }
    }
}

/// A liveness, readiness or startup probe.
public struct Probe: Sendable, Hashable {
    public enum Action: Sendable, Hashable {
        case http(scheme: String, host: String?, port: PortReference?, path: String)
        case tcp(host: String?, port: PortReference?)
        case grpc(port: Int, service: String?)
        case exec(command: [String])
        case unknown
    }

    public let action: Action
    public let initialDelaySeconds: Int
    public let timeoutSeconds: Int
    public let periodSeconds: Int
    public let successThreshold: Int
    public let failureThreshold: Int

    /// `nil` where there is no probe. Defaults are those of the API server.
    public init?(_ json: JSONValue) {
        guard json.kind == .object else { return nil }
        let http = json["httpGet"]
        let tcp = json["tcpSocket"]
        let grpc = json["grpc"]
        let exec = json["exec"]
        if http.kind == .object {
            action = .http(
                scheme: http["scheme"].string ?? "HTTP", host: http["host"].string, port: PortReference(http["port"]),
                path: http["path"].string ?? "/")
        } else if tcp.kind == .object {
            action = .tcp(host: tcp["host"].string, port: PortReference(tcp["port"]))
        } else if grpc.kind == .object {
            action = .grpc(port: grpc["port"].int ?? 0, service: grpc["service"].string)
        } else if exec.kind == .object {
            action = .exec(command: exec["command"].strings)
        } else {
            action = .unknown
        }
        initialDelaySeconds = json["initialDelaySeconds"].int ?? 0
        timeoutSeconds = json["timeoutSeconds"].int ?? 1
        periodSeconds = json["periodSeconds"].int ?? 10
        successThreshold = json["successThreshold"].int ?? 1
        failureThreshold = json["failureThreshold"].int ?? 3
    }

    public var port: PortReference? {
        switch action {
        case .http(_, _, let port, _), .tcp(_, let port): port
        case .grpc(let port, _): .number(port)
        case .exec, .unknown: nil
        }
    }

    /// Seconds from container start to the kill of a program that never answers.
    public var budgetSeconds: Int { initialDelaySeconds + failureThreshold * periodSeconds }
}

/// The parts of pod and container security contexts that decide whether a container can start and write.
public struct SecurityContext: Sendable, Hashable {
    public let runAsUser: Int?
    public let runAsGroup: Int?
    public let runAsNonRoot: Bool?
    public let readOnlyRootFilesystem: Bool?
    public let allowPrivilegeEscalation: Bool?
    public let isPrivileged: Bool?
    public let addedCapabilities: [String]
    public let droppedCapabilities: [String]
    public let fsGroup: Int?
    public let seccompType: String?
    public let seccompProfile: String?

    public init(_ json: JSONValue) {
        runAsUser = json["runAsUser"].int
        runAsGroup = json["runAsGroup"].int
        runAsNonRoot = json["runAsNonRoot"].bool
        readOnlyRootFilesystem = json["readOnlyRootFilesystem"].bool
        allowPrivilegeEscalation = json["allowPrivilegeEscalation"].bool
        isPrivileged = json["privileged"].bool
        addedCapabilities = json["capabilities", "add"].strings
        droppedCapabilities = json["capabilities", "drop"].strings
        fsGroup = json["fsGroup"].int
        seccompType = json["seccompProfile", "type"].string
        seccompProfile = json["seccompProfile", "localhostProfile"].string
    }
}

extension JSONValue {
    /// Quantities by resource name; numbers, which YAML writers produce, are read as their text.
    var quantities: [String: String] {
        Dictionary(members.compactMap { key, value in (value.string ?? value.int.map { String($0) }).map { (key, $0) } }) { $1 }
    }
}
