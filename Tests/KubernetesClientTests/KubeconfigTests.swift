import Foundation
import KubernetesClient
import Testing

@Suite struct KubeconfigTests {
    private static func minimal(cluster: String = "server: https://c:6443", user: String = "token: t", context: String = "namespace: shop")
        -> String
    {
        """
        apiVersion: v1
        kind: Config
        current-context: main
        clusters: [{name: c, cluster: {\(cluster)}}]
        users: [{name: u, user: {\(user)}}]
        contexts: [{name: main, context: {cluster: c, user: u, \(context)}}]
        """
    }

    private static func resolve(_ text: String, context: String? = nil, environment: [String: String] = [:]) throws -> ClusterConnection {
        let directory = try TemporaryDirectory()
        return try ClusterConnection.resolve(
            kubeconfig: directory.write("config", text), context: context, environment: environment)
    }

    /// The words of the error, with the path of the file taken out.
    private static func refusal(_ text: String, context: String? = nil, environment: [String: String] = [:]) throws -> String? {
        let directory = try TemporaryDirectory()
        let file = try directory.write("config", text)
        let error = failureOf { () throws(ClusterReadError) in
            try ClusterConnection.resolve(kubeconfig: file, context: context, environment: environment)
        }
        guard case .configuration(let message)? = error else { return nil }
        #expect(message.contains(directory.path), "the message names no file: \(message)")
        return message.replacingOccurrences(of: file, with: "FILE").replacingOccurrences(of: directory.path, with: "DIR")
    }

    private static func failureOf<Value>(_ operation: () throws(ClusterReadError) -> Value) -> ClusterReadError? {
        do throws(ClusterReadError) {
            _ = try operation()
            return nil
        } catch {
            return error
        }
    }

    @Test func `the current context gives server, namespace and name`() throws {
        let connection = try Self.resolve(Self.minimal())
        #expect(connection.server == "https://c:6443")
        #expect(connection.namespace == "shop")
        #expect(connection.displayName == "main")
    }

    @Test func `a context without a namespace means default`() throws {
        #expect(try Self.resolve(Self.minimal(context: "namespace: ''")).namespace == "default")
    }

    @Test func `a named context wins over the current one`() throws {
        let text = Self.minimal() + "\n"
        let two = text.replacingOccurrences(
            of: "contexts: [", with: "contexts: [{name: other, context: {cluster: c, namespace: elsewhere}}, ")
        #expect(try Self.resolve(two, context: "other").namespace == "elsewhere")
        #expect(try Self.resolve(two).namespace == "shop")
    }

    @Test func `a kubeconfig may be JSON`() throws {
        let text = #"""
            {"kind":"Config","current-context":"m","clusters":[{"name":"c","cluster":{"server":"http://h:1"}}],
             "contexts":[{"name":"m","context":{"cluster":"c"}}]}
            """#
        #expect(try Self.resolve(text).server == "http://h:1")
    }

    @Test func `files of KUBECONFIG are merged and the first that sets a name wins`() throws {
        let directory = try TemporaryDirectory()
        let first = try directory.write(
            "first", "current-context: b\nclusters: [{name: c, cluster: {server: 'https://first:1'}}]\n")
        let second = try directory.write(
            "second",
            """
            current-context: a
            clusters: [{name: c, cluster: {server: 'https://second:1'}}, {name: d, cluster: {server: 'https://second-d:1'}}]
            contexts: [{name: a, context: {cluster: c}}, {name: b, context: {cluster: d}}]
            """)
        let environment = ["KUBECONFIG": ":\(directory.path)/absent:\(first)::\(second)"]
        #expect(try ClusterConnection.resolve(kubeconfig: nil, context: nil, environment: environment).server == "https://second-d:1")
        #expect(try ClusterConnection.resolve(kubeconfig: nil, context: "a", environment: environment).server == "https://first:1")
    }

    @Test func `within one file too the first entry of a name wins`() throws {
        let text = Self.minimal().replacingOccurrences(
            of: "clusters: [", with: "clusters: [{name: c, cluster: {server: 'http://first:1'}}, ")
        #expect(try Self.resolve(text).server == "http://first:1")
    }

    @Test func `an explicit file wins over KUBECONFIG, that over the home directory`() throws {
        let directory = try TemporaryDirectory()
        try FileManager.default.createDirectory(atPath: directory.path + "/.kube", withIntermediateDirectories: true)
        try directory.write(".kube/config", Self.minimal(cluster: "server: https://home:1"))
        let listed = try directory.write("listed", Self.minimal(cluster: "server: https://listed:1"))
        let explicit = try directory.write("explicit", Self.minimal(cluster: "server: https://explicit:1"))
        var environment = ["HOME": directory.path, "KUBECONFIG": listed]
        #expect(try ClusterConnection.resolve(kubeconfig: explicit, context: nil, environment: environment).server == "https://explicit:1")
        #expect(
            try ClusterConnection.resolve(kubeconfig: "~/explicit", context: nil, environment: environment).server == "https://explicit:1")
        #expect(try ClusterConnection.resolve(kubeconfig: nil, context: nil, environment: environment).server == "https://listed:1")
        environment["KUBECONFIG"] = ""
        #expect(try ClusterConnection.resolve(kubeconfig: nil, context: nil, environment: environment).server == "https://home:1")
    }

    @Test func `nothing to go by names what was looked for`() throws {
        let nothing = Self.failureOf { () throws(ClusterReadError) in
            try ClusterConnection.resolve(kubeconfig: nil, context: nil, environment: ["HOME": "/nonexistent"])
        }
        #expect(nothing?.message.contains("--kubeconfig") == true)
        #expect(nothing?.message.contains("/nonexistent/.kube/config") == true)
        let listed = Self.failureOf { () throws(ClusterReadError) in
            try ClusterConnection.resolve(kubeconfig: nil, context: nil, environment: ["KUBECONFIG": "/nonexistent/a:/nonexistent/b"])
        }
        #expect(listed == .configuration("KUBECONFIG names no file that exists: /nonexistent/a, /nonexistent/b"))
        let absent = Self.failureOf { () throws(ClusterReadError) in
            try ClusterConnection.resolve(kubeconfig: "/nonexistent/a", context: nil, environment: [:])
        }
        #expect(absent == .configuration("kubeconfig /nonexistent/a cannot be read: there is no such file"))
        let directory = Self.failureOf { () throws(ClusterReadError) in
            try ClusterConnection.resolve(kubeconfig: "/", context: nil, environment: [:])
        }
        #expect(directory == .configuration("kubeconfig / cannot be read: it is a directory"))
        let context = Self.failureOf { () throws(ClusterReadError) in
            try ClusterConnection.resolve(kubeconfig: nil, context: "x", environment: [:])
        }
        #expect(context?.message.contains("needs a kubeconfig") == true)
    }

    struct Bad: Sendable, CustomTestStringConvertible {
        let text: String
        let words: String
        var testDescription: String { words }
    }

    static let bad: [Bad] = [
        Bad(text: "", words: "has no current-context; it defines no context either"),
        Bad(text: "- a\n- b\n", words: "must be a mapping"),
        Bad(text: "just text", words: "must be a mapping"),
        Bad(text: "a: [1,\nb: }", words: "FILE line 2"),
        Bad(text: "a: \"unterminated", words: "FILE line 1"),
        Bad(text: "kind: Config\nkind: Config\n", words: "line 1: the member kind stands there twice"),
        Bad(text: "kind: Pod\n", words: #"kind is "Pod", but must be Config"#),
        Bad(text: "clusters: 7\n", words: "line 1: clusters must be a list"),
        Bad(text: "clusters: [7]\n", words: "clusters[0] must be a mapping"),
        Bad(text: "kind: Config\nclusters:\n- cluster: {}\n", words: "line 3: clusters[0] has no name"),
        Bad(text: "current-context: [a]\n", words: "current-context must be text"),
        Bad(text: "contexts: [{name: a}, {name: b}]\n", words: "choose one with --context: a, b"),
        Bad(
            text: minimal(context: "x: y").replacingOccurrences(of: "current-context: main", with: "current-context: gone"),
            words: #"no context "gone"; it has: main"#),
        Bad(text: minimal().replacingOccurrences(of: "cluster: c,", with: ""), words: #"context "main" names no cluster"#),
        Bad(text: minimal().replacingOccurrences(of: "cluster: c,", with: "cluster: zz,"), words: #"its cluster "zz" is not defined"#),
        Bad(text: minimal().replacingOccurrences(of: "user: u,", with: "user: zz,"), words: #"its user "zz" is not defined"#),
        Bad(text: minimal(cluster: ""), words: #"cluster "c" has no server"#),
        Bad(text: minimal(cluster: "server: ftp://x"), words: "must look like https://host:6443"),
        Bad(text: minimal(cluster: "server: 'https://u:p@x'"), words: "without user name"),
        Bad(text: minimal(cluster: "server: 'https://x?a=b'"), words: "must look like"),
        Bad(text: minimal(cluster: "server: 'https://'"), words: "must look like"),
        Bad(text: minimal(cluster: "server: 'https://host:0'"), words: "must look like"),
        Bad(text: minimal(cluster: "server: 'https://host:65536'"), words: "must look like"),
        Bad(text: minimal(cluster: "server: 'not a url'"), words: "must look like"),
        Bad(text: minimal(cluster: "server: 'https://x', proxy-url: 'http://p'"), words: "proxy-url is not supported"),
        Bad(text: minimal(cluster: "server: 'https://x', insecure-skip-tls-verify: maybe"), words: "must be true or false"),
        Bad(
            text: minimal(cluster: "server: 'https://x', certificate-authority-data: '%%%'"),
            words: "certificate-authority-data is not base64"),
        Bad(text: minimal(cluster: "server: 'https://x', certificate-authority-data: aGVsbG8="), words: "holds no PEM certificate"),
        Bad(
            text: minimal(cluster: "server: 'https://x', certificate-authority: absent.crt"),
            words: "DIR/absent.crt cannot be read: there is no such file"),
        Bad(text: minimal(user: "auth-provider: {name: gcp}"), words: #"auth-provider "gcp" is not supported"#),
        Bad(text: minimal(user: "token: t, as: admin"), words: "impersonation"),
        Bad(text: minimal(user: "token: t, username: u"), words: "both a token and a username"),
        Bad(text: minimal(user: #"token: "a\nb""#), words: "token has characters that no token has"),
        Bad(text: minimal(user: "tokenFile: absent"), words: "the token file DIR/absent cannot be read"),
        Bad(text: minimal(user: "client-certificate-data: aGVsbG8="), words: "client-certificate without client-key"),
        Bad(text: minimal(user: "client-key-data: aGVsbG8="), words: "client-key without client-certificate"),
        Bad(
            text: minimal(user: "client-certificate-data: aGVsbG8=, client-key-data: aGVsbG8="),
            words: "the client certificate holds no PEM"),
        Bad(text: minimal(user: "exec: {apiVersion: client.authentication.k8s.io/v1}"), words: "exec names no command"),
        Bad(text: minimal(user: "exec: {command: sh}"), words: "exec.apiVersion"),
        Bad(
            text: minimal(user: "exec: {command: sh, apiVersion: client.authentication.k8s.io/v1alpha1}"),
            words: "must be one of client.authentication.k8s.io/v1,"),
        Bad(
            text: minimal(
                user: "exec: {command: no-such-plugin, apiVersion: client.authentication.k8s.io/v1, installHint: 'get it at example.com'}"),
            words: "no-such-plugin is not installed: no such executable in PATH (get it at example.com)"),
        Bad(
            text: minimal(user: "exec: {command: ./absent, apiVersion: client.authentication.k8s.io/v1}"),
            words: "is not installed: no such executable"),
        Bad(
            text: minimal(user: "exec: {command: sh, apiVersion: client.authentication.k8s.io/v1, interactiveMode: Always}"),
            words: "wants a terminal"),
    ]

    @Test(arguments: bad) func `a kubeconfig that cannot work is refused with its place and the fix`(_ example: Bad) throws {
        let message = try #require(try Self.refusal(example.text))
        #expect(message.contains(example.words), "\(message)")
    }

    @Test func `an error never quotes a secret of the file`() throws {
        let message = try #require(try Self.refusal("users:\n- name: u\n  user:\n    token: hunter2: [\n"))
        #expect(!message.contains("hunter2"))
        let odd = try #require(try Self.refusal(Self.minimal(user: #"token: "hunter2\u0000""#)))
        #expect(!odd.contains("hunter2"))
    }

    @Test func `a description shows no credential`() throws {
        for user in ["token: hunter2", "username: u, password: hunter2"] {
            let connection = try Self.resolve(Self.minimal(user: user))
            var dumped = ""
            dump(connection, to: &dumped)
            #expect(!"\(connection) \(String(reflecting: connection)) \(dumped)".contains("hunter2"))
        }
    }

    @Test func `bytes that are not text, and too many of them, are refused`() throws {
        let directory = try TemporaryDirectory()
        let binary = directory.path + "/binary"
        try Data([0x61, 0x3A, 0xFF, 0xFE]).write(to: URL(fileURLWithPath: binary))
        let odd = Self.failureOf { () throws(ClusterReadError) in
            try ClusterConnection.resolve(kubeconfig: binary, context: nil, environment: [:])
        }
        #expect(odd == .configuration("kubeconfig \(binary) is not UTF-8 text"))
        let endless = Self.failureOf { () throws(ClusterReadError) in
            try ClusterConnection.resolve(kubeconfig: "/dev/zero", context: nil, environment: [:])
        }
        #expect(endless == .configuration("kubeconfig /dev/zero is larger than 4096 KiB, which none should be"))
    }

    @Test(arguments: [
        String(repeating: "[", count: 200_000), String(repeating: "{a: ", count: 50_000), String(repeating: "- ", count: 100_000),
        "a: \u{0}", "&a [*a]", "*nowhere", "%YAML 9.9\n---\na: b", "--- a\n--- b", "!!binary \"#\"", "? [a]\n: b\n",
    ])
    func `hostile YAML is refused, not followed`(_ text: String) throws {
        #expect(try Self.refusal(text) != nil)
    }

    @Test func `aliases of aliases are refused, a few plain ones followed`() throws {
        var bomb = "a0: &a0 [x, x]\n"
        for level in 1..<40 { bomb += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
        #expect(try Self.refusal(bomb + "? *a39\n: x\n")?.contains("more than 20 YAML aliases") == true)
        let shared = Self.minimal().replacingOccurrences(of: "name: c,", with: "name: &c c,").replacingOccurrences(
            of: "cluster: c,", with: "cluster: *c ,")
        #expect(try Self.resolve(shared).server == "https://c:6443")
    }

    @Test func `a kubeconfig of thousands of clusters is read in time`() throws {
        var text = "kind: Config\ncurrent-context: c4999\nclusters:\n"
        for index in 0..<5_000 { text += "- name: c\(index)\n  cluster:\n    server: https://host-\(index):6443\n" }
        text += "contexts:\n"
        for index in 0..<5_000 { text += "- name: c\(index)\n  context:\n    cluster: c\(index)\n" }
        let start = ContinuousClock.now
        #expect(try Self.resolve(text).server == "https://host-4999:6443")
        #expect(start.duration(to: .now) < .seconds(10))
    }

    @Test(arguments: [
        ("https://[::1]:6443", "https://[::1]:6443"), ("HTTPS://host/", "https://host"),
        ("https://host:443/k8s/c-1/", "https://host:443/k8s/c-1"),
        ("http://127.0.0.1:8001", "http://127.0.0.1:8001"),
    ])
    func `a server address is normalised`(_ given: String, _ expected: String) throws {
        #expect(try ClusterConnection(server: given).server == expected)
    }
}
