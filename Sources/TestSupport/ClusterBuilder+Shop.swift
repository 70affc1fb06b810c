import Foundation

extension ClusterBuilder {
    /// Adds the shop that `ShopRecording` measures, all of it healthy: a Deployment with limits and a Service each.
    /// - Parameter isConfigured: whether the callers' environment names whom they call.
    public mutating func shop(_ recording: ShopRecording, isConfigured: Bool = true, limits: Bool = true) {
        for service in recording.services {
            let address = { (name: String) in
                (name.uppercased().replacingOccurrences(of: "-", with: "_") + "_ADDR", "\(name):8080")
            }
            let container = ContainerShape(
                service.name, env: isConfigured ? Dictionary(uniqueKeysWithValues: service.calls.map(address)) : [:], ports: [8080],
                requests: ["cpu": "100m", "memory": "64Mi"], limits: limits ? ["cpu": "500m", "memory": "256Mi"] : [:])
            deployment(service.name, TemplateShape([container]), pods: [PodShape(minutesOld: 600)], minutesOld: 5_000)
            self.service(service.name, port: 8080)
        }
    }

    /// The shop with a recording of these faults.
    public static func shop(
        _ faults: [RecordedFault] = [], isConfigured: Bool = true, limits: Bool = true, measures: [String]? = nil,
        _ change: (inout ShopRecording) -> Void = { _ in }
    ) -> ClusterBuilder {
        var cluster = ClusterBuilder()
        var recording = ShopRecording(endingAt: cluster.capturedAt, faults: faults)
        change(&recording)
        cluster.shop(recording, isConfigured: isConfigured, limits: limits)
        cluster.telemetry["metrics.csv"] = recording.csv(measures: measures)
        return cluster
    }
}
