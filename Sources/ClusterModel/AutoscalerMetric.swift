internal import FastJSON

/// One metric that a HorizontalPodAutoscaler scales by: what it should be, and what it was when last read.
///
/// Utilisation is in percent of the request; everything else is a quantity. Version 1 of the API knows the CPU alone.
public struct AutoscalerMetric: Sendable, Hashable {
    public enum Source: String, Sendable {
        case resource = "Resource"
        case containerResource = "ContainerResource"
        case pods = "Pods"
        case object = "Object"
        case external = "External"
    }

    public let source: Source
    /// `cpu`, `memory`, or the name of a custom or external metric.
    public let name: String
    /// The one container that is measured, for `containerResource`.
    public let container: String?
    /// Whether it is measured against the containers' requests.
    public let isUtilization: Bool
    public let target: Double?
    public let current: Double?

    /// Metrics of a spec with the current values of a status, in the order of the spec.
    static func all(spec: JSONValue, status: JSONValue) -> [AutoscalerMetric] {
        if let percent = spec["targetCPUUtilizationPercentage"].int {
            let current = status["currentCPUUtilizationPercentage"].int
            return [
                AutoscalerMetric(
                    source: .resource, name: "cpu", container: nil, isUtilization: true, target: Double(percent),
                    current: current.map(Double.init))
            ]
        }
        let seen = status["currentMetrics"].array
        return spec["metrics"].array.compactMap { metric(of: $0, among: seen) }
    }

    private static func metric(of json: JSONValue, among seen: [JSONValue]) -> AutoscalerMetric? {
        guard let source = json["type"].string.flatMap(Source.init(rawValue:)), let name = name(in: json, of: source) else { return nil }
        let body = json[source.key]
        let container = body["container"].string
        let target = value(body["target"])
        let current = seen.first {
            $0["type"].string == source.rawValue && self.name(in: $0, of: source) == name && $0[source.key, "container"].string == container
        }
        let now = current.flatMap { value($0[source.key, "current"], isUtilization: target?.isUtilization ?? false) }
        return AutoscalerMetric(
            source: source, name: name, container: container, isUtilization: target?.isUtilization ?? false, target: target?.value,
            current: now)
    }

    private static func name(in json: JSONValue, of source: Source) -> String? {
        json[source.key, "name"].string ?? json[source.key, "metric", "name"].string
    }

    private static func value(_ json: JSONValue) -> (value: Double, isUtilization: Bool)? {
        if let percent = json["averageUtilization"].int { return (Double(percent), true) }
        return value(json, isUtilization: false).map { ($0, false) }
    }

    // A status carries the average value beside the utilisation; only the one that the spec asks for compares.
    private static func value(_ json: JSONValue, isUtilization: Bool) -> Double? {
        if isUtilization { return json["averageUtilization"].int.map(Double.init) }
        for key in ["averageValue", "value"] {
            if let number = json[key].int { return Double(number) }
            if let number = json[key].string.flatMap({ Quantity($0)?.value }) { return number }
        }
        return nil
    }
}

extension AutoscalerMetric.Source {
    fileprivate var key: String {
        switch self {
        case .resource: "resource"
        case .containerResource: "containerResource"
        case .pods: "pods"
        case .object: "object"
        case .external: "external"
        }
    }
}
