import AsyncHTTPClient
import FastJSON
import Foundation
import IncidentModel
import NIOCore
import NIOHTTP1
import NIOSSL
import ServiceKit

/// An orchestrator's REST API, as a person's tool uses it.
struct OrchestratorClient: Sendable {
    private static let largestAnswer = 64 << 20
    private static let callSeconds: Int64 = 15
    /// Pauses between looks at a running incident: short at first, since most take less than a second.
    private static let pauses: [Duration] = [.milliseconds(50), .milliseconds(100), .milliseconds(200)]
    private static let longestPause = Duration.milliseconds(500)

    let baseURL: String
    private let client: HTTPClient
    private let apiKey: String?

    /// - Throws: `CommandError` where the address is no http(s) URL.
    init(server: String, client: HTTPClient, apiKey: String? = nil) throws {
        guard let url = URL(string: server), ["http", "https"].contains(url.scheme), let host = url.host(), !host.isEmpty, url.user == nil
        else {
            throw CommandError("`\(server)` is not the address of an orchestrator; it must be a URL such as http://127.0.0.1:8080")
        }
        baseURL = server.hasSuffix("/") ? String(server.dropLast()) : server
        self.client = client
        self.apiKey = apiKey
    }

    /// Runs `work` with a client and closes its connections.
    static func with<Result>(
        server: String, options: ServerOptions, environment: [String: String] = ProcessInfo.processInfo.environment,
        _ work: (OrchestratorClient) async throws -> Result
    ) async throws -> Result {
        var configuration = HTTPClient.Configuration()
        configuration.timeout = .init(connect: .seconds(5), read: .seconds(callSeconds))
        // Otherwise a refused connection is tried again until the deadline.
        configuration.connectionPool.retryConnectionEstablishment = false
        if let path = options.ca {
            guard let authorities = try? NIOSSLCertificate.fromPEMFile(path), !authorities.isEmpty else {
                throw CommandError("\(path) holds no PEM certificate that can be read")
            }
            configuration.tlsConfiguration = .makeClientConfiguration()
            configuration.tlsConfiguration?.trustRoots = .certificates(authorities)
        }
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        let apiKey = environment[ServerOptions.apiKey.key].flatMap { $0.isEmpty ? nil : $0 }
        do {
            let result = try await work(OrchestratorClient(server: server, client: client, apiKey: apiKey))
            try? await client.shutdown()
            return result
        } catch {
            try? await client.shutdown()
            throw error
        }
    }

    /// Reports an incident.
    /// - Returns: its id.
    func open(description: String, namespace: String?) async throws -> UUID {
        var members = [(key: "description", json: JSONText.quote(description))]
        if let namespace { members.append(("namespace", JSONText.quote(namespace))) }
        var request = HTTPClientRequest(url: baseURL + "/api/v1/incidents")
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json")
        request.body = .bytes(ByteBuffer(string: JSONText.object(members)))
        let answer = try await json(request)
        guard let id = answer["incident_id"].string.flatMap(UUID.init(uuidString:)) else {
            throw CommandError("\(baseURL) accepted the incident but gave no id; is it an orchestrator?")
        }
        return id
    }

    func incident(_ id: UUID) async throws -> Incident {
        let data = try await call(HTTPClientRequest(url: url(of: id)))
        do {
            return try IncidentJSON.decode(from: data)
        } catch {
            throw CommandError("\(baseURL) answers with something that is no incident; is it an orchestrator of this version?")
        }
    }

    /// Waits for the end of an investigation.
    /// - Parameter progress: gets each entry of the journal as it appears.
    func follow(_ id: UUID, seconds: Double, progress: (JournalEntry) -> Void) async throws -> Incident {
        let deadline = ContinuousClock.now + .seconds(seconds)
        var sequence = 0
        var looks = 0
        while true {
            let journal = try await json(HTTPClientRequest(url: url(of: id) + "/journal?after=\(sequence)"))
            let status = journal["status"].string.flatMap(IncidentStatus.init)
            for entry in journal["entries"].array {
                guard let number = entry["sequence"].int, number > sequence else { continue }
                sequence = number
                progress(
                    JournalEntry(
                        sequence: number, time: entry["time"].string.flatMap(RFC3339.parse) ?? Date(), step: entry["step"].string ?? "",
                        message: entry["message"].string ?? ""))
            }
            guard let status else { throw CommandError("\(baseURL) answers without a status; is it an orchestrator of this version?") }
            if status.isFinal { return try await incident(id) }
            let pause = looks < Self.pauses.count ? Self.pauses[looks] : Self.longestPause
            looks += 1
            guard ContinuousClock.now + pause < deadline else {
                throw CommandError(
                    "the incident is still \(status.rawValue); ask again: sre incident \(id.uuidString.lowercased()) --server \(baseURL)")
            }
            try await Task.sleep(for: pause)
        }
    }

    private func url(of id: UUID) -> String { "\(baseURL)/api/v1/incidents/\(id.uuidString.lowercased())" }

    private func json(_ request: HTTPClientRequest) async throws -> JSONValue {
        do {
            return try JSONValue(parsing: try await call(request))
        } catch is JSONError {
            throw CommandError("\(baseURL) does not answer with JSON; is it an orchestrator?")
        }
    }

    private func call(_ request: HTTPClientRequest) async throws -> Data {
        var request = request
        if let apiKey { request.headers.add(name: "Authorization", value: "Bearer \(apiKey)") }
        do {
            let response = try await client.execute(request, timeout: .seconds(Self.callSeconds))
            let body = try await response.body.collect(upTo: Self.largestAnswer)
            let data = Data(body.readableBytesView)
            guard (200..<300).contains(response.status.code) else {
                let message = (try? JSONValue(parsing: data))?["message"].string ?? response.status.reasonPhrase
                let hint = response.status == .unauthorized ? "; give it in \(ServerOptions.apiKey.key)" : ""
                throw CommandError("\(baseURL) refuses: \(message)\(hint) (HTTP \(response.status.code))")
            }
            return data
        } catch let error as CommandError {
            throw error
        } catch is NIOTooManyBytesError {
            throw CommandError("\(baseURL) answers with more than \(Self.largestAnswer >> 20) MiB")
        } catch {
            throw CommandError("cannot reach the orchestrator at \(baseURL): \(error); check that it runs and that the URL is right")
        }
    }
}
