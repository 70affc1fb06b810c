internal import ClusterModel
internal import IncidentModel

/// Whether a Service has anybody behind it.
struct ServiceState {
    let service: Service
    let readyCount: Int
    let unreadyCount: Int

    init(_ service: Service, context: CaseContext) {
        self.service = service
        let slices = context.view.slices(of: service)
        if slices.isEmpty && !context.view.wasRead(.endpointSlices, in: service.namespace) {
            let pods = context.view.pods(selectedBy: service).filter { !$0.isFinished }
            readyCount = pods.filter(\.isReady).count
            unreadyCount = pods.count - readyCount
        } else {
            let endpoints = slices.flatMap(\.endpoints)
            readyCount = endpoints.filter(\.isReady).count
            unreadyCount = endpoints.count - readyCount
        }
    }

    var words: String {
        readyCount > 0
            ? Phrase.count(readyCount, "ready endpoint")
            : unreadyCount > 0 ? "no ready endpoint (\(unreadyCount) not ready)" : "no endpoints"
    }

    var citation: Citation { .field(service.reference, "endpoints", words) }
}
