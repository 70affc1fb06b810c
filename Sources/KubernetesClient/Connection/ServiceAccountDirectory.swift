/// The service account that Kubernetes mounts into a pod.
struct ServiceAccountDirectory: Sendable {
    /// Where every pod finds it.
    static let mountPath = "/var/run/secrets/kubernetes.io/serviceaccount"

    let path: String

    /// The connection of the pod's own cluster. The token is read again as it rotates.
    func connection(environment: [String: String]) throws(ClusterReadError) -> ClusterConnection {
        let host = environment["KUBERNETES_SERVICE_HOST"] ?? ""
        let port = environment["KUBERNETES_SERVICE_PORT"] ?? "443"
        let authority = host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
        let address = try ServerAddress("https://\(authority):\(port)", in: "KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT")
        let token = TokenFile(path: path + "/token", fallback: nil)
        // A missing token is a wrong set-up that no later request can mend: say so now.
        _ = try token.read()
        let bundle = path + "/ca.crt"
        let tls = TLSSettings(
            authorities: try TLSSettings.authorities(
                pem: BoundedFile.read(bundle, as: "the service account's certificate authority"), from: bundle))
        // Absent where a pod mounts a projected token only; `default` will do.
        let namespace = try? BoundedFile.text(path + "/namespace", as: "the service account's namespace")
        return ClusterConnection(
            displayName: "in-cluster", namespace: namespace, address: address, credentials: .tokenFile(token), tls: tls)
    }
}
