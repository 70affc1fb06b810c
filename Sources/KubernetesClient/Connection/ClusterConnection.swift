import FoundationEssentials

/// Where one cluster's API is, and how to log in to it: everything that `KubernetesAPI` needs.
///
/// Made from a kubeconfig, from a pod's service account, or from a plain address. Its description names the cluster and
/// shows no credential.
public struct ClusterConnection: Sendable {
    /// The kubeconfig context, `in-cluster`, or the address.
    public let displayName: String
    /// The namespace that the context or the service account belongs to; `default` where none is named.
    public let namespace: String
    let address: ServerAddress
    let credentials: ClusterCredentials
    let tls: TLSSettings

    init(
        displayName: String, namespace: String?, address: ServerAddress, credentials: ClusterCredentials, tls: TLSSettings
    ) {
        self.displayName = displayName
        self.namespace = namespace.flatMap { $0.isEmpty ? nil : $0 } ?? "default"
        self.address = address
        self.credentials = credentials
        self.tls = tls
    }

    /// A connection to a plain address, e.g. that of a replayed snapshot on loopback.
    /// - Parameters:
    ///   - server: `http://…` or `https://…`; TLS is verified against the system's authorities.
    ///   - token: bearer token; `nil` sends none.
    /// - Throws: `.configuration` when the address or the token cannot be used.
    public init(server: String, token: String? = nil, namespace: String? = nil) throws(ClusterReadError) {
        self.init(
            displayName: server, namespace: namespace, address: try ServerAddress(server, in: "the cluster connection"),
            credentials: try token.map { text throws(ClusterReadError) in .token(try BearerToken(text, from: "the given token")) }
                ?? .anonymous,
            tls: TLSSettings())
    }

    /// The address of the API server.
    public var server: String { address.text }

    /// Finds the cluster to talk to: the explicit kubeconfig, else the files of `KUBECONFIG`, else `~/.kube/config`, else
    /// the service account of the pod this runs in.
    /// - Parameters:
    ///   - kubeconfig: path of a kubeconfig file, e.g. of a `--kubeconfig` flag.
    ///   - context: name of a kubeconfig context; `nil` takes the file's `current-context`.
    ///   - environment: the variables `KUBECONFIG`, `HOME`, `PATH`, `KUBERNETES_SERVICE_HOST` and `KUBERNETES_SERVICE_PORT` are read.
    /// - Throws: `.configuration`, naming the file and what to fix, or what was looked for.
    public static func resolve(
        kubeconfig: String?, context: String?, environment: [String: String]
    ) throws(ClusterReadError) -> ClusterConnection {
        try resolve(
            kubeconfig: kubeconfig, context: context, environment: environment,
            serviceAccount: ServiceAccountDirectory(path: ServiceAccountDirectory.mountPath))
    }

    static func resolve(
        kubeconfig: String?, context: String?, environment: [String: String], serviceAccount: ServiceAccountDirectory
    ) throws(ClusterReadError) -> ClusterConnection {
        if let kubeconfig, !kubeconfig.isEmpty {
            return try Kubeconfig.load(file: expandingHome(kubeconfig, environment)).connection(context: context, environment: environment)
        }
        let listed = (environment["KUBECONFIG"] ?? "").split(separator: ":").map { expandingHome(String($0), environment) }
        if !listed.isEmpty {
            return try Kubeconfig.load(list: listed).connection(context: context, environment: environment)
        }
        let home = environment["HOME"].flatMap { $0.isEmpty ? nil : $0 + "/.kube/config" }
        if let home, FileManager.default.fileExists(atPath: home) {
            return try Kubeconfig.load(file: home).connection(context: context, environment: environment)
        }
        if let context {
            throw .configuration("context \"\(context)\" needs a kubeconfig: name one with --kubeconfig or KUBECONFIG")
        }
        guard environment["KUBERNETES_SERVICE_HOST"]?.isEmpty == false else {
            throw .configuration(
                "no cluster to talk to: give --kubeconfig, set KUBECONFIG, or create \(home ?? "~/.kube/config"); "
                    + "inside a cluster KUBERNETES_SERVICE_HOST must be set")
        }
        return try serviceAccount.connection(environment: environment)
    }

    private static func expandingHome(_ path: String, _ environment: [String: String]) -> String {
        guard path.hasPrefix("~/"), let home = environment["HOME"] else { return path }
        return home + path.dropFirst()
    }
}

extension ClusterConnection: CustomStringConvertible, CustomReflectable {
    public var description: String { "\(displayName) (\(server))" }

    /// Shows no member, so that no dump of a value shows a credential.
    public var customMirror: Mirror { Mirror(self, children: ["displayName": displayName, "server": server]) }
}
