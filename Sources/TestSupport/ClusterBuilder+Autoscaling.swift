import ClusterModel

extension ClusterBuilder {
    /// Adds a HorizontalPodAutoscaler of a Deployment that scales by CPU utilisation.
    /// - Parameters:
    ///   - current: utilisation last seen, in percent; `nil` where there is none.
    ///   - conditions: as the controller writes them.
    ///   - more: merged in at the end.
    public mutating func autoscaler(
        _ name: String, target: String? = nil, kind: String = "Deployment", min: Int = 1, max: Int = 5, replicas: Int = 1,
        utilization: Int = 70, current: Int? = nil, conditions: [JSONNode] = [], more: JSONNode = [:]
    ) {
        var status: JSONNode = [
            "currentReplicas": .int(replicas), "desiredReplicas": .int(replicas), "conditions": .array(conditions),
        ]
        if let current {
            status["currentMetrics"] = [
                [
                    "type": "Resource",
                    "resource": ["name": "cpu", "current": ["averageUtilization": .int(current), "averageValue": "400m"]],
                ]
            ]
        }
        let spec: JSONNode = [
            "scaleTargetRef": ["apiVersion": "apps/v1", "kind": .string(kind), "name": .string(target ?? name)],
            "minReplicas": .int(min), "maxReplicas": .int(max),
            "metrics": [
                [
                    "type": "Resource",
                    "resource": ["name": "cpu", "target": ["type": "Utilization", "averageUtilization": .int(utilization)]],
                ]
            ],
        ]
        add(
            .horizontalPodAutoscalers, name: name,
            JSONNode.object([.init("spec", spec), .init("status", status)]).merged(with: more))
    }

    /// Adds a PodDisruptionBudget over the pods of a workload.
    public mutating func budget(
        _ name: String, over app: String, minAvailable: JSONNode? = nil, maxUnavailable: JSONNode? = nil, healthy: Int, desired: Int,
        expected: Int
    ) {
        var spec: JSONNode = ["selector": ["matchLabels": ["app": .string(app)]]]
        spec["minAvailable"] = minAvailable
        spec["maxUnavailable"] = maxUnavailable
        add(
            .podDisruptionBudgets, name: name,
            [
                "spec": spec,
                "status": [
                    "disruptionsAllowed": .int(Swift.max(0, healthy - desired)), "currentHealthy": .int(healthy),
                    "desiredHealthy": .int(desired), "expectedPods": .int(expected),
                ],
            ])
    }

    /// Adds the resource metrics API with metrics-server behind it in `kube-system`.
    public mutating func metricsServer(pods: [PodShape] = [.running], image: String = "registry.k8s.io/metrics-server:v0.7.2") {
        let isServed = pods.contains { $0.isReady(in: TemplateShape([ContainerShape("metrics-server")])) }
        namespace("kube-system")
        deployment("metrics-server", TemplateShape([ContainerShape("metrics-server", image: image)]), pods: pods, in: "kube-system")
        service("metrics-server", port: 443, in: "kube-system")
        add(
            .apiServices, name: "v1beta1.metrics.k8s.io",
            [
                "spec": [
                    "group": "metrics.k8s.io", "version": "v1beta1", "service": ["namespace": "kube-system", "name": "metrics-server"],
                ],
                "status": [
                    "conditions": [
                        [
                            "type": "Available", "status": isServed ? "True" : "False", "reason": isServed ? "Passed" : "MissingEndpoints",
                            "message": isServed
                                ? "all checks passed"
                                : "endpoints for service/metrics-server in \"kube-system\" have no addresses with port name \"https\"",
                        ]
                    ]
                ],
            ])
    }
}
