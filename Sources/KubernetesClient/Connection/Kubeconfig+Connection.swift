import FoundationEssentials

extension Kubeconfig {
    /// The connection that a context describes, with every file it names read and checked.
    /// - Parameter name: the context; `nil` takes `current-context`.
    func connection(context name: String?, environment: [String: String]) throws(ClusterReadError) -> ClusterConnection {
        let known = contexts.keys.sorted().prefix(20).map { HostileText.line($0, limit: 100) }.joined(separator: ", ")
        guard let name = name ?? currentContext else {
            throw .configuration(
                "\(title) has no current-context; "
                    + (known.isEmpty ? "it defines no context either" : "choose one with --context: \(known)"))
        }
        guard let context = contexts[name] else {
            throw .configuration(
                "\(title) has no context \"\(HostileText.line(name, limit: 100))\"; "
                    + (known.isEmpty ? "it defines none" : "it has: \(known)"))
        }
        guard let clusterName = context.cluster else { throw .configuration("\(context.place) names no cluster") }
        guard let cluster = clusters[clusterName] else {
            throw .configuration("\(context.place): its cluster \"\(HostileText.line(clusterName, limit: 100))\" is not defined")
        }
        var tls = try cluster.tls()
        let address = try cluster.address()
        var credentials = ClusterCredentials.anonymous
        if let userName = context.user {
            guard let user = users[userName] else {
                throw .configuration("\(context.place): its user \"\(HostileText.line(userName, limit: 100))\" is not defined")
            }
            tls.identity = try user.identity()
            credentials = try user.credentials(for: cluster, environment: environment)
        }
        return ClusterConnection(
            displayName: HostileText.line(name, limit: 200), namespace: context.namespace, address: address, credentials: credentials,
            tls: tls)
    }
}

extension Kubeconfig.Cluster {
    fileprivate func address() throws(ClusterReadError) -> ServerAddress {
        if proxyURL != nil {
            throw .configuration("\(place): proxy-url is not supported; remove it and make the API server reachable directly")
        }
        guard let server else { throw .configuration("\(place) has no server") }
        return try ServerAddress(server, in: "\(place): server")
    }

    fileprivate func tls() throws(ClusterReadError) -> TLSSettings {
        var settings = TLSSettings(serverName: serverName, skipsVerification: skipsVerification)
        let bundle = try KubeconfigMaterial.bytes(
            data: authorityData, file: authorityFile, directory: directory, member: "certificate-authority", place: place)
        if let bundle {
            guard !skipsVerification else {
                throw .configuration("\(place): insecure-skip-tls-verify and a certificate authority exclude each other; remove one")
            }
            settings.authorities = try TLSSettings.authorities(pem: bundle, from: "\(place): certificate-authority")
        }
        return settings
    }
}

extension Kubeconfig.User {
    fileprivate func identity() throws(ClusterReadError) -> ClientIdentity? {
        let certificate = try KubeconfigMaterial.bytes(
            data: certificateData, file: certificateFile, directory: directory, member: "client-certificate", place: place)
        let key = try KubeconfigMaterial.bytes(data: keyData, file: keyFile, directory: directory, member: "client-key", place: place)
        switch (certificate, key) {
        case (nil, nil): return nil
        case (let certificate?, let key?): return try ClientIdentity(certificatePEM: certificate, keyPEM: key, from: place)
        case (nil, _): throw .configuration("\(place) has a client-key without client-certificate")
        case (_, nil): throw .configuration("\(place) has a client-certificate without client-key")
        }
    }

    fileprivate func credentials(
        for cluster: Kubeconfig.Cluster, environment: [String: String]
    ) throws(ClusterReadError) -> ClusterCredentials {
        if let authProvider {
            throw .configuration(
                "\(place): auth-provider \"\(HostileText.line(authProvider, limit: 60))\" is not supported, nor by kubectl since 1.26; "
                    + "use an exec credential plugin or a token")
        }
        if impersonates {
            throw .configuration("\(place): impersonation (as, as-groups) is not supported; use a user of its own")
        }
        let hasToken = token != nil || tokenFile != nil
        if hasToken, username != nil {
            throw .configuration("\(place) has both a token and a username; keep one")
        }
        if let tokenFile {
            let fallback = try token.map { text throws(ClusterReadError) in try BearerToken(text, from: "\(place): token") }
            let file = TokenFile(path: KubeconfigMaterial.absolute(tokenFile, in: directory), fallback: fallback)
            if fallback == nil { _ = try file.read() }
            return .tokenFile(file)
        }
        if let token { return .token(try BearerToken(token, from: "\(place): token")) }
        if let username { return .basic(username: username, password: password ?? "") }
        if let exec { return .exec(try exec.plugin(place: place, directory: directory, cluster: cluster, environment: environment)) }
        return .anonymous
    }
}

/// Reading what a kubeconfig holds either as base64 data or as the path of a file.
enum KubeconfigMaterial {
    /// - Returns: the data where both are given, as with kubectl; `nil` where neither is.
    static func bytes(
        data: String?, file: String?, directory: String, member: String, place: String
    ) throws(ClusterReadError) -> [UInt8]? {
        if let data {
            guard let decoded = Data(base64Encoded: data.filter { !$0.isWhitespace }), !decoded.isEmpty else {
                throw .configuration("\(place): \(member)-data is not base64")
            }
            return [UInt8](decoded)
        }
        return try file.map { path throws(ClusterReadError) in
            try BoundedFile.read(absolute(path, in: directory), as: "\(place): \(member)")
        }
    }

    /// Paths of a kubeconfig are relative to the file they stand in.
    static func absolute(_ path: String, in directory: String) -> String {
        path.hasPrefix("/") ? path : "\(directory)/\(path)"
    }
}
