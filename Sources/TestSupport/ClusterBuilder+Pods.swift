import ClusterModel
import FastJSON
public import IncidentModel

extension ClusterBuilder {
    /// Adds a pod, by itself or owned.
    public mutating func pod(
        _ name: String, _ template: TemplateShape? = nil, _ shape: PodShape = .running, labels: [String: String] = [:],
        owner: ObjectReference? = nil, in namespace: String? = nil
    ) {
        let template = template ?? TemplateShape([ContainerShape(name)])
        var spec = template.spec
        if let node = shape.node { spec["nodeName"] = .string(node) }
        let allLabels = (labels.isEmpty ? ["app": name] : labels).merging(template.labels) { $1 }.merging(shape.labels) { $1 }
        add(
            .pods, name: name, in: namespace, labels: allLabels, annotations: template.annotations, owner: owner,
            minutesOld: shape.minutesOld,
            JSONNode.object([.init("spec", spec), .init("status", status(of: template, shape))]).merged(with: shape.more))
    }

    /// Names of pods, with their first container, that have this name or belong to a workload of this name.
    public func pods(named name: String, in namespace: String) -> [(pod: String, container: String)] {
        (objects[ResourceType.pods.path] ?? []).map(\.value).compactMap { pod in
            guard pod["metadata", "namespace"].string == namespace, let podName = pod["metadata", "name"].string,
                podName == name || pod["metadata", "labels", "app"].string == name
            else { return nil }
            return (podName, pod["spec", "containers"].array.first?["name"].string ?? "")
        }
    }

    private func status(of template: TemplateShape, _ shape: PodShape) -> JSONNode {
        let ready = shape.isReady(in: template)
        let old = time(minutesAgo: shape.minutesOld)
        let isReady: JSONNode = ["type": "Ready", "status": ready ? "True" : "False", "lastTransitionTime": .string(old)]
        guard shape.node != nil else {
            return [
                "phase": "Pending", "qosClass": "Burstable",
                "conditions": [
                    [
                        "type": "PodScheduled", "status": "False", "reason": "Unschedulable",
                        "message": .string(shape.unschedulable ?? ""), "lastTransitionTime": .string(old),
                    ], isReady,
                ],
            ]
        }
        let apps = template.containers.enumerated().map { index, container in
            (container, shape.others[container.name] ?? (index == 0 ? shape.state : .running))
        }
        let inits = template.initContainers.map { ($0, shape.others[$0.name] ?? ($0.isSidecar ? .running : .terminated(.init(0)))) }
        var status: JSONNode = [
            "phase": .string(Self.phase(apps.map(\.1), inits.filter { !$0.0.isSidecar }.map(\.1))), "qosClass": "Burstable",
            "startTime": .string(old),
            "hostIP": "192.0.2.10", "podIP": "10.244.\(serial / 250 % 250).\(serial % 250 + 1)",
            "conditions": [["type": "PodScheduled", "status": "True", "lastTransitionTime": .string(old)], isReady],
            "containerStatuses": .array(apps.map { containerStatus($0.0, $0.1, minutesOld: shape.minutesOld) }),
        ]
        if !inits.isEmpty {
            status["initContainerStatuses"] = .array(inits.map { containerStatus($0.0, $0.1, minutesOld: shape.minutesOld) })
        }
        return status
    }

    private func containerStatus(_ container: ContainerShape, _ state: ContainerState, minutesOld: Double) -> JSONNode {
        var status: JSONNode = [
            "name": .string(container.name), "image": .string(container.image), "imageID": "sha256:0", "ready": .bool(state.isReady),
            "restartCount": .int(state.restarts),
        ]
        let started = state.restarts > 0 ? min(1, minutesOld) : minutesOld
        switch state.phase {
        case .running:
            status["started"] = true
            status["state"] = ["running": ["startedAt": .string(time(minutesAgo: started))]]
        case .waiting(let reason, let message):
            var waiting: JSONNode = ["reason": .string(reason)]
            if let message { waiting["message"] = .string(message) }
            status["started"] = false
            status["state"] = ["waiting": waiting]
        case .terminated(let exit):
            status["state"] = ["terminated": termination(exit, minutesAgo: started)]
        }
        if let last = state.last { status["lastState"] = ["terminated": termination(last, minutesAgo: started)] }
        return status
    }

    private func termination(_ exit: ContainerState.Exit, minutesAgo: Double) -> JSONNode {
        var node: JSONNode = [
            "exitCode": .int(exit.code), "reason": .string(exit.reason),
            "startedAt": .string(time(minutesAgo: minutesAgo + Double(exit.afterSeconds) / 60)),
            "finishedAt": .string(time(minutesAgo: minutesAgo)),
        ]
        if let message = exit.message { node["message"] = .string(message) }
        return node
    }

    private static func phase(_ apps: [ContainerState], _ inits: [ContainerState]) -> String {
        func isDone(_ state: ContainerState) -> Bool { if case .terminated = state.phase { true } else { false } }
        func isWaiting(_ state: ContainerState) -> Bool { if case .waiting = state.phase { true } else { false } }
        if inits.contains(where: { !isDone($0) }) { return "Pending" }
        if !apps.isEmpty, apps.allSatisfy(isDone) {
            let hasFailed = apps.contains { if case .terminated(let exit) = $0.phase { exit.code != 0 } else { false } }
            return hasFailed ? "Failed" : "Succeeded"
        }
        // A container that never ran keeps its pod Pending.
        return apps.contains { isWaiting($0) && $0.restarts == 0 && $0.last == nil } ? "Pending" : "Running"
    }
}

extension PodShape {
    /// Whether all its containers are ready.
    func isReady(in template: TemplateShape) -> Bool {
        guard node != nil else { return false }
        let areReady = template.containers.enumerated().allSatisfy { index, container in
            (others[container.name] ?? (index == 0 ? state : .running)).isReady
        }
        return areReady
            && template.initContainers.allSatisfy { container in
                guard let state = others[container.name] else { return true }
                if container.isSidecar { return state.isReady }
                return if case .terminated(let exit) = state.phase { exit.code == 0 } else { false }
            }
    }
}
