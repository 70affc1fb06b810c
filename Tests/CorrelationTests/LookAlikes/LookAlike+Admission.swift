import ClusterModel
import IncidentModel
import TestSupport

extension LookAlike {
    /// Pods that are never made, and what an identity may do.
    static let admission: [LookAlike] = [
        LookAlike(
            cause: .quotaExceeded, object: "ResourceQuota shop/team",
            details: ["quota": "team", "resource": "memory", "field": "requests.memory", "found": "1Gi"],
            fault: {
                var cluster = refusedPods(
                    "exceeded quota: team, requested: requests.memory=512Mi, used: requests.memory=1Gi, limited: requests.memory=1Gi",
                    requests: ["memory": "512Mi"], running: 2, wished: 4)
                cluster.quota("team", hard: ["requests.memory": "1Gi"], used: ["requests.memory": "1Gi"])
                return cluster
            },
            twinIs: "a full quota and a container without the request that it demands", twinCause: .quotaRequiresResources,
            twin: {
                var cluster = refusedPods("failed quota: team: must specify requests.memory for: web")
                cluster.quota("team", hard: ["requests.memory": "1Gi"], used: ["requests.memory": "1Gi"])
                cluster.deployment(
                    "orders", TemplateShape([ContainerShape("orders", requests: ["memory": "512Mi"])]), pods: [.running, .running])
                return cluster
            }),
        LookAlike(
            cause: .quotaExceeded, object: "ResourceQuota shop/team", details: ["quota": "team", "resource": "pods", "found": "2"],
            fault: {
                // A roll-out whose one pod more is refused, with all old pods there.
                var cluster = refusedPods("exceeded quota: team, requested: pods=1, used: pods=2, limited: pods=2", revision: 2)
                cluster.change(.replicaSets, cluster.replicaSetName("web", 2), ["spec": ["replicas": 1]])
                cluster.change(
                    .deployments, "web", ["status": ["replicas": 2, "readyReplicas": 2, "availableReplicas": 2, "updatedReplicas": 0]])
                cluster.replicaSet(
                    of: "web", TemplateShape([ContainerShape("web", image: "registry.example.com/app:0.9.0")]), pods: [.running, .running],
                    revision: 1, minutesOld: 9_000)
                cluster.quota("team", hard: ["pods": "2"], used: ["pods": "2"])
                return cluster
            },
            twinIs: "a quota at its limit and a pod, already made, that no node takes", twinCause: .insufficientResources,
            twin: {
                var cluster = ClusterBuilder()
                cluster.deployment(
                    "web", TemplateShape([ContainerShape("web", requests: ["cpu": "1500m"])]),
                    pods: [
                        .running, .running,
                        .unschedulable(
                            """
                            0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: 1 No preemption victims \
                            found for incoming pod.
                            """
                        ),
                    ])
                cluster.quota("team", hard: ["pods": "3"], used: ["pods": "3"])
                return cluster
            }),
        LookAlike(
            cause: .quotaRequiresResources, object: "Deployment shop/web",
            details: ["quota": "team", "resource": "cpu", "field": "limits.cpu", "container": "web"],
            fault: {
                var cluster = refusedPods("failed quota: team: must specify limits.cpu for: web; limits.memory for: web")
                cluster.quota(
                    "team", hard: ["limits.cpu": "8", "limits.memory": "16Gi"], used: ["limits.cpu": "1", "limits.memory": "1Gi"])
                return cluster
            },
            twinIs: "limits that a LimitRange fills in and that no longer fit", twinCause: .quotaExceeded,
            twin: {
                var cluster = refusedPods(
                    "exceeded quota: team, requested: limits.memory=1Gi, used: limits.memory=3584Mi, limited: limits.memory=4Gi")
                cluster.quota("team", hard: ["limits.memory": "4Gi"], used: ["limits.memory": "3584Mi"])
                cluster.limitRange("defaults", defaults: ["memory": "1Gi"])
                cluster.deployment("orders", TemplateShape([ContainerShape("orders", limits: ["memory": "3584Mi"])]))
                return cluster
            }),
        LookAlike(
            cause: .limitRangeViolation, object: "Deployment shop/web",
            details: ["resource": "memory", "reference": "sizes", "found": "2Gi", "expected": "at most 1Gi"],
            fault: {
                var cluster = refusedPods("maximum memory usage per Container is 1Gi, but limit is 2Gi", limits: ["memory": "2Gi"])
                cluster.limitRange("sizes", max: ["memory": "1Gi"])
                cluster.quota("team", hard: ["limits.memory": "16Gi"], used: ["limits.memory": "4Gi"])
                return cluster
            },
            twinIs: "a container within the range, for which the namespace has no room", twinCause: .quotaExceeded,
            twin: {
                var cluster = refusedPods(
                    "exceeded quota: team, requested: limits.memory=2Gi, used: limits.memory=15Gi, limited: limits.memory=16Gi",
                    limits: ["memory": "2Gi"])
                cluster.limitRange("sizes", max: ["memory": "2Gi"])
                cluster.quota("team", hard: ["limits.memory": "16Gi"], used: ["limits.memory": "15Gi"])
                return cluster
            }),
        LookAlike(
            cause: .podSecurityViolation, object: "Deployment shop/web", details: ["policy": "restricted:latest", "container": "web"],
            fault: {
                var cluster = refusedPods(
                    """
                    violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false (container "web" must set \
                    securityContext.allowPrivilegeEscalation=false), runAsNonRoot != true (pod or container "web" must set \
                    securityContext.runAsNonRoot=true)
                    """
                )
                enforceRestricted(&cluster)
                return cluster
            },
            twinIs: "a pod that is admitted and that the node cannot start as it asks", twinCause: .securityContextConflict,
            twin: {
                var cluster = ClusterBuilder()
                enforceRestricted(&cluster)
                cluster.deployment(
                    "web", TemplateShape([ContainerShape("web", more: ["securityContext": ["runAsNonRoot": true]])]),
                    pods: [
                        .waiting(
                            "CreateContainerConfigError",
                            """
                            container has runAsNonRoot and image will run as root (pod: "web-6b7f9c8d5-x2x2x_shop(4f1c0b7a)", container: \
                            web)
                            """
                        )
                    ])
                return cluster
            }),
        LookAlike(
            cause: .podSecurityViolation, object: "DaemonSet shop/agent",
            details: ["policy": "baseline:latest", "field": "privileged", "container": "agent"],
            fault: {
                var cluster = ClusterBuilder()
                cluster.daemonSet("agent", pods: [], more: ["status": ["desiredNumberScheduled": 2]])
                cluster.change(.namespaces, "shop", ["metadata": ["labels": ["pod-security.kubernetes.io/enforce": "baseline"]]])
                cluster.event(
                    "FailedCreate", about: ObjectReference(kind: "DaemonSet", namespace: "shop", name: "agent"),
                    """
                    Error creating: pods "agent-x2x2x" is forbidden: violates PodSecurity "baseline:latest": privileged (container \
                    "agent" must not set securityContext.privileged=true)
                    """,
                    count: 15, source: "daemonset-controller")
                return cluster
            },
            twinIs: "a policy engine's webhook that checks the same profile by a rule of its own", twinCause: .admissionDenied,
            twin: {
                refusedPods(
                    """
                    admission webhook "validate.kyverno.svc-fail" denied the request: \n\nresource Pod/shop/web-6b7f9c8d5-x2x2x was \
                    blocked due to the following policies \n\npod-security:\n  baseline: 'Validation rule ''baseline'' failed. It \
                    violates PodSecurity "baseline:latest":\n    (Forbidden reason: privileged, field error list: \
                    [spec.containers[0].securityContext.privileged\n    is forbidden, forbidden values found: true])'\n
                    """,
                    isForbidden: false)
            }),
        LookAlike(
            cause: .admissionDenied, object: "Deployment shop/web",
            details: ["webhook": "validation.gatekeeper.sh", "policy": "must-have-owner"],
            fault: {
                var cluster = refusedPods(
                    """
                    admission webhook "validation.gatekeeper.sh" denied the request: [must-have-owner] you must provide labels: {"owner"}
                    """,
                    isForbidden: false)
                webhook(&cluster, "validation.gatekeeper.sh")
                return cluster
            },
            twinIs: "the same webhook, which gives no answer", twinCause: .admissionWebhookUnavailable,
            twin: {
                var cluster = refusedPods(
                    uncallable("validation.gatekeeper.sh", "context deadline exceeded"), isForbidden: false)
                webhook(&cluster, "validation.gatekeeper.sh")
                return cluster
            }),
        LookAlike(
            cause: .admissionWebhookUnavailable, object: "ValidatingWebhookConfiguration guard",
            details: ["webhook": "images.guard.example.com", "reference": "guard", "reason": "connection refused"],
            fault: {
                var cluster = refusedPods(
                    uncallable("images.guard.example.com", "dial tcp 10.96.0.7:443: connect: connection refused"), isForbidden: false)
                webhook(&cluster, "images.guard.example.com")
                return cluster
            },
            // The webhook answers; what it cannot reach is its own affair, and its rule is to deny then.
            twinIs: "a webhook that answers, and denies because it cannot reach something", twinCause: .admissionDenied,
            twin: {
                var cluster = refusedPods(
                    """
                    admission webhook "images.guard.example.com" denied the request: signature of registry.example.com/app:1.0.0 cannot \
                    be verified: Get "https://signatures.example.com/v1": dial tcp 203.0.113.7:443: connect: connection refused
                    """,
                    isForbidden: false)
                webhook(&cluster, "images.guard.example.com")
                return cluster
            }),
        LookAlike(
            cause: .admissionWebhookUnavailable, object: "ValidatingWebhookConfiguration guard",
            details: ["webhook": "images.guard.example.com", "reference": "guard"],
            fault: {
                var cluster = refusedPods(
                    uncallable(
                        "images.guard.example.com",
                        "tls: failed to verify certificate: x509: certificate signed by unknown authority"), isForbidden: false)
                webhook(&cluster, "images.guard.example.com")
                return cluster
            },
            twinIs: "a webhook that is down and whose failures are ignored",
            twin: {
                var cluster = ClusterBuilder()
                cluster.deployment("web", pods: [.running, .running])
                webhook(&cluster, "images.guard.example.com", failurePolicy: "Ignore", pods: [.running(ready: false)])
                return cluster
            }),
        LookAlike(
            cause: .serviceAccountNotFound, object: "Deployment shop/web",
            details: ["reference": "web-runner", "field": "serviceAccountName"],
            fault: {
                refusedPods(
                    "error looking up service account shop/web-runner: serviceaccount \"web-runner\" not found",
                    serviceAccount: "web-runner")
            },
            twinIs: "an account that exists and may do nothing", twinCause: .permissionForbidden, twin: { refusedLister() }),
        LookAlike(
            cause: .permissionForbidden, object: "Deployment shop/web",
            details: [
                "user": "system:serviceaccount:shop:web-runner", "resource": "leases", "field": "verbs", "expected": "list",
                "reference": "web-runner",
            ],
            fault: {
                var cluster = refusedLister()
                cluster.role("web-runner", verbs: ["get"], resources: ["leases"], groups: ["coordination.k8s.io"])
                cluster.binding("web-runner", role: "web-runner", account: "web-runner")
                return cluster
            },
            twinIs: "a database that refuses the user", twinCause: .credentialsRejected,
            twin: {
                var cluster = crashingClient(
                    "2026/11/23 18:59:58 FATAL connect to db:5432: pq: password authentication failed for user \"web-runner\"",
                    env: ["DB_HOST": "db", "DB_PORT": "5432"])
                cluster.statefulSet("db", TemplateShape([ContainerShape("postgres", image: "postgres:16", ports: [5432])]))
                cluster.service("db", port: 5432)
                return cluster
            }),
    ]
}

/// A Deployment whose ReplicaSet is refused its pods in these words, as its event and its condition say.
private func refusedPods(
    _ words: String, requests: [String: String] = [:], limits: [String: String] = [:], serviceAccount: String? = nil, running: Int = 0,
    wished: Int = 2, revision: Int = 1, isForbidden: Bool = true
) -> ClusterBuilder {
    var cluster = ClusterBuilder()
    let template = TemplateShape([ContainerShape("web", requests: requests, limits: limits)], serviceAccount: serviceAccount)
    cluster.deployment("web", template, pods: Array(repeating: .running, count: running), replicas: wished, revision: revision)
    let set = cluster.replicaSetName("web", revision)
    let message = isForbidden ? "pods \"\(set)-x2x2x\" is forbidden: \(words)" : words
    let condition: JSONNode = [
        "type": "ReplicaFailure", "status": "True", "reason": "FailedCreate", "message": .string(message),
    ]
    cluster.change(.replicaSets, set, ["status": ["conditions": [condition]]])
    cluster.event(
        "FailedCreate", about: ObjectReference(kind: "ReplicaSet", namespace: "shop", name: set), "Error creating: \(message)",
        count: 14, firstMinutesAgo: 12, source: "replicaset-controller")
    return cluster
}

private func enforceRestricted(_ cluster: inout ClusterBuilder) {
    cluster.change(.namespaces, "shop", ["metadata": ["labels": ["pod-security.kubernetes.io/enforce": "restricted"]]])
}

/// The words of an API server that could not call a webhook.
private func uncallable(_ hook: String, _ error: String) -> String {
    let call = "failed to call webhook: Post \"https://guard.policy.svc:443/validate?timeout=10s\""
    return "Internal error occurred: failed calling webhook \"\(hook)\": \(call): \(error)"
}

/// A validating webhook with its Service and pods in namespace `policy`.
private func webhook(
    _ cluster: inout ClusterBuilder, _ name: String, failurePolicy: String = "Fail", pods: [PodShape] = [.running]
) {
    cluster.namespace("policy")
    cluster.deployment("guard", TemplateShape([ContainerShape("guard", ports: [443])]), pods: pods, in: "policy")
    cluster.service("guard", port: 443, in: "policy")
    cluster.add(
        .validatingWebhookConfigurations, name: "guard",
        [
            "webhooks": [
                [
                    "name": .string(name), "failurePolicy": .string(failurePolicy),
                    "clientConfig": ["service": ["name": "guard", "namespace": "policy", "port": 443, "path": "/validate"]],
                ]
            ]
        ])
}

/// A Deployment that runs as account `web-runner`, which exists, and dies with this line.
private func crashingClient(_ line: String, env: [String: String] = [:]) -> ClusterBuilder {
    var cluster = ClusterBuilder()
    cluster.serviceAccount("web-runner")
    cluster.deployment(
        "web", TemplateShape([ContainerShape("web", env: env)], serviceAccount: "web-runner"), pods: [.crashLooping(.init(1))])
    cluster.log("web", previous: true, line)
    return cluster
}

private func refusedLister() -> ClusterBuilder {
    crashingClient(
        """
        E1123 18:59:58.123456       1 main.go:88] failed to list leases: leases.coordination.k8s.io is forbidden: User \
        "system:serviceaccount:shop:web-runner" cannot list resource "leases" in API group "coordination.k8s.io" in the namespace "shop"
        """
    )
}
