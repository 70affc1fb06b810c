import ClusterModel
import EvidenceCollection
import KubernetesClient
import Logging
import ServiceKit
import ServiceLifecycle
import Synchronization

/// Finds out at start, and again from time to time, what the agent may not read.
///
/// Each kind is asked for an object that does not exist: the API server answers from its access rules and one key, however large the
/// cluster is, and the agent needs no verb but get and list for it.
final class AccessReview: ServiceLifecycle.Service, Sendable {
    struct Finding: Sendable, Hashable {
        /// Kinds that are refused, e.g. `secrets`, or `pods/log`; sorted.
        var forbidden: [String] = []
        /// Kinds that could not be asked for, with the reason.
        var failed: [String] = []
    }

    private static let nobody = "sre-orchestrator-access-probe"
    /// For all questions of one review together.
    private static let seconds = 4.0
    private static let pause = Duration.seconds(300)
    private static let pauseAfterFailure = Duration.seconds(15)

    private let reader: any ClusterReader
    private let limits: CollectionLimits
    private let logger: Logger
    private let last = Mutex<Finding?>(nil)

    init(reader: any ClusterReader, limits: CollectionLimits, logger: Logger) {
        self.reader = reader
        self.limits = limits
        self.logger = logger
    }

    /// Reviews at start and again from time to time, until the service ends.
    func run() async throws {
        try? await cancelWhenGracefulShutdown { [self] in
            while true {
                let before = last.withLock { $0 }
                let finding = await refresh()
                if finding != before { report(finding) }
                try await Task.sleep(for: finding.failed.isEmpty ? Self.pause : Self.pauseAfterFailure)
            }
        }
    }

    private func report(_ finding: Finding) {
        guard !finding.forbidden.isEmpty || !finding.failed.isEmpty else { return logger.info("access verified") }
        logger.warning(
            "access is limited",
            metadata: [
                "forbidden": .array(finding.forbidden.map { .string($0) }),
                "failed": .array(finding.failed.prefix(5).map { .string(String($0.prefix(200))) }),
            ])
    }

    /// For `/readyz`: whether the API answers, and what may not be read.
    var dependencies: [Dependency] {
        [
            Dependency("kubernetes") { [reader] in await Self.liveness(of: reader) },
            Dependency("access") { [self] in
                let finding = await current()
                if finding.forbidden.isEmpty { return finding.failed.isEmpty ? .ready : .limited("not verified: \(finding.failed[0])") }
                return .limited("may not read " + finding.forbidden.joined(separator: ", "))
            },
        ]
    }

    /// The last finding; probes wait only for the very first one.
    func current() async -> Finding {
        if let last = last.withLock({ $0 }) { return last }
        return await refresh()
    }

    private func refresh() async -> Finding {
        let finding = await review()
        last.withLock { $0 = finding }
        return finding
    }

    private static func liveness(of reader: any ClusterReader) async -> Dependency.State {
        do throws(ClusterReadError) {
            _ = try await DeadlineReader(reader, seconds: 3).version()
            return .ready
        } catch {
            switch error {
            // Whoever may not see the version still gets an answer from a living API.
            case .forbidden, .notFound: return .ready
            default: return .notReady(Problem(error).message)
            }
        }
    }

    private func review() async -> Finding {
        let reader = DeadlineReader(reader, seconds: Self.seconds)
        let resources = ResourceType.all.filter { $0 != .secrets || limits.readsSecrets }
        var finding = Finding()
        let errors = await resources.concurrentMap(width: limits.parallelism) { [limits] resource in
            await Self.ask(for: resource, namespaces: limits.namespaces, reader)
        }
        for (resource, error) in zip(resources, errors) { finding.note(error, of: resource.plural) }
        finding.note(await Self.askForLog(in: limits.namespaces.first ?? "default", reader), of: "pods/log")
        finding.forbidden.sort()
        return finding
    }

    private static func ask(
        for resource: ResourceType, namespaces: [String], _ reader: DeadlineReader
    ) async -> ClusterReadError? {
        let error = await ask(for: resource, namespace: nil, reader)
        guard case .forbidden = error, resource.isNamespaced, !namespaces.isEmpty else { return error }
        for namespace in namespaces {
            if let error = await ask(for: resource, namespace: namespace, reader) { return error }
        }
        return nil
    }

    private static func ask(for resource: ResourceType, namespace: String?, _ reader: DeadlineReader) async -> ClusterReadError? {
        do throws(ClusterReadError) {
            _ = try await reader.list(resource, namespace: namespace, selecting: ListSelection(fields: "metadata.name=\(nobody)"))
            return nil
        } catch {
            return error
        }
    }

    private static func askForLog(in namespace: String, _ reader: DeadlineReader) async -> ClusterReadError? {
        do throws(ClusterReadError) {
            _ = try await reader.log(LogRequest(namespace: namespace, pod: nobody, container: nobody, tailLines: 1))
            return nil
        } catch {
            return error
        }
    }
}

extension AccessReview.Finding {
    /// A kind that is not there, or no such object, is no lack of rights.
    fileprivate mutating func note(_ error: ClusterReadError?, of resource: String) {
        switch error {
        case nil, .notFound, .badRequest: break
        case .forbidden: forbidden.append(resource)
        case .some(let error): failed.append("\(resource): \(error.message.prefix(200))")
        }
    }
}
