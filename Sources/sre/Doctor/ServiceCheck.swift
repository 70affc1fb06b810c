import AsyncHTTPClient
import FastJSON
import Foundation
import KubernetesClient
import NIOCore
import NIOHTTP1
import NIOSSL
import ServiceKit

/// Looks at a running service from outside: whether it answers, what it says it lacks, its version, clock, certificate and access.
struct ServiceCheck: Sendable {
    private static let callSeconds: Int64 = 8
    private static let largestAnswer = 1 << 20
    /// Certificates and times in reports suffer from more; what is measured includes the way there and back.
    private static let mostSkewSeconds = 5.0

    /// `orchestrator` or `agent`.
    let subject: String
    let baseURL: String
    let tls: TLSConfiguration?
    /// Shown as bearer; nil where none is configured.
    let secret: String?
    /// A path that wants access, and the status that it has for those who have it.
    let guarded: (path: String, status: UInt)
    /// Whether somebody asks who has to have access; else it is well to be refused without a secret.
    var needsAccess = true
    /// What configures `secret`.
    let secretKey: String
    /// What to do where nothing answers.
    let remedy: String

    func findings() async -> [DoctorFinding] {
        var configuration = HTTPClient.Configuration()
        configuration.tlsConfiguration = tls
        configuration.timeout = .init(connect: .seconds(5), read: .seconds(Self.callSeconds))
        configuration.redirectConfiguration = .disallow
        configuration.connectionPool.retryConnectionEstablishment = false
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        defer { client.shutdown { _ in } }
        var findings: [DoctorFinding] = []
        if let url = URL(string: baseURL), url.scheme == "https", let host = url.host() {
            findings += [await CertificateCheck.server(host, port: url.port ?? 443, subject: "\(subject) certificate")].compactMap { $0 }
        }
        let answer: Answer
        do {
            answer = try await get("/readyz", client)
        } catch {
            return findings + [.problem(subject, "\(baseURL) cannot be reached: \(Self.reason(error))", fix: remedy)]
        }
        return findings + readiness(answer) + [await access(client)].compactMap { $0 }
    }

    // MARK: Readiness

    private func readiness(_ answer: Answer) -> [DoctorFinding] {
        guard [200, 503].contains(answer.status), answer.json["checks"].kind == .array else {
            return [
                .problem(
                    subject, "\(baseURL)/readyz answers \(answer.status) and not as this program does",
                    fix: "check that the address is that of the \(subject), of this version, and no proxy stands in between")
            ]
        }
        var findings = [DoctorFinding.ok(subject, "\(baseURL) answers")]
        let version = answer.json["version"].string ?? "an older one"
        findings.append(
            version == Version.current
                ? .ok("\(subject) version", version)
                : .warning("\(subject) version", "\(version), and this program is \(Version.current)", fix: "bring both to one version"))
        findings += answer.json["checks"].array.map(check)
        if let skew = answer.skew {
            let seconds = String(format: "%.0f", abs(skew))
            findings.append(
                abs(skew) <= Self.mostSkewSeconds
                    ? .ok("\(subject) clock", "within \(Int(Self.mostSkewSeconds)) s of this one")
                    : .warning(
                        "\(subject) clock", "\(seconds) s \(skew > 0 ? "ahead of" : "behind") this one",
                        fix: "synchronise the clocks of the nodes (NTP)"))
        }
        return findings
    }

    private func check(_ json: JSONValue) -> DoctorFinding {
        let name = "\(subject) \(json["name"].string ?? "check")"
        let message = json["message"].string ?? ""
        switch json["status"].string {
        case "ok": return .ok(name, "ok")
        case "limited": return .warning(name, message, fix: Self.remedies[json["name"].string ?? ""]?.limited ?? "see the service's log")
        default: return .problem(name, message, fix: Self.remedies[json["name"].string ?? ""]?.missing ?? "see the service's log")
        }
    }

    /// By the names of checks of both services.
    private static let remedies: [String: (limited: String, missing: String)] = [
        "access": (
            "give the agent's role get and list for these kinds, or accept that causes there stay unseen",
            "give the agent's role get and list"
        ),
        "kubernetes": (
            "check the API server", "check the agent's service account and its way to the API server (network policy, kubeconfig)"
        ),
        "k8s-agent": (
            "ask the agent's own /readyz", "check that the agent runs, SRE_AGENT_URL, SRE_AGENT_CA and the network policy between the two"
        ),
        "store": (
            "see the service's log", "check SRE_DATABASE_URL and the database, or the volume of SRE_STORE: whether it is full or read-only"
        ),
    ]

    // MARK: Access

    private func access(_ client: HTTPClient) async -> DoctorFinding? {
        guard let answer = try? await get(guarded.path, client, withSecret: true) else { return nil }
        let name = "\(subject) access"
        switch UInt(answer.status) {
        case guarded.status:
            let open = secret == nil ? answer : try? await get(guarded.path, client)
            return open.map { UInt($0.status) } == guarded.status
                ? .warning(name, "everybody who reaches it may call it", fix: "configure keys or a token there (docs/operations.md)")
                : .ok(name, "\(secretKey) is accepted, and without it nothing is answered")
        case 401 where secret == nil && !needsAccess:
            return .ok(name, "keys are wanted; none was tried, since \(secretKey) is not set")
        case 401:
            let words = secret == nil ? "it wants a key, and none is given" : "\(secretKey) is not accepted"
            return .problem(name, words, fix: "set \(secretKey) to what the \(subject) expects")
        case 403: return .problem(name, "\(secretKey) may not look at incidents", fix: "use a key of scope read or more")
        default: return .warning(name, "\(guarded.path) answers \(answer.status)", fix: "see the service's log")
        }
    }

    // MARK: Calls

    private struct Answer {
        let status: Int
        let json: JSONValue
        /// Seconds that the other clock is ahead.
        let skew: Double?
    }

    private func get(_ path: String, _ client: HTTPClient, withSecret: Bool = false) async throws -> Answer {
        var request = HTTPClientRequest(url: (baseURL.hasSuffix("/") ? String(baseURL.dropLast()) : baseURL) + path)
        request.headers.add(name: "Accept", value: "application/json")
        if withSecret, let secret { request.headers.add(name: "Authorization", value: "Bearer \(secret)") }
        let start = Date()
        let response = try await client.execute(request, timeout: .seconds(Self.callSeconds))
        let body = try await response.body.collect(upTo: Self.largestAnswer)
        let middle = start.addingTimeInterval(Date().timeIntervalSince(start) / 2)
        let date = response.headers.first(name: "Date").flatMap(HTTPDate.parse)
        return Answer(
            status: Int(response.status.code), json: (try? JSONValue(parsing: Data(body.readableBytesView))) ?? .missing,
            // The header has whole seconds.
            skew: date.map { $0.addingTimeInterval(0.5).timeIntervalSince(middle) })
    }

    private static func reason(_ error: any Error) -> String {
        let text = String(describing: error)
        if text.contains("Connection refused") || text.contains("errno: 111") { return "connection refused" }
        if text.contains("CERTIFICATE_VERIFY_FAILED") || text.contains("certificate verify failed") {
            return "its certificate is not signed by the authority that is trusted here, or not for this name"
        }
        return (error as? HTTPClientError)?.shortDescription ?? text
    }
}
