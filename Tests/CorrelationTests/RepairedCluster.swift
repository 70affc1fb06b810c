import ClusterModel
import FastJSON
import Foundation
import IncidentModel
import TestSupport

/// A recorded cluster as it would be some minutes after somebody mended the faults: objects that were wrong or missing are right, and what
/// did not run runs from the template before, or from the present one where there is none before.
struct RepairedCluster {
    private(set) var evidence: ClusterEvidence
    private let causes: [RootCause]
    private var lists: [String: [JSONNode]]
    private let places: Set<String>

    /// - Parameter report: what the engine said of the broken cluster, rightly.
    init(_ broken: ClusterEvidence, mending report: Report) {
        evidence = broken
        causes = report.rootCauses
        lists = broken.lists.mapValues { $0.map { JSONNode($0) } }
        places = Set(report.rootCauses.flatMap { [$0.object] + $0.affected }.compactMap(\.namespace)).union(
            report.rootCauses.compactMap { $0.object.kind.hasSuffix("WebhookConfiguration") ? $0.affected.first?.namespace : nil })
        for cause in causes { mend(cause) }
        restart()
        rebuildEndpoints()
        evidence.lists = lists.mapValues { $0.map(\.value) }
        let places = places
        evidence.lists[ResourceType.events.path]?.removeAll { places.contains($0["metadata", "namespace"].string ?? "") }
        evidence.logs.removeAll { places.contains($0.namespace) }
    }

    // MARK: Objects

    /// What each cause needs besides pods that run.
    private mutating func mend(_ cause: RootCause) {
        let namespace = cause.object.namespace ?? cause.affected.first?.namespace ?? ""
        switch cause.cause {
        case .configMapNotFound: add(.configMaps, cause.details["reference"], namespace)
        case .secretNotFound: add(.secrets, cause.details["reference"], namespace)
        case .serviceAccountNotFound: add(.serviceAccounts, cause.details["reference"], namespace)
        case .persistentVolumeClaimNotFound: add(.persistentVolumeClaims, cause.details["reference"], namespace)
        case .storageClassNotFound: add(.storageClasses, cause.details["reference"], nil)
        case .serviceNotFound, .ingressBackendNotFound: addService(cause.details["reference"] ?? "", namespace)
        case .serviceSelectorMismatch: change(.services, cause.object) { $0.set(["spec", "selector"], .strings(Self.pairs(cause))) }
        case .servicePortMismatch:
            let port = cause.details["expected"].flatMap { Int($0) }.map(JSONNode.int) ?? .null
            change(.services, cause.object) { $0.each(["spec", "ports"]) { $0["targetPort"] = port } }
        case .networkPolicyBlocks: remove(.networkPolicies, cause.object)
        case .quotaExceeded, .quotaRequiresResources: lists[ResourceType.resourceQuotas.path]?.removeAll { $0.place == namespace }
        case .limitRangeViolation: lists[ResourceType.limitRanges.path]?.removeAll { $0.place == namespace }
        case .podSecurityViolation:
            change(.namespaces, ObjectReference(kind: "Namespace", namespace: nil, name: namespace)) {
                $0.set(["metadata", "labels"], .null)
            }
        case .admissionWebhookUnavailable: remove(.validatingWebhookConfigurations, cause.object)
        case .autoscalerMetricsUnavailable:
            change(.horizontalPodAutoscalers, cause.object) { autoscaler in
                autoscaler.set(
                    ["status", "conditions"],
                    [
                        ["type": "AbleToScale", "status": "True", "reason": "ReadyForNewScale"],
                        ["type": "ScalingActive", "status": "True", "reason": "ValidMetricFound"],
                    ])
            }
        case .scaledToZero: change(.deployments, cause.object) { $0.set(["spec", "replicas"], 2) }
        default: break
        }
        if let wrong = cause.details["found"], let right = cause.details["expected"], wrong.count > 3 {
            for path in [ResourceType.configMaps.path, ResourceType.deployments.path] {
                lists[path] = lists[path]?.map { $0.place == namespace ? $0.replacing(wrong, right) : $0 }
            }
        }
    }

    private static func pairs(_ cause: RootCause) -> [String: String] {
        let pairs = (cause.details["expected"] ?? "").split(separator: ",").map { $0.split(separator: "=").map(String.init) }
        return Dictionary(pairs.filter { $0.count == 2 }.map { ($0[0], $0[1]) }) { first, _ in first }
    }

    private mutating func add(_ type: ResourceType, _ name: String?, _ namespace: String?) {
        guard let name else { return }
        var metadata: JSONNode = ["name": .string(name), "uid": .string("mended-\(name)"), "creationTimestamp": .string(ago(1_800))]
        if let namespace { metadata["namespace"] = .string(namespace) }
        var object: JSONNode = ["metadata": metadata]
        if type == .persistentVolumeClaims { object["status"] = ["phase": "Bound"] }
        if type == .storageClasses { object["provisioner"] = "csi.example.com" }
        lists[type.path, default: []].removeAll { $0.name == name && $0.place == namespace }
        lists[type.path, default: []].append(object)
    }

    /// A Service like its neighbours, before the workload of its name, or before the only one that no Service selects.
    private mutating func addService(_ name: String, _ namespace: String) {
        let workloads = (lists[ResourceType.deployments.path] ?? []) + (lists[ResourceType.statefulSets.path] ?? [])
        guard
            let workload = workloads.first(where: { $0.place == namespace && $0.name == name })
                ?? workloads.first(where: { $0.place == namespace })
        else { return }
        let labels = workload.at(["spec", "selector", "matchLabels"]) ?? [:]
        let port = workload.at(["spec", "template", "spec", "containers"])?.elements.first?.at(["ports"])?.elements.first?["containerPort"]
        let asked = ingressPort(of: name, in: namespace) ?? port ?? 80
        add(.services, name, namespace)
        change(.services, ObjectReference(kind: "Service", namespace: namespace, name: name)) { service in
            service["spec"] = ["selector": labels, "clusterIP": "10.96.200.200", "ports": [["port": asked, "targetPort": port ?? 80]]]
        }
    }

    /// The port by which an Ingress asks for a Service.
    private func ingressPort(of service: String, in namespace: String) -> JSONNode? {
        let rules = (lists[ResourceType.ingresses.path] ?? []).filter { $0.place == namespace }.flatMap {
            $0.at(["spec", "rules"])?.elements ?? []
        }
        let backends = rules.flatMap { $0.at(["http", "paths"])?.elements ?? [] }.compactMap { $0.at(["backend", "service"]) }
        return backends.first { $0["name"]?.word == service }?.at(["port", "number"])
    }

    private mutating func change(_ type: ResourceType, _ object: ObjectReference, _ change: (inout JSONNode) -> Void) {
        guard let index = lists[type.path]?.firstIndex(where: { $0.name == object.name && $0.place == object.namespace }) else { return }
        if var node = lists[type.path]?[index] {
            change(&node)
            lists[type.path]?[index] = node
        }
    }

    private mutating func remove(_ type: ResourceType, _ object: ObjectReference) {
        lists[type.path]?.removeAll { $0.name == object.name && $0.place == object.namespace }
    }

    // MARK: Pods

    private mutating func restart() {
        let places = places
        for type in [ResourceType.deployments, .statefulSets, .daemonSets] {
            lists[type.path] = lists[type.path]?.map { workload in
                guard let place = workload.place, places.contains(place) else { return workload }
                return restarted(workload, type)
            }
        }
        finishJobs()
        // What is left of other owners runs too.
        lists[ResourceType.persistentVolumeClaims.path] = lists[ResourceType.persistentVolumeClaims.path]?.map { claim in
            var claim = claim
            if claim.place.map(places.contains) ?? false { claim.set(["status", "phase"], "Bound") }
            return claim
        }
    }

    private mutating func restarted(_ workload: JSONNode, _ type: ResourceType) -> JSONNode {
        var workload = workload
        let count = workload.at(["spec", "replicas"])?.number ?? 1
        let mine = (lists[ResourceType.pods.path] ?? []).filter { belongs($0, to: workload, type) }
        let broken = mine.contains { !$0.isReadyPod } || mine.count != count
        guard broken || causes.contains(where: { $0.object.name == workload.name || $0.affected.contains { $0.name == workload.name } })
        else { return workload }
        let old = Set(mine.map(\.name))
        lists[ResourceType.pods.path]?.removeAll { $0.place == workload.place && old.contains($0.name) }
        var owner: JSONNode = [
            "kind": .string(type.kind), "name": .string(workload.name), "uid": workload.at(["metadata", "uid"]) ?? "", "controller": true,
        ]
        if type == .deployments { owner = rollBack(&workload) ?? owner }
        workload.set(["spec", "paused"], .null)
        for index in 0..<count { lists[ResourceType.pods.path, default: []].append(pod(index, of: workload, owner)) }
        let replicas = JSONNode.int(count)
        workload["status"] = [
            "observedGeneration": workload.at(["metadata", "generation"]) ?? 1, "replicas": replicas, "updatedReplicas": replicas,
            "readyReplicas": replicas, "availableReplicas": replicas, "currentReplicas": replicas, "desiredNumberScheduled": replicas,
            "numberReady": replicas, "numberAvailable": replicas, "currentNumberScheduled": replicas, "updatedNumberScheduled": replicas,
            "conditions": [
                ["type": "Available", "status": "True", "reason": "MinimumReplicasAvailable"],
                ["type": "Progressing", "status": "True", "reason": "NewReplicaSetAvailable"],
            ],
        ]
        return workload
    }

    private func belongs(_ pod: JSONNode, to workload: JSONNode, _ type: ResourceType) -> Bool {
        guard pod.place == workload.place, let owner = pod.at(["metadata", "ownerReferences"])?.elements.first else { return false }
        let name = owner["name"]?.word ?? ""
        if type != .deployments { return owner["kind"]?.word == type.kind && name == workload.name }
        return owner["kind"]?.word == "ReplicaSet" && sets(of: workload).contains { $0.name == name }
    }

    private func sets(of deployment: JSONNode) -> [JSONNode] {
        (lists[ResourceType.replicaSets.path] ?? []).filter { set in
            set.place == deployment.place && set.at(["metadata", "ownerReferences"])?.elements.first?["name"]?.word == deployment.name
        }.sorted { $0.revision > $1.revision }
    }

    /// Gives a Deployment the template of its revision before, and all replicas to that ReplicaSet.
    private mutating func rollBack(_ deployment: inout JSONNode) -> JSONNode? {
        let sets = sets(of: deployment)
        let isFixedElsewhere = causes.contains { [.configMapNotFound, .secretNotFound].contains($0.cause) }
        guard let target = sets.count > 1 && !isFixedElsewhere ? sets[1] : sets.first else { return nil }
        if let template = target.at(["spec", "template"]) { deployment.set(["spec", "template"], template) }
        let count = deployment.at(["spec", "replicas"]) ?? 1
        for set in sets {
            let reference = ObjectReference(kind: "ReplicaSet", namespace: set.place, name: set.name)
            if set.name != target.name && set.revision > target.revision { remove(.replicaSets, reference) }
            guard set.name == target.name else { continue }
            change(.replicaSets, reference) { node in
                node.set(["spec", "replicas"], count)
                node["status"] = ["replicas": count, "readyReplicas": count, "availableReplicas": count]
            }
        }
        return ["kind": "ReplicaSet", "name": .string(target.name), "uid": target.at(["metadata", "uid"]) ?? "", "controller": true]
    }

    private func pod(_ index: Int, of workload: JSONNode, _ owner: JSONNode) -> JSONNode {
        let template = workload.at(["spec", "template"]) ?? [:]
        var spec = template["spec"] ?? [:]
        spec["nodeName"] = lists[ResourceType.nodes.path]?.first.map { .string($0.name) }
        let started: JSONNode = .string(ago(60))
        func statuses(_ key: String, _ state: JSONNode) -> JSONNode {
            .array(
                (spec[key]?.elements ?? []).map { container in
                    [
                        "name": container["name"] ?? "", "image": container["image"] ?? "", "imageID": "sha256:1", "ready": true,
                        "started": true, "restartCount": 0, "state": state,
                    ]
                })
        }
        let conditions = ["PodScheduled", "Initialized", "ContainersReady", "Ready"].map { type -> JSONNode in
            ["type": .string(type), "status": "True", "lastTransitionTime": started]
        }
        let done: JSONNode = ["terminated": ["exitCode": 0, "reason": "Completed", "startedAt": started, "finishedAt": started]]
        let name = "\(workload.name)-mended-\(index)"
        return [
            "metadata": [
                "name": .string(name), "namespace": .string(workload.place ?? ""), "uid": .string("uid-\(workload.place ?? "")-\(name)"),
                "creationTimestamp": started, "labels": template.at(["metadata", "labels"]) ?? [:],
                "annotations": template.at(["metadata", "annotations"]) ?? [:], "ownerReferences": [owner],
            ],
            "spec": spec,
            "status": [
                "phase": "Running", "podIP": .string("10.250.\(workload.name.utf8.count).\(index + 1)"), "startTime": started,
                "conditions": .array(conditions), "containerStatuses": statuses("containers", ["running": ["startedAt": started]]),
                "initContainerStatuses": statuses("initContainers", done),
            ],
        ]
    }

    /// Failed Jobs have been run again and are done; the CronJob takes the template of its last good run.
    private mutating func finishJobs() {
        let names = Set(causes.flatMap { [$0.object.name] + $0.affected.map(\.name) })
        func isConcerned(_ job: JSONNode) -> Bool {
            let owner = job.at(["metadata", "ownerReferences"])?.elements.first?["name"]?.word
            return (job.place.map(places.contains) ?? false) && (names.contains(job.name) || owner.map(names.contains) ?? false)
        }
        let good = (lists[ResourceType.jobs.path] ?? []).last { isConcerned($0) && ($0.at(["status", "succeeded"])?.number ?? 0) > 0 }
        let failed = Set(
            (lists[ResourceType.jobs.path] ?? []).filter { isConcerned($0) && ($0.at(["status", "succeeded"])?.number ?? 0) == 0 }.map(
                \.name))
        lists[ResourceType.pods.path]?.removeAll { pod in
            pod.at(["metadata", "ownerReferences"])?.elements.first?["name"]?.word.map(failed.contains) ?? false
        }
        lists[ResourceType.jobs.path] = lists[ResourceType.jobs.path]?.map { job in
            guard failed.contains(job.name) else { return job }
            var job = job
            if let template = good?.at(["spec", "template"]) { job.set(["spec", "template"], template) }
            job["status"] = [
                "succeeded": 1, "startTime": .string(ago(900)), "completionTime": .string(ago(600)),
                "conditions": [["type": "Complete", "status": "True", "lastTransitionTime": .string(ago(600))]],
            ]
            return job
        }
        lists[ResourceType.cronJobs.path] = lists[ResourceType.cronJobs.path]?.map { cron in
            guard names.contains(cron.name), let template = good?.at(["spec", "template"]) else { return cron }
            var cron = cron
            cron.set(["spec", "jobTemplate", "spec", "template"], template)
            cron.set(["status", "lastSuccessfulTime"], .string(ago(600)))
            cron.set(["status", "active"], .null)
            return cron
        }
    }

    private mutating func rebuildEndpoints() {
        let places = places
        lists[ResourceType.endpointSlices.path]?.removeAll { $0.place.map(places.contains) ?? false }
        lists[ResourceType.endpoints.path]?.removeAll { $0.place.map(places.contains) ?? false }
        for service in lists[ResourceType.services.path] ?? [] {
            guard let place = service.place, places.contains(place), let selector = service.at(["spec", "selector"]) else { continue }
            let pods = (lists[ResourceType.pods.path] ?? []).filter { pod in
                pod.place == place && pod.isReadyPod
                    && selector.pairs.allSatisfy { pod.at(["metadata", "labels"])?[$0.key]?.word == $0.value.word }
            }
            let endpoints = pods.map { pod -> JSONNode in
                [
                    "addresses": [pod.at(["status", "podIP"]) ?? "10.250.0.1"], "conditions": ["ready": true],
                    "targetRef": ["kind": "Pod", "name": .string(pod.name), "namespace": .string(place)],
                ]
            }
            let ports = (service.at(["spec", "ports"])?.elements ?? []).map { port -> JSONNode in
                ["name": port["name"] ?? "", "port": port["targetPort"] ?? port["port"] ?? 80, "protocol": port["protocol"] ?? "TCP"]
            }
            lists[ResourceType.endpointSlices.path, default: []].append([
                "metadata": [
                    "name": .string("\(service.name)-mended"), "namespace": .string(place),
                    "uid": .string("slice-\(place)-\(service.name)"),
                    "labels": ["kubernetes.io/service-name": .string(service.name)],
                ],
                "addressType": "IPv4", "endpoints": .array(endpoints), "ports": .array(ports),
            ])
        }
    }

    private func ago(_ seconds: Double) -> String { RFC3339.format(evidence.capturedAt.addingTimeInterval(-seconds)) }
}
