import ClusterModel
import IncidentModel
import TestSupport
import Testing

/// Pods that the API server refuses by rule, for lack of a webhook, or for something they refer to.
@Suite struct AdmissionFixtures {
    private func refusal(_ message: String, kind: String = "Deployment", namespace labels: [String: String] = [:]) -> ClusterBuilder {
        var cluster = ClusterBuilder()
        switch kind {
        case "DaemonSet":
            cluster.daemonSet("web", pods: [], more: ["status": ["desiredNumberScheduled": 2]])
        case "StatefulSet": cluster.statefulSet("web", pods: [], replicas: 1)
        default: cluster.deployment("web", pods: [], replicas: 1)
        }
        if !labels.isEmpty { cluster.change(.namespaces, "shop", ["metadata": ["labels": .strings(labels)]]) }
        let name = kind == "Deployment" ? cluster.replicaSetName(of: "web") : "web"
        cluster.event(
            "FailedCreate",
            about: ObjectReference(kind: kind == "Deployment" ? "ReplicaSet" : kind, namespace: "shop", name: name), message)
        return cluster
    }

    // MARK: Pod Security

    @Test func `the check that pod security names is told as a field`() throws {
        let cluster = refusal(
            "Error creating: pods \"web-x\" is forbidden: violates PodSecurity \"baseline:latest\": privileged (container \"web\" must not set securityContext.privileged=true)",
            kind: "DaemonSet", namespace: ["pod-security.kubernetes.io/enforce": "baseline"])
        try diagnose(cluster.evidence(), "web has no pods", namespace: "shop").names(
            .podSecurityViolation, on: "DaemonSet shop/web", ["policy": "baseline:latest", "field": "privileged", "container": "web"])
    }

    @Test func `all checks of the restricted level are told`() throws {
        let cluster = refusal(
            "create Pod web-0 in StatefulSet web failed error: pods \"web-0\" is forbidden: violates PodSecurity \"restricted:v1.30\": allowPrivilegeEscalation != false (container \"web\" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container \"web\" must set securityContext.capabilities.drop=[\"ALL\"]), runAsNonRoot != true (pod or container \"web\" must set securityContext.runAsNonRoot=true), seccompProfile (pod or container \"web\" must set securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\")",
            kind: "StatefulSet")
        try diagnose(cluster.evidence(), "web has no pods", namespace: "shop").names(
            .podSecurityViolation, on: "StatefulSet shop/web",
            ["field": "allowPrivilegeEscalation,capabilities,runAsNonRoot,seccompProfile"])
    }

    @Test func `a level that only warns refuses nothing`() throws {
        var cluster = ClusterBuilder()
        cluster.change(.namespaces, "shop", ["metadata": ["labels": ["pod-security.kubernetes.io/warn": "restricted"]]])
        cluster.deployment("web", pods: [.running])
        cluster.event(
            "FailedCreate", about: ObjectReference(kind: "ReplicaSet", namespace: "shop", name: cluster.replicaSetName(of: "web")),
            "would violate PodSecurity \"restricted:latest\": runAsNonRoot != true (pod or container \"web\" must set securityContext.runAsNonRoot=true)"
        )
        try diagnose(cluster.evidence(), "Is shop all right?", namespace: "shop").isSilent()
    }

    // MARK: Policies

    @Test(arguments: [
        (
            "Error creating: admission webhook \"validation.gatekeeper.sh\" denied the request: [must-have-owner] you must provide labels: {\"owner\"}",
            "must-have-owner"
        ),
        (
            "Error creating: admission webhook \"validate.kyverno.svc-fail\" denied the request: \n\nresource Pod/shop/web-x was blocked due to the following policies \n\nrequire-limits:\n  check-limits: 'validation error: limits are required. rule check-limits failed at path /spec/containers/0/resources/limits/'\n",
            "require-limits"
        ),
        (
            "Error creating: pods \"web-x\" is forbidden: ValidatingAdmissionPolicy 'no-latest' with binding 'no-latest-shop' denied request: images must be pinned",
            "no-latest"
        ),
        (
            "Error creating: pods \"web-\" is forbidden: PodSecurityPolicy: unable to admit pod: [spec.containers[0].securityContext.privileged: Invalid value: true: Privileged containers are not allowed]",
            "PodSecurityPolicy"
        ),
    ])
    func `the policy that denies is named`(_ message: String, _ policy: String) throws {
        try diagnose(refusal(message).evidence(), "web has no pods", namespace: "shop")
            .names(.admissionDenied, on: "Deployment shop/web", ["policy": policy])
    }

    @Test func `a terminating namespace takes nothing new`() throws {
        var cluster = refusal(
            "Error creating: pods \"web-x\" is forbidden: unable to create new content in namespace shop because it is being terminated")
        cluster.change(.namespaces, "shop", ["status": ["phase": "Terminating"]])
        try diagnose(cluster.evidence(), "web has no pods", namespace: "shop").names(.namespaceTerminating, on: "Namespace shop")
    }

    @Test func `a quota that is not computed yet is no denial`() throws {
        let cluster = refusal("Error creating: pods \"web-x\" is forbidden: status unknown for quota: team, resources: pods")
        try diagnose(cluster.evidence(), "web has no pods", namespace: "shop").doesNotClaim(.admissionDenied)
    }

    // MARK: Webhooks

    private static let call =
        "Error creating: Internal error occurred: failed calling webhook \"pods.guard.example.com\": failed to call webhook: Post \"https://guard.policy.svc:443/validate?timeout=10s\": "

    private func hook(_ cluster: inout ClusterBuilder, port: Int = 443) {
        cluster.add(
            .validatingWebhookConfigurations, name: "guard",
            [
                "webhooks": [
                    [
                        "name": "pods.guard.example.com", "failurePolicy": "Fail",
                        "clientConfig": ["service": ["name": "guard", "namespace": "policy", "port": .int(port), "path": "/validate"]],
                    ]
                ]
            ])
    }

    @Test func `a webhook whose workload is broken leads to that workload`() throws {
        var cluster = refusal(Self.call + "no endpoints available for service \"guard\"")
        hook(&cluster)
        cluster.namespace("policy")
        cluster.deployment(
            "guard", TemplateShape([ContainerShape("guard", image: "registry.example.com/guard:9.9")]),
            pods: [
                .waiting(
                    "ImagePullBackOff",
                    "Back-off pulling image \"registry.example.com/guard:9.9\": ErrImagePull: rpc error: code = NotFound desc = failed to pull and unpack image \"registry.example.com/guard:9.9\": registry.example.com/guard:9.9: not found"
                )
            ], in: "policy")
        cluster.service("guard", port: 443, in: "policy")
        let top = try diagnose(cluster.evidence(), "web has no pods", namespace: "shop")
            .names(.imageNotFound, on: "Deployment policy/guard")
        #expect(top.affected.map(\.description).contains("Deployment shop/web"))
    }

    @Test(arguments: [
        ("dial tcp 10.96.0.7:443: connect: connection refused", "connection refused"),
        ("context deadline exceeded", "timeout"),
        (
            "tls: failed to verify certificate: x509: certificate signed by unknown authority", "its certificate is not trusted"
        ),
        ("service \"guard\" not found", "its Service does not exist"),
    ])
    func `why a webhook cannot be called`(_ error: String, _ reason: String) throws {
        var cluster = refusal(Self.call + error)
        hook(&cluster)
        cluster.namespace("policy")
        if !error.contains("not found") {
            cluster.deployment("guard", pods: [.running], in: "policy")
            cluster.service("guard", port: 443, in: "policy")
        }
        try diagnose(cluster.evidence(), "web has no pods", namespace: "shop").names(
            .admissionWebhookUnavailable, on: "ValidatingWebhookConfiguration guard",
            ["webhook": "pods.guard.example.com", "reason": reason, "reference": "guard"])
    }

    @Test func `a port that the webhook's service does not have`() throws {
        var cluster = refusal(
            "Error creating: Internal error occurred: failed calling webhook \"pods.guard.example.com\": failed to call webhook: Post \"https://guard.policy.svc:8443/validate?timeout=10s\": no service port 8443 found for service \"guard\""
        )
        hook(&cluster, port: 8443)
        cluster.namespace("policy")
        cluster.deployment("guard", pods: [.running], in: "policy")
        cluster.service("guard", port: 443, in: "policy")
        try diagnose(cluster.evidence(), "web has no pods", namespace: "shop").names(
            .admissionWebhookUnavailable, on: "ValidatingWebhookConfiguration guard", ["field": "port", "port": "8443", "expected": "443"])
    }

    @Test func `a webhook that nobody misses is silent`() throws {
        var cluster = ClusterBuilder()
        hook(&cluster)
        cluster.change(.validatingWebhookConfigurations, "guard", ["webhooks": [["name": "g", "failurePolicy": "Ignore"]]])
        cluster.deployment("web", pods: [.running])
        try diagnose(cluster.evidence(), "Is shop all right?", namespace: "shop").isSilent()
    }

    // MARK: Accounts

    @Test func `a service account that does not exist`() throws {
        var cluster = refusal(
            "Error creating: pods \"web-6b7f9c8d5-\" is forbidden: error looking up service account shop/web-runner: serviceaccount \"web-runner\" not found"
        )
        cluster.serviceAccount("web-runer")
        try diagnose(cluster.evidence(), "web has no pods", namespace: "shop").names(
            .serviceAccountNotFound, on: "Deployment shop/web",
            ["reference": "web-runner", "field": "serviceAccountName", "expected": "web-runer"])
    }

    @Test func `a missing service account shows without any event`() throws {
        var cluster = ClusterBuilder()
        cluster.statefulSet("db", TemplateShape([ContainerShape("db")], serviceAccount: "db-runner"), pods: [], replicas: 1)
        try diagnose(cluster.evidence(), "db has no pods", namespace: "shop")
            .names(.serviceAccountNotFound, on: "StatefulSet shop/db", ["reference": "db-runner"])
    }

    @Test func `accounts that were not read are not called missing`() throws {
        var cluster = ClusterBuilder()
        cluster.removeList(.serviceAccounts, reason: "403 Forbidden")
        cluster.statefulSet("db", TemplateShape([ContainerShape("db")], serviceAccount: "db-runner"), pods: [], replicas: 1)
        try diagnose(cluster.evidence(), "db has no pods", namespace: "shop").doesNotClaim(.serviceAccountNotFound)
    }

    @Test func `a priority class that does not exist`() throws {
        let cluster = refusal("Error creating: pods \"web-\" is forbidden: no PriorityClass with name urgent was found")
        try diagnose(cluster.evidence(), "web has no pods", namespace: "shop")
            .names(.schedulerMissing, on: "Deployment shop/web", ["field": "priorityClassName", "reference": "urgent"])
    }
}
