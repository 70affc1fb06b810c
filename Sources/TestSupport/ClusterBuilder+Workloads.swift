import ClusterModel
public import IncidentModel

extension ClusterBuilder {
    /// Adds a Deployment with its ReplicaSet and pods; pods carry the label `app: <name>`.
    /// - Parameters:
    ///   - template: `nil` means one container named as the Deployment.
    ///   - replicas: `nil` wishes as many as there are pods.
    ///   - more: merged into the Deployment.
    /// - Returns: names of the pods.
    @discardableResult
    public mutating func deployment(
        _ name: String, _ template: TemplateShape? = nil, pods: [PodShape] = [.running], replicas: Int? = nil, in namespace: String? = nil,
        revision: Int = 1, minutesOld: Double = 60, more: JSONNode = [:]
    ) -> [String] {
        let template = template ?? TemplateShape([ContainerShape(name)])
        let space = namespace ?? self.namespace
        let ready = pods.filter { $0.isReady(in: template) }.count
        let wished = replicas ?? pods.count
        let annotations = ["deployment.kubernetes.io/revision": String(revision)]
        let available: JSONNode = [
            "type": "Available", "status": ready >= wished ? "True" : "False",
            "reason": ready >= wished ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
        ]
        add(
            .deployments, name: name, in: space, annotations: annotations, minutesOld: minutesOld,
            body(
                of: name, template, replicas: wished,
                [
                    "observedGeneration": 1, "replicas": .int(pods.count), "updatedReplicas": .int(pods.count),
                    "readyReplicas": .int(ready),
                    "availableReplicas": .int(ready), "conditions": [available],
                ]
            ).merged(with: more))
        return replicaSet(of: name, template, pods: pods, revision: revision, replicas: wished, in: space, minutesOld: minutesOld)
    }

    /// Adds a ReplicaSet of a Deployment, e.g. an older revision, with its pods.
    @discardableResult
    public mutating func replicaSet(
        of deployment: String, _ template: TemplateShape, pods: [PodShape] = [], revision: Int, replicas: Int? = nil,
        in namespace: String? = nil, minutesOld: Double = 60, more: JSONNode = [:]
    ) -> [String] {
        let space = namespace ?? self.namespace
        let hash = Self.hash(deployment, revision)
        let name = "\(deployment)-\(hash)"
        let ready = pods.filter { $0.isReady(in: template) }.count
        add(
            .replicaSets, name: name, in: space, labels: ["app": deployment, "pod-template-hash": hash],
            annotations: ["deployment.kubernetes.io/revision": String(revision)],
            owner: ObjectReference(kind: "Deployment", namespace: space, name: deployment), minutesOld: minutesOld,
            body(of: deployment, template, replicas: replicas ?? pods.count, ["replicas": .int(pods.count), "readyReplicas": .int(ready)])
                .merged(with: more))
        let owner = ObjectReference(kind: "ReplicaSet", namespace: space, name: name)
        return pods.enumerated().map { index, shape in
            let podName = shape.name ?? "\(name)-\(Self.suffix(index))"
            pod(podName, template, shape, labels: ["app": deployment, "pod-template-hash": hash], owner: owner, in: space)
            return podName
        }
    }

    /// Adds a StatefulSet with its pods, named `<name>-0` and so on.
    @discardableResult
    public mutating func statefulSet(
        _ name: String, _ template: TemplateShape? = nil, pods: [PodShape] = [.running], replicas: Int? = nil, in namespace: String? = nil,
        more: JSONNode = [:]
    ) -> [String] {
        controlled(.statefulSets, name, template, pods: pods, replicas: replicas, in: namespace, more: more) { "\(name)-\($0)" }
    }

    /// Adds a DaemonSet with its pods.
    @discardableResult
    public mutating func daemonSet(
        _ name: String, _ template: TemplateShape? = nil, pods: [PodShape] = [.running], in namespace: String? = nil, more: JSONNode = [:]
    ) -> [String] {
        let status: JSONNode = [
            "status": ["desiredNumberScheduled": .int(pods.count), "numberReady": 0, "updatedNumberScheduled": .int(pods.count)]
        ]
        return controlled(.daemonSets, name, template, pods: pods, replicas: nil, in: namespace, more: status.merged(with: more)) {
            "\(name)-\(Self.suffix($0))"
        }
    }

    /// Adds a Job with its pods.
    @discardableResult
    public mutating func job(
        _ name: String, _ template: TemplateShape? = nil, pods: [PodShape] = [], owner: ObjectReference? = nil, in namespace: String? = nil,
        more: JSONNode = [:]
    ) -> [String] {
        let body = JSONNode.object([.init("spec", ["completions": 1, "parallelism": 1, "backoffLimit": 6])]).merged(with: more)
        return controlled(.jobs, name, template, pods: pods, replicas: nil, owner: owner, in: namespace, more: body) {
            "\(name)-\(Self.suffix($0))"
        }
    }

    /// Adds a CronJob.
    public mutating func cronJob(
        _ name: String, _ template: TemplateShape? = nil, schedule: String = "*/5 * * * *", in namespace: String? = nil,
        more: JSONNode = [:]
    ) {
        let template = template ?? TemplateShape([ContainerShape(name)])
        let spec: JSONNode = [
            "schedule": .string(schedule), "jobTemplate": ["spec": ["template": ["spec": template.spec]]],
        ]
        add(.cronJobs, name: name, in: namespace, JSONNode.object([.init("spec", spec)]).merged(with: more))
    }

    private mutating func controlled(
        _ type: ResourceType, _ name: String, _ template: TemplateShape?, pods: [PodShape], replicas: Int?, owner: ObjectReference? = nil,
        in namespace: String?, more: JSONNode, podName: (Int) -> String
    ) -> [String] {
        let template = template ?? TemplateShape([ContainerShape(name)])
        let space = namespace ?? self.namespace
        let ready = pods.filter { $0.isReady(in: template) }.count
        let status: JSONNode = ["replicas": .int(pods.count), "readyReplicas": .int(ready), "numberReady": .int(ready)]
        add(
            type, name: name, in: space, owner: owner,
            body(of: name, template, replicas: replicas ?? pods.count, status).merged(with: more))
        return pods.enumerated().map { index, shape in
            let podName = shape.name ?? podName(index)
            let owner = ObjectReference(kind: type.kind, namespace: space, name: name)
            pod(podName, template, shape, labels: ["app": name], owner: owner, in: space)
            return podName
        }
    }

    private func body(of name: String, _ template: TemplateShape, replicas: Int, _ status: JSONNode) -> JSONNode {
        let labels = ["app": name].merging(template.labels) { $1 }
        return [
            "spec": [
                "replicas": .int(replicas), "selector": ["matchLabels": ["app": .string(name)]],
                "template": [
                    "metadata": ["labels": .strings(labels), "annotations": .strings(template.annotations)], "spec": template.spec,
                ],
            ],
            "status": status,
        ]
    }

    static func hash(_ name: String, _ revision: Int) -> String {
        let number = name.utf8.reduce(revision) { ($0 &* 31 &+ Int($1)) & 0xFFF_FFFF }
        // Letters and digits that the controller uses: no vowels, none that look alike.
        let alphabet = Array("bcdfghjklmnpqrstvwxz2456789")
        return String((0..<9).map { alphabet[(number >> ($0 * 3)) % alphabet.count] })
    }

    static func suffix(_ index: Int) -> String {
        let alphabet = Array("bcdfghjklmnpqrstvwxz2456789")
        return "x7k" + String([alphabet[index / alphabet.count % alphabet.count], alphabet[index % alphabet.count]])
    }
}
