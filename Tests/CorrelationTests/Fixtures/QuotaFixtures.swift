import ClusterModel
import IncidentModel
import TestSupport
import Testing

/// Pods that are never made for want of quota, or because of a LimitRange.
@Suite struct QuotaFixtures {
    private func cluster(_ message: String, template: TemplateShape? = nil, running: Int = 0, wished: Int = 1) -> ClusterBuilder {
        var cluster = ClusterBuilder()
        cluster.deployment("web", template, pods: Array(repeating: .running, count: running), replicas: wished)
        cluster.event(
            "FailedCreate", about: ObjectReference(kind: "ReplicaSet", namespace: "shop", name: cluster.replicaSetName(of: "web")), message,
            count: 14, source: "replicaset-controller")
        return cluster
    }

    @Test func `a quota that is used up is found with some replicas running`() throws {
        var cluster = cluster(
            "Error creating: pods \"web-6b7f9c8d5-x2x2x\" is forbidden: exceeded quota: team, requested: requests.memory=512Mi, used: requests.memory=1Gi, limited: requests.memory=1Gi",
            running: 2, wished: 4)
        cluster.quota("team", hard: ["requests.memory": "1Gi"], used: ["requests.memory": "1Gi"])
        let top = try diagnose(cluster.evidence(), "Partial Service Unreachability.", namespace: "shop").names(
            .quotaExceeded, on: "ResourceQuota shop/team",
            ["quota": "team", "resource": "memory", "field": "requests.memory", "found": "1Gi", "expected": "1536Mi"],
            saying: ["2 of 4 replicas"])
        #expect(top.affected.map(\.description).contains("Deployment shop/web"))
    }

    @Test func `of several resources the one that is exceeded is named`() throws {
        var cluster = cluster(
            "Error creating: pods \"web-6b7f9c8d5-x2x2x\" is forbidden: exceeded quota: team, requested: limits.cpu=500m,pods=1, used: limits.cpu=1,pods=5, limited: limits.cpu=4,pods=5"
        )
        cluster.quota("team", hard: ["limits.cpu": "4", "pods": "5"], used: ["limits.cpu": "1", "pods": "5"])
        try diagnose(cluster.evidence(), "web is down", namespace: "shop")
            .names(.quotaExceeded, on: "ResourceQuota shop/team", ["resource": "pods", "found": "5", "expected": "6"])
    }

    @Test func `the condition outlives the event`() throws {
        var cluster = ClusterBuilder()
        let failure: JSONNode = [
            "type": "ReplicaFailure", "status": "True", "reason": "FailedCreate",
            "message":
                "pods \"web-6b7f9c8d5-x2x2x\" is forbidden: exceeded quota: team, requested: count/pods=1, used: count/pods=3, limited: count/pods=3",
        ]
        cluster.deployment("web", pods: [], replicas: 1, more: ["status": ["conditions": [failure]]])
        try diagnose(cluster.evidence(), "web is down", namespace: "shop")
            .names(.quotaExceeded, on: "ResourceQuota shop/team", ["resource": "pods", "field": "count/pods"])
    }

    @Test func `a condition without its message is made up for by the quota itself`() throws {
        var cluster = ClusterBuilder()
        cluster.deployment("web", TemplateShape([ContainerShape("web", requests: ["cpu": "2"])]), pods: [.running], replicas: 3)
        cluster.quota("team", hard: ["requests.cpu": "3", "secrets": "10"], used: ["requests.cpu": "2", "secrets": "10"])
        try diagnose(cluster.evidence(), "web has too few pods", namespace: "shop").names(
            .quotaExceeded, on: "ResourceQuota shop/team", ["resource": "cpu", "found": "3", "expected": "4"])
    }

    @Test func `a quota at its limit with nobody refused is silent`() throws {
        var cluster = ClusterBuilder()
        cluster.deployment("web", TemplateShape([ContainerShape("web", requests: ["cpu": "1"])]), pods: [.running, .running])
        cluster.quota("team", hard: ["requests.cpu": "2", "pods": "2"], used: ["requests.cpu": "2", "pods": "2"])
        try diagnose(cluster.evidence(), "Is shop all right?", namespace: "shop").isSilent()
    }

    @Test func `a refusal that a later success made void is silent`() throws {
        var cluster = cluster(
            "Error creating: pods \"web-6b7f9c8d5-x2x2x\" is forbidden: exceeded quota: team, requested: pods=1, used: pods=2, limited: pods=2",
            running: 2, wished: 2)
        cluster.event(
            "SuccessfulCreate", about: ObjectReference(kind: "ReplicaSet", namespace: "shop", name: cluster.replicaSetName(of: "web")),
            "Created pod: web-6b7f9c8d5-x2x2x", type: "Normal", minutesAgo: 1)
        try diagnose(cluster.evidence(), "Is shop all right?", namespace: "shop").isSilent()
    }

    @Test func `a stateful set that may not make its claim`() throws {
        var cluster = ClusterBuilder()
        cluster.statefulSet("db", pods: [], replicas: 1)
        cluster.event(
            "FailedCreate", about: ObjectReference(kind: "StatefulSet", namespace: "shop", name: "db"),
            "create Claim data-db-0 for Pod db-0 in StatefulSet db failed error: persistentvolumeclaims \"data-db-0\" is forbidden: exceeded quota: storage, requested: requests.storage=50Gi, used: requests.storage=80Gi, limited: requests.storage=100Gi",
            source: "statefulset-controller")
        try diagnose(cluster.evidence(), "db is down", namespace: "shop").names(
            .quotaExceeded, on: "ResourceQuota shop/storage", ["resource": "storage", "found": "100Gi", "expected": "130Gi"])
    }

    @Test func `a cron job whose run may not make its pod`() throws {
        var cluster = ClusterBuilder()
        cluster.cronJob("report")
        let owner = ObjectReference(kind: "CronJob", namespace: "shop", name: "report")
        cluster.job("report-29000100", pods: [], owner: owner)
        cluster.event(
            "FailedCreate", about: ObjectReference(kind: "Job", namespace: "shop", name: "report-29000100"),
            "Error creating: pods \"report-29000100-\" is forbidden: failed quota: team: must specify limits.cpu for: report; limits.memory for: report",
            source: "job-controller")
        try diagnose(cluster.evidence(), "report did not run", namespace: "shop").names(
            .quotaRequiresResources, on: "CronJob shop/report",
            ["quota": "team", "resource": "cpu", "field": "limits.cpu", "container": "report"])
    }

    @Test func `a cron job whose newest run completed is silent about an older refusal`() throws {
        var cluster = ClusterBuilder()
        cluster.cronJob("report")
        let owner = ObjectReference(kind: "CronJob", namespace: "shop", name: "report")
        let done: JSONNode = ["status": ["succeeded": 1, "conditions": [["type": "Complete", "status": "True"]]]]
        cluster.job("report-29000105", pods: [PodShape(.terminated(.init(0)))], owner: owner, more: done)
        cluster.event(
            "FailedCreate", about: ObjectReference(kind: "Job", namespace: "shop", name: "report-29000105"),
            "Error creating: pods \"report-29000105-\" is forbidden: exceeded quota: team, requested: pods=1, used: pods=2, limited: pods=2",
            minutesAgo: 20)
        try diagnose(cluster.evidence(), "Is shop all right?", namespace: "shop").isSilent()
    }

    @Test func `a deployment that may not even make its replica set`() throws {
        var cluster = ClusterBuilder()
        let condition: JSONNode = [
            "type": "Progressing", "status": "False", "reason": "ReplicaSetCreateError",
            "message":
                "Failed to create new replica set \"web-7d9c6b5f4\": replicasets.apps \"web-7d9c6b5f4\" is forbidden: exceeded quota: objects, requested: count/replicasets.apps=1, used: count/replicasets.apps=10, limited: count/replicasets.apps=10",
        ]
        cluster.deployment("web", pods: [.running], more: ["status": ["conditions": [condition]]])
        try diagnose(cluster.evidence(), "web is not updated", namespace: "shop")
            .names(.quotaExceeded, on: "ResourceQuota shop/objects", ["resource": "replicasets.apps"])
    }

    @Test func `old texts of a demanding quota name no container`() throws {
        let cluster = cluster(
            "Error creating: pods \"web-6b7f9c8d5-x2x2x\" is forbidden: failed quota: team: must specify limits.memory,requests.memory")
        try diagnose(cluster.evidence(), "web is down", namespace: "shop").names(
            .quotaRequiresResources, on: "Deployment shop/web", ["quota": "team", "resource": "memory", "field": "limits.memory"])
    }

    @Test func `a demanding quota shows without any event`() throws {
        var cluster = ClusterBuilder()
        cluster.deployment("web", pods: [], replicas: 2)
        cluster.quota("team", hard: ["limits.memory": "4Gi"], used: ["limits.memory": "0"])
        try diagnose(cluster.evidence(), "web has no pods", namespace: "shop")
            .names(.quotaRequiresResources, on: "Deployment shop/web", ["field": "limits.memory", "quota": "team"])
    }

    @Test func `defaults of a limit range satisfy a demanding quota`() throws {
        var cluster = ClusterBuilder()
        cluster.deployment("web", pods: [], replicas: 2)
        cluster.quota("team", hard: ["limits.memory": "4Gi"], used: ["limits.memory": "0"])
        cluster.limitRange("defaults", defaults: ["memory": "256Mi"])
        try diagnose(cluster.evidence(), "web has no pods", namespace: "shop").doesNotClaim(.quotaRequiresResources)
    }

    // MARK: Limit ranges

    @Test(arguments: [
        (
            "maximum memory usage per Container is 1Gi, but limit is 2Gi", "memory", "2Gi", "at most 1Gi", "limits", ["memory": "1Gi"],
            [String: String]()
        ),
        ("minimum cpu usage per Container is 100m, but request is 50m", "cpu", "50m", "at least 100m", "requests", [:], ["cpu": "100m"]),
        ("maximum cpu usage per Pod is 2, but limit is 3", "cpu", "3", "at most 2", "limits", ["cpu": "2"], [:]),
        (
            "maximum memory usage per Container is 1Gi.  No limit is specified", "memory", "none", "at most 1Gi", "limits",
            ["memory": "1Gi"], [:]
        ),
        (
            "memory max limit to request ratio per Container is 2, but provided ratio is 4.000000", "memory", "4.000000", "at most 2",
            "maxLimitRequestRatio", [:], [:]
        ),
    ])
    func `a limit range says what it allows`(
        _ text: String, _ resource: String, _ found: String, _ expected: String, _ field: String, _ max: [String: String],
        _ min: [String: String]
    ) throws {
        let template = TemplateShape([
            ContainerShape("proxy"), ContainerShape("web", requests: ["cpu": "50m"], limits: ["memory": "2Gi"]),
        ])
        var cluster = cluster("Error creating: pods \"web-6b7f9c8d5-x2x2x\" is forbidden: \(text)", template: template)
        cluster.limitRange("other", max: ["ephemeral-storage": "1Gi"])
        cluster.limitRange("limits", max: max, min: min)
        let top = try diagnose(cluster.evidence(), "web is down", namespace: "shop").names(
            .limitRangeViolation, on: "Deployment shop/web",
            ["resource": resource, "found": found, "expected": expected, "field": field])
        if !max.isEmpty || !min.isEmpty { #expect(top.details["reference"] == "limits") }
    }

    @Test func `several violations are read by the first`() throws {
        let cluster = cluster(
            "Error creating: pods \"web-6b7f9c8d5-x2x2x\" is forbidden: [maximum cpu usage per Container is 500m, but limit is 2, maximum memory usage per Container is 256Mi, but limit is 1Gi]"
        )
        try diagnose(cluster.evidence(), "web is down", namespace: "shop").names(
            .limitRangeViolation, on: "Deployment shop/web", ["resource": "cpu", "found": "2", "expected": "at most 500m"])
    }
}
