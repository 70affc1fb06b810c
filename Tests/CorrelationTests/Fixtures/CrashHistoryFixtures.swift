import ClusterModel
import Foundation
import IncidentModel
import TestSupport
import Testing

/// Crashes that are over, and containers that have not begun.
@Suite struct CrashHistoryFixtures {
    @Test func `old restarts of a pod that has long been well are history`() throws {
        var cluster = ClusterBuilder()
        let more: JSONNode = [
            "status": [
                "containerStatuses": [
                    [
                        "name": "cart", "ready": true, "started": true, "restartCount": 14, "image": "x", "imageID": "y",
                        "state": ["running": ["startedAt": .string(cluster.time(minutesAgo: 2_000))]],
                        "lastState": [
                            "terminated": [
                                "exitCode": 1, "reason": "Error", "finishedAt": .string(cluster.time(minutesAgo: 2_001)),
                                "startedAt": .string(cluster.time(minutesAgo: 2_002)),
                            ]
                        ],
                    ]
                ]
            ]
        ]
        cluster.deployment("cart", pods: [PodShape(.running, minutesOld: 3_000, more: more)])
        cluster.service("cart")
        cluster.log("cart", previous: true, "panic: runtime error: index out of range\n\ngoroutine 1 [running]:\nmain.main()")
        try ContainerFixture.expectSilence(in: cluster)
    }

    @Test func `an init container that waits for what never comes`() throws {
        var cluster = ClusterBuilder()
        let template = TemplateShape(
            [ContainerShape("web")],
            initContainers: [
                ContainerShape("wait", command: ["sh", "-c", "until test -f /flags/go; do echo waiting for go; sleep 2; done"])
            ])
        cluster.deployment("cart", template, pods: [PodShape(.waiting("PodInitializing"), others: ["wait": .running(ready: false)])])
        cluster.log("cart", container: "wait", "waiting for go\nwaiting for go\nwaiting for go")
        try ContainerFixture.expect(.initContainerBlocked, ["container": "wait"], in: cluster)
    }

    @Test func `an init container that has only just started is not blocked`() throws {
        var cluster = ClusterBuilder()
        let template = TemplateShape([ContainerShape("web")], initContainers: [ContainerShape("migrate")])
        cluster.deployment(
            "cart", template, pods: [PodShape(.waiting("PodInitializing"), others: ["migrate": .running(ready: false)], minutesOld: 0.3)])
        try ContainerFixture.expectSilence(in: cluster)
    }

    @Test func `an init container that crashes is the cause, not the app that waits`() throws {
        var cluster = ClusterBuilder()
        let template = TemplateShape([ContainerShape("web")], initContainers: [ContainerShape("migrate")])
        cluster.deployment(
            "cart", template,
            pods: [PodShape(.waiting("PodInitializing"), others: ["migrate": .crashLooping(.init(1))])])
        cluster.log("cart", container: "migrate", previous: true, "django.db.utils.ProgrammingError: relation \"orders\" does not exist")
        try ContainerFixture.expect(.databaseSchemaMissing, ["container": "migrate"], in: cluster)
    }

    @Test func `a readiness gate that no controller sets`() throws {
        var cluster = ClusterBuilder()
        let template = TemplateShape([ContainerShape("web")], more: ["readinessGates": [["conditionType": "lb.example.com/registered"]]])
        let conditions: JSONNode = [
            "status": [
                "conditions": [
                    ["type": "PodScheduled", "status": "True"], ["type": "ContainersReady", "status": "True"],
                    [
                        "type": "Ready", "status": "False", "reason": "ReadinessGatesNotReady",
                        "message": "corresponding condition of pod readiness gate \"lb.example.com/registered\" does not exist.",
                    ],
                ]
            ]
        ]
        cluster.deployment("cart", template, pods: [PodShape(.running, more: conditions)])
        try ContainerFixture.expect(.readinessGateUnset, ["reference": "lb.example.com/registered"], level: .high, in: cluster)
    }
}
