import ClusterModel
import FastJSON
import FoundationEssentials
import IncidentModel

/// The columns of workloads and what runs them.
enum WorkloadColumns {
    static let byKind: [String: [TableColumn]] = [
        "Deployment": [
            .text("Ready") { "\($0.status("readyReplicas"))/\($0["spec", "replicas"].int ?? 1)" },
            .number("Up-to-date") { $0.status("updatedReplicas") },
            .number("Available") { $0.status("availableReplicas") },
            .age, containers, images, selector,
        ],
        "ReplicaSet": replicas, "ReplicationController": replicas,
        "StatefulSet": [
            .text("Ready") { "\($0.status("readyReplicas"))/\($0["spec", "replicas"].int ?? 1)" },
            .age, containers, images,
        ],
        "DaemonSet": [
            .number("Desired") { $0.status("desiredNumberScheduled") },
            .number("Current") { $0.status("currentNumberScheduled") },
            .number("Ready") { $0.status("numberReady") },
            .number("Up-to-date") { $0.status("updatedNumberScheduled") },
            .number("Available") { $0.status("numberAvailable") },
            .text("Node Selector") { labels($0["spec", "template", "spec", "nodeSelector"]) },
            .age, containers, images, selector,
        ],
        "Job": [
            .text("Status", jobStatus), .text("Completions", completions), .timed("Duration", duration), .age, containers, images, selector,
        ],
        "CronJob": [
            .text("Schedule") { $0["spec", "schedule"].string ?? "" },
            .text("Timezone") { $0["spec", "timeZone"].orNone },
            .text("Suspend") { $0["spec", "suspend"].bool == true ? "True" : "False" },
            .number("Active") { $0["status", "active"].count },
            .timed("Last Schedule") {
                $0["status", "lastScheduleTime"].isNothing ? "<none>" : HumanDuration.since($0["status", "lastScheduleTime"], now: $1)
            },
            .age,
            .text("Containers", wide: true) { names($0["spec", "jobTemplate", "spec", "template", "spec"], "name") },
            .text("Images", wide: true) { names($0["spec", "jobTemplate", "spec", "template", "spec"], "image") },
        ],
        "HorizontalPodAutoscaler": [
            .text("Reference") {
                "\($0["spec", "scaleTargetRef", "kind"].string ?? "")/\($0["spec", "scaleTargetRef", "name"].string ?? "")"
            },
            .text("Targets", targets),
            .text("MinPods") { $0["spec", "minReplicas"].int.map { String($0) } ?? "<unset>" },
            .number("MaxPods") { $0["spec", "maxReplicas"].int ?? 0 },
            .number("Replicas") { $0.status("currentReplicas") },
            .age,
        ],
        "PodDisruptionBudget": [
            .text("Min Available") { $0["spec", "minAvailable"].scalar ?? "N/A" },
            .text("Max Unavailable") { $0["spec", "maxUnavailable"].scalar ?? "N/A" },
            .number("Allowed Disruptions") { $0.status("disruptionsAllowed") },
            .age,
        ],
        "ControllerRevision": [
            .text("Controller") { item in
                let owner = item["metadata", "ownerReferences"].array.first { $0["controller"].bool == true }
                return owner.map { "\(($0["kind"].string ?? "").lowercased()).apps/\($0["name"].string ?? "")" } ?? "<none>"
            },
            .number("Revision") { $0["revision"].int ?? 0 },
            .age,
        ],
    ]

    private static let replicas: [TableColumn] = [
        .number("Desired") { $0["spec", "replicas"].int ?? 1 },
        .number("Current") { $0.status("replicas") },
        .number("Ready") { $0.status("readyReplicas") },
        .age, containers, images, selector,
    ]

    private static let containers = TableColumn.text("Containers", wide: true) { names($0["spec", "template", "spec"], "name") }
    private static let images = TableColumn.text("Images", wide: true) { names($0["spec", "template", "spec"], "image") }
    private static let selector = TableColumn.text("Selector", wide: true) { item in
        // A ReplicationController's selector is a plain map.
        LabelSelector(item["spec", "selector"]).map { $0.isEmpty ? labels(item["spec", "selector"]) : $0.description } ?? "<none>"
    }

    private static func names(_ podSpec: JSONValue, _ key: String) -> String {
        podSpec["containers"].array.compactMap { $0[key].string }.joined(separator: ",")
    }

    static func labels(_ map: JSONValue) -> String {
        let labels = map.stringMap.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        return labels.isEmpty ? "<none>" : labels.joined(separator: ",")
    }

    @Sendable private static func jobStatus(_ job: JSONValue) -> String {
        func holds(_ type: String) -> Bool {
            job["status", "conditions"].array.contains { $0["type"].string == type && $0["status"].string == "True" }
        }
        if let ended = ["Complete", "Failed"].first(where: holds) { return ended }
        if !job["metadata", "deletionTimestamp"].isNothing { return "Terminating" }
        return ["Suspended", "FailureTarget", "SuccessCriteriaMet"].first(where: holds) ?? "Running"
    }

    @Sendable private static func completions(_ job: JSONValue) -> String {
        let succeeded = job.status("succeeded")
        if let wished = job["spec", "completions"].int { return "\(succeeded)/\(wished)" }
        let parallelism = job["spec", "parallelism"].int ?? 0
        return parallelism > 1 ? "\(succeeded)/1 of \(parallelism)" : "\(succeeded)/1"
    }

    @Sendable private static func duration(_ job: JSONValue, now: Date) -> String {
        guard let start = job["status", "startTime"].string.flatMap(RFC3339.parse) else { return "" }
        let end = job["status", "completionTime"].string.flatMap(RFC3339.parse) ?? now
        return HumanDuration.text(seconds: end.timeIntervalSince(start))
    }

    @Sendable private static func targets(_ autoscaler: JSONValue) -> String {
        let current = autoscaler["status", "currentMetrics"].array
        let texts = autoscaler["spec", "metrics"].array.map { metric -> String in
            let name = metric["resource", "name"].string
            let value = current.first { $0["resource", "name"].string == name && name != nil }?["resource", "current"] ?? .missing
            let target = metric["resource", "target"]
            if let wished = target["averageUtilization"].int {
                return "\(name ?? ""): \(value["averageUtilization"].int.map { "\($0)%" } ?? "<unknown>")/\(wished)%"
            }
            return
                "\(name.map { $0 + ": " } ?? "")\(value["averageValue"].string ?? "<unknown>")/\(target["averageValue"].string ?? "<auto>")"
        }
        return texts.isEmpty ? "<none>" : texts.joined(separator: ", ")
    }
}

extension JSONValue {
    func status(_ key: String) -> Int { self["status", key].int ?? 0 }

    /// A number or string as text.
    var scalar: String? { string ?? int.map { String($0) } }
}
