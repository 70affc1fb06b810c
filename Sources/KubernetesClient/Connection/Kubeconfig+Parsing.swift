import FoundationEssentials
import Yams

extension Kubeconfig {
    /// Reads the YAML (or JSON) text of one file. Members it does not know are passed over.
    /// - Throws: `.configuration` naming file, line and member.
    init(parsing text: String, file: String) throws(ClusterReadError) {
        self.init(files: [file])
        guard let root = try YAMLFields(document: text, title: "kubeconfig \(file)") else { return }
        if let kind = try root.text("kind"), kind != "Config" {
            throw .configuration("kubeconfig \(file): kind is \"\(HostileText.line(kind, limit: 60))\", but must be Config")
        }
        let directory = URL(fileURLWithPath: file).deletingLastPathComponent().path
        currentContext = try root.text("current-context")
        for entry in try root.list("clusters") {
            let (name, place) = try Self.named(entry, "cluster", file)
            guard clusters[name] == nil else { continue }
            clusters[name] = try Cluster(entry.object("cluster"), place: place, directory: directory)
        }
        for entry in try root.list("users") {
            let (name, place) = try Self.named(entry, "user", file)
            guard users[name] == nil else { continue }
            users[name] = try User(entry.object("user"), place: place, directory: directory)
        }
        for entry in try root.list("contexts") {
            let (name, place) = try Self.named(entry, "context", file)
            guard contexts[name] == nil else { continue }
            let fields = try entry.object("context")
            contexts[name] = Context(
                place: place, cluster: try fields?.text("cluster"), user: try fields?.text("user"), namespace: try fields?.text("namespace")
            )
        }
    }

    private static func named(_ entry: YAMLFields, _ kind: String, _ file: String) throws(ClusterReadError) -> (name: String, place: String)
    {
        guard let name = try entry.text("name") else { throw entry.failure("has no name") }
        return (name, "kubeconfig \(file): \(kind) \"\(HostileText.line(name, limit: 200))\"")
    }
}

extension Kubeconfig.Cluster {
    fileprivate init(_ fields: YAMLFields?, place: String, directory: String) throws(ClusterReadError) {
        self.init(place: place, directory: directory)
        guard let fields else { return }
        server = try fields.text("server")
        authorityData = try fields.text("certificate-authority-data")
        authorityFile = try fields.text("certificate-authority")
        skipsVerification = try fields.bool("insecure-skip-tls-verify") ?? false
        serverName = try fields.text("tls-server-name")
        proxyURL = try fields.text("proxy-url")
    }
}

extension Kubeconfig.User {
    fileprivate init(_ fields: YAMLFields?, place: String, directory: String) throws(ClusterReadError) {
        self.init(place: place, directory: directory)
        guard let fields else { return }
        token = try fields.text("token")
        tokenFile = try fields.text("tokenFile")
        certificateData = try fields.text("client-certificate-data")
        certificateFile = try fields.text("client-certificate")
        keyData = try fields.text("client-key-data")
        keyFile = try fields.text("client-key")
        username = try fields.text("username")
        password = try fields.text("password")
        if let exec = try fields.object("exec") { self.exec = try Kubeconfig.ExecSettings(exec) }
        if let provider = try fields.object("auth-provider") { authProvider = try provider.text("name") ?? "unnamed" }
        impersonates = ["as", "as-uid", "as-groups", "as-user-extra"].contains { fields.has($0) }
    }
}

extension Kubeconfig.ExecSettings {
    fileprivate init(_ fields: YAMLFields) throws(ClusterReadError) {
        apiVersion = try fields.text("apiVersion")
        command = try fields.text("command")
        arguments = try fields.texts("args")
        for variable in try fields.list("env") {
            guard let name = try variable.text("name"), !name.contains("=") else { throw variable.failure("has no usable name") }
            environment[name] = try variable.text("value") ?? ""
        }
        installHint = try fields.text("installHint")
        interactiveMode = try fields.text("interactiveMode")
        providesClusterInfo = try fields.bool("provideClusterInfo") ?? false
    }
}
