import FoundationEssentials
import IncidentModel
import Metrics

/// What is counted and measured of investigations; names and meanings are in `docs/metrics.md`.
enum InvestigationMetrics {
    static func ended(_ incident: Incident) {
        let outcome = incident.status == .completed ? incident.report?.outcome.rawValue ?? "none" : incident.status.rawValue
        let cause = incident.report?.rootCauses.first?.cause.rawValue ?? "none"
        Counter(label: "sre_investigations_total", dimensions: [("outcome", outcome), ("cause", cause)]).increment()
        guard let end = incident.completedAt else { return }
        Timer(label: "sre_investigation_duration_seconds", dimensions: [("outcome", outcome)])
            .recordSeconds(max(0, end.timeIntervalSince(incident.createdAt)))
    }

    static func done(_ step: InvestigationStep, in duration: Duration) {
        Timer(label: "sre_investigation_step_duration_seconds", dimensions: [("step", step.rawValue)]).record(duration: duration)
    }

    static func retried(_ step: InvestigationStep) {
        Counter(label: "sre_investigation_step_retries_total", dimensions: [("step", step.rawValue)]).increment()
    }

    static func leaseLost() { Counter(label: "sre_lease_losses_total").increment() }

    static func storeFailed(_ operation: String) {
        Counter(label: "sre_store_failures_total", dimensions: [("operation", operation)]).increment()
    }
}
