import ClusterModel
import IncidentModel
import KubernetesClient

/// Reads logs in parallel and turns failures into gaps.
struct LogCollection: Sendable {
    // A kubelet that lost a log answers 200 with these words in its place.
    private static let notALog = "unable to retrieve container logs for"

    let limits: CollectionLimits

    func read(_ jobs: [LogJob], from reader: some ClusterReader) async -> (logs: [ContainerLog], gaps: [EvidenceGap]) {
        let results = await jobs.concurrentMap(width: limits.parallelism) { job in
            await Self.read(job, from: reader)
        }
        var logs: [ContainerLog] = []
        var gaps: [EvidenceGap] = []
        var forbidden: Set<String> = []
        for (job, result) in zip(jobs, results) {
            switch result {
            case .success(let text): logs.append(ContainerLog(job, text: text))
            case .failure(.forbidden(let text)):
                // A missing right concerns all logs of a namespace: one gap says it.
                guard forbidden.insert(job.request.namespace).inserted else { continue }
                gaps.append(EvidenceGap(path: "logs/\(job.request.namespace)", error: .forbidden(text)))
            case .failure(let error):
                if job.isExpected { gaps.append(EvidenceGap(path: job.path, error: error)) }
            }
        }
        return (logs, gaps)
    }

    private static func read(_ job: LogJob, from reader: some ClusterReader) async -> Result<String, ClusterReadError> {
        do throws(ClusterReadError) {
            let text = try await reader.log(job.request)
            let start = text.prefix(512)
            guard start.contains(notALog), !start.contains("\n") || text.utf8.count < 512 else { return .success(text) }
            return .failure(.notFound("the node no longer has this log"))
        } catch {
            return .failure(error)
        }
    }
}
