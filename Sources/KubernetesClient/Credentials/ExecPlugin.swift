import FastJSON
import FoundationEssentials

/// A credential plugin: a program that prints an `ExecCredential`.
/// Source: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
struct ExecPlugin: Sendable {
    /// Whose plugin it is, for errors.
    let place: String
    let apiVersion: String
    let executable: String
    let arguments: [String]
    let environment: [String: String]
    let installHint: String?
    /// How long one run may take.
    var deadline: Duration = .seconds(30)

    static let acceptedVersions = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"]

    /// How errors call the plugin, with what its author says about getting it.
    func failure(_ words: String, withHint: Bool = true) -> ClusterReadError {
        let hint = withHint ? installHint.map { " (\(HostileText.line($0, limit: 300)))" } ?? "" : ""
        return .configuration("\(place): the credential plugin \(executable) \(words)\(hint)")
    }
}

extension Kubeconfig.ExecSettings {
    /// Checks the settings and finds the program.
    func plugin(
        place: String, directory: String, cluster: Kubeconfig.Cluster, environment inherited: [String: String]
    ) throws(ClusterReadError) -> ExecPlugin {
        guard let command else { throw .configuration("\(place): exec names no command") }
        guard let apiVersion, ExecPlugin.acceptedVersions.contains(apiVersion) else {
            throw .configuration(
                "\(place): exec.apiVersion is \"\(HostileText.line(apiVersion ?? "", limit: 80))\", but must be one of "
                    + ExecPlugin.acceptedVersions.joined(separator: ", "))
        }
        guard interactiveMode != "Always" else {
            throw .configuration("\(place): the credential plugin wants a terminal (interactiveMode: Always), and there is none here")
        }
        let clusterInfo = providesClusterInfo ? try cluster.execInfo() : nil
        var variables = inherited.merging(environment) { $1 }
        variables["KUBERNETES_EXEC_INFO"] = JSONText.object([
            ("apiVersion", JSONText.quote(apiVersion)), ("kind", JSONText.quote("ExecCredential")),
            ("spec", JSONText.object((clusterInfo.map { [("cluster", $0)] } ?? []) + [("interactive", "false")])),
        ])
        let unresolved = ExecPlugin(
            place: place, apiVersion: apiVersion, executable: command, arguments: arguments, environment: variables,
            installHint: installHint)
        guard let executable = Self.find(command, in: directory, path: variables["PATH"] ?? "") else {
            throw unresolved.failure("is not installed: no such executable\(command.contains("/") ? "" : " in PATH")")
        }
        return ExecPlugin(
            place: place, apiVersion: apiVersion, executable: executable, arguments: arguments, environment: variables,
            installHint: installHint)
    }

    // As kubectl does: a name is looked up in PATH, a relative path starts at the kubeconfig's directory.
    private static func find(_ command: String, in directory: String, path: String) -> String? {
        let candidates =
            command.contains("/")
            ? [KubeconfigMaterial.absolute(command, in: directory)]
            : path.split(separator: ":").map { "\($0)/\(command)" }
        return candidates.first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}

extension Kubeconfig.Cluster {
    // `spec.cluster` of the ExecCredential that the plugin is handed.
    fileprivate func execInfo() throws(ClusterReadError) -> String {
        var members: [(key: String, json: String)] = [("server", JSONText.quote(server ?? ""))]
        if let serverName { members.append(("tls-server-name", JSONText.quote(serverName))) }
        if skipsVerification { members.append(("insecure-skip-tls-verify", "true")) }
        let bundle = try KubeconfigMaterial.bytes(
            data: authorityData, file: authorityFile, directory: directory, member: "certificate-authority", place: place)
        if let bundle { members.append(("certificate-authority-data", JSONText.quote(Data(bundle).base64EncodedString()))) }
        return JSONText.object(members)
    }
}
