import FoundationEssentials

/// The clusters, users and contexts of one or several kubeconfig files.
struct Kubeconfig: Sendable {
    /// A named cluster entry.
    struct Cluster: Sendable {
        let place: String
        let directory: String
        var server: String?
        var authorityData: String?
        var authorityFile: String?
        var skipsVerification = false
        var serverName: String?
        var proxyURL: String?
    }

    /// A named user entry.
    struct User: Sendable {
        let place: String
        let directory: String
        var token: String?
        var tokenFile: String?
        var certificateData: String?
        var certificateFile: String?
        var keyData: String?
        var keyFile: String?
        var username: String?
        var password: String?
        var exec: ExecSettings?
        var authProvider: String?
        var impersonates = false
    }

    /// The `exec` part of a user entry, as written.
    struct ExecSettings: Sendable {
        var apiVersion: String?
        var command: String?
        var arguments: [String] = []
        var environment: [String: String] = [:]
        var installHint: String?
        var interactiveMode: String?
        var providesClusterInfo = false
    }

    /// A named context entry.
    struct Context: Sendable {
        let place: String
        var cluster: String?
        var user: String?
        var namespace: String?
    }

    /// The files this was read from, for errors.
    var files: [String]
    var clusters: [String: Cluster] = [:]
    var users: [String: User] = [:]
    var contexts: [String: Context] = [:]
    var currentContext: String?

    /// Bytes of one file; more than thousands of clusters need, and little enough for the YAML reader.
    static let sizeLimit = 4 << 20

    /// Reads one file, which must exist.
    static func load(file: String) throws(ClusterReadError) -> Kubeconfig {
        let bytes = try BoundedFile.read(file, limit: sizeLimit, as: "kubeconfig")
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .configuration("kubeconfig \(file) is not UTF-8 text")
        }
        return try Kubeconfig(parsing: text, file: file)
    }

    /// Reads the files of a `KUBECONFIG` list and merges them; as with kubectl, files that do not exist are passed over.
    static func load(list: [String]) throws(ClusterReadError) -> Kubeconfig {
        var merged = Kubeconfig(files: [])
        for file in list where FileManager.default.fileExists(atPath: file) {
            merged.merge(try load(file: file))
        }
        guard !merged.files.isEmpty else {
            throw .configuration("KUBECONFIG names no file that exists: \(list.joined(separator: ", "))")
        }
        return merged
    }

    /// Takes over what is not here yet: the first file that sets a name wins.
    mutating func merge(_ other: Kubeconfig) {
        files += other.files
        clusters.merge(other.clusters) { first, _ in first }
        users.merge(other.users) { first, _ in first }
        contexts.merge(other.contexts) { first, _ in first }
        currentContext = currentContext ?? other.currentContext
    }

    /// How errors call this configuration.
    var title: String { "kubeconfig \(files.joined(separator: ", "))" }
}
