import ClusterModel
import IncidentModel
import TestSupport
import Testing

@testable import sre

@Suite struct TrivialBaselineTests {
    private static let cart = ObjectReference(kind: "Deployment", namespace: "shop", name: "cart")

    @Test(arguments: [
        (PodShape.waiting("ImagePullBackOff"), CauseCode.imageNotFound), (.waiting("CrashLoopBackOff"), .applicationError),
        (.crashLooping(.outOfMemory), .memoryLimitExceeded), (.unschedulable("0/1 nodes are available"), .insufficientResources),
        (.waiting("CreateContainerConfigError"), .configMapNotFound), (.running(ready: false), .healthCheckFailing),
    ])
    func `the first workload that is not ready is blamed by its one word`(pod: PodShape, cause: CauseCode) throws {
        var cluster = ClusterBuilder()
        cluster.deployment("cart", pods: [pod])
        cluster.deployment("web", pods: [.waiting("ImagePullBackOff")])
        let answer = try #require(TrivialBaseline().answers(cluster.view(), namespace: "shop").first)
        #expect(answer.cause == cause && answer.object == Self.cart)
        #expect(TrivialBaseline().answers(cluster.view(), namespace: "elsewhere").isEmpty)
    }

    @Test func `with all ready a Service without endpoints is blamed, and without one nothing`() throws {
        var cluster = ClusterBuilder()
        cluster.deployment("cart", pods: [.running])
        cluster.service("cart", port: 8080)
        #expect(TrivialBaseline().answers(cluster.view(), namespace: nil).isEmpty)
        cluster.change(.services, "cart", ["spec": ["selector": ["app": "other"]]])
        let answer = try #require(TrivialBaseline().answers(cluster.view(), namespace: nil).first)
        #expect(answer.cause == .serviceSelectorMismatch && answer.object.kind == "Service")
    }
}
