import Foundation
import IncidentModel
import Investigation
import KnowledgeGraph
import NIOSSL
import OrchestratorService
import ServiceKit

/// Looks at everything that an orchestrator of these settings needs: its files, the agent, the store, the model, and itself if it runs.
struct InstallationCheck: Sendable {
    typealias Keys = OrchestratorConfiguration

    let settings: Settings
    /// PEM file with the authorities that the orchestrator's own certificate is held against; nil to trust it, being called at home.
    let authorities: String?
    let apiKey: String?
    /// Whether the model is asked a small question.
    let asksModel: Bool

    func findings() async -> [DoctorFinding] {
        let common: CommonSettings
        let configuration: OrchestratorConfiguration
        do throws(SettingError) {
            common = try CommonSettings(settings)
            configuration = try OrchestratorConfiguration(settings, common: common)
        } catch {
            return [.problem("settings", error.description, fix: "correct the value; docs/configuration.md has every key")]
        }
        var findings = [DoctorFinding.ok("settings", "every key that is set can be used")]
        findings += files(common, configuration)
        findings += await agent(configuration)
        findings.append(await store(configuration))
        findings += await model(configuration)
        return findings + (await orchestrator(common, configuration))
    }

    // MARK: Files

    private func files(_ common: CommonSettings, _ configuration: OrchestratorConfiguration) -> [DoctorFinding] {
        var findings: [DoctorFinding] = []
        if let path = configuration.knowledgeGraphPath { findings.append(graph(path)) }
        if let path = common.apiKeysPath { findings.append(keys(path)) }
        let access = configuration.agentAccess
        if let path = access.authorities { findings.append(CertificateCheck.file(path, subject: Keys.agentAuthorities.key)) }
        if let path = access.certificate { findings.append(CertificateCheck.file(path, subject: Keys.agentClientCertificate.key)) }
        if let files = common.certificate {
            findings.append(CertificateCheck.file(files.certificate, subject: CommonSettings.tlsCertificate.key))
        }
        return findings
    }

    private func graph(_ path: String) -> DoctorFinding {
        let subject = Keys.knowledgeGraph.key
        do {
            let graph = try KnowledgeGraph.load(path)
            return .ok(subject, "\(path) has \(graph.components.count) components")
        } catch {
            return .problem(subject, "\(error)", fix: "correct the file; `sre graph --graph \(path)` reads it as the orchestrator does")
        }
    }

    private func keys(_ path: String) -> DoctorFinding {
        let subject = CommonSettings.apiKeys.key
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            return .problem(subject, "\(path) cannot be read", fix: "mount the file, or let the process read it")
        }
        do throws(AccessKeyError) {
            _ = try AccessKeys(text)
            return .ok(subject, "\(path) holds keys")
        } catch {
            return .problem(subject, "\(path): \(error)", fix: "make its lines with `sre keys create --file \(path)`")
        }
    }

    // MARK: What it needs

    private func agent(_ configuration: OrchestratorConfiguration) async -> [DoctorFinding] {
        let access = configuration.agentAccess
        let tls: TLSConfiguration
        do throws(OrchestratorFailure) { tls = try access.tlsConfiguration() } catch {
            return [.problem("agent", error.description, fix: "correct the file or the key")]
        }
        return await ServiceCheck(
            subject: "agent", baseURL: configuration.agentURL.absoluteString, tls: tls, secret: access.token,
            // Nothing is there: who may call gets 404, everybody else 401.
            guarded: ("/api/v1/doctor", 404), secretKey: CommonSettings.agentToken.key,
            remedy: "check that the agent runs, \(Keys.agent.key), and the network policy between the two"
        ).findings()
    }

    private func store(_ configuration: OrchestratorConfiguration) async -> DoctorFinding {
        if configuration.storage == .memory {
            return .warning(
                "store", "incidents are kept in memory, until the process ends", fix: "set \(Keys.store.key) or \(Keys.databaseURL.key)")
        }
        if case .file(let path) = configuration.storage, !FileManager.default.fileExists(atPath: path) {
            let directory = URL(filePath: path).deletingLastPathComponent().path
            return FileManager.default.isWritableFile(atPath: directory)
                ? .ok("store", "\(path) will be made at the first start")
                : .problem(
                    "store", "\(directory) is not there or may not be written", fix: "mount a volume there, or let the process write to it")
        }
        do {
            let store = try await Orchestrator.store(configuration.storage, configuration.cipher, schema: .leave)
            let statistics = try await store.statistics()
            return .ok("store", "\(statistics.finished) finished, \(statistics.running) running, \(statistics.queued) waiting incidents")
        } catch let error as StoreError {
            return .problem("store", error.explanation, fix: "`sre store check` says more; docs/operations.md has restoring")
        } catch {
            return .problem("store", "\(error)", fix: "check the database and its address, or the file and its volume")
        }
    }

    private func model(_ configuration: OrchestratorConfiguration) async -> [DoctorFinding] {
        guard configuration.model.isOn else { return [.ok("language model", "none is configured; the rules decide alone")] }
        guard asksModel else { return [.ok("language model", "configured, and not asked (--no-llm)")] }
        let finding = try? await configuration.model.with { model -> ModelProbe.Finding? in
            guard let model else { return nil }
            return await ModelProbe(model: model).structured()
        }
        guard let finding = finding ?? nil else { return [] }
        return [
            finding.isWell
                ? .ok("language model", finding.words)
                : .warning("language model", finding.words, fix: "`sre llm check` asks for more; without it reports are those of the rules")
        ]
    }

    // MARK: The orchestrator itself

    private func orchestrator(_ common: CommonSettings, _ configuration: OrchestratorConfiguration) async -> [DoctorFinding] {
        let scheme = common.certificate == nil ? "http" : "https"
        let host = ["0.0.0.0", "::"].contains(configuration.listening.host) ? "127.0.0.1" : configuration.listening.host
        let own = "\(scheme)://\(host.contains(":") ? "[\(host)]" : host):\(configuration.listening.port)"
        return await Self.orchestrator(own, authorities: authorities, apiKey: apiKey, isOwn: true)
    }

    /// Looks at an orchestrator from outside.
    /// - Parameter isOwn: whether it is called at home: no certificate need be made for that address, and no key be at hand.
    static func orchestrator(_ url: String, authorities: String?, apiKey: String?, isOwn: Bool = false) async -> [DoctorFinding] {
        var tls = TLSConfiguration.makeClientConfiguration()
        if let authorities {
            guard let found = try? NIOSSLCertificate.fromPEMFile(authorities), !found.isEmpty else {
                return [.problem("orchestrator", "\(authorities) holds no PEM certificate that can be read", fix: "correct --ca")]
            }
            tls.trustRoots = .certificates(found)
        }
        if isOwn && authorities == nil { tls.certificateVerification = .none }
        return await ServiceCheck(
            subject: "orchestrator", baseURL: url, tls: tls, secret: apiKey, guarded: ("/api/v1/incidents?limit=1", 200),
            needsAccess: !isOwn,
            secretKey: ServerOptions.apiKey.key,
            remedy: "check that it runs, the address, and what stands in between (Ingress, network policy)"
        ).findings()
    }
}
