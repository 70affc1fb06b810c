import ClusterModel
import IncidentModel
import TestSupport
import Testing

/// ConfigMaps, Secrets and keys that a pod refers to.
@Suite struct ReferenceFixtures {
    private func cluster(_ container: ContainerShape, _ message: String?, volumes: [VolumeShape] = []) -> ClusterBuilder {
        var cluster = ClusterBuilder()
        cluster.deployment("web", TemplateShape([container], volumes: volumes), pods: [.waiting("CreateContainerConfigError", message)])
        return cluster
    }

    @Test func `a config map that is misspelt`() throws {
        var cluster = cluster(ContainerShape("web", envFrom: [.configMap("web-confg")]), "configmap \"web-confg\" not found")
        cluster.configMap("web-config", ["A": "1"])
        try diagnose(cluster.evidence(), "web is down", namespace: "shop").names(
            .configMapNotFound, on: "Deployment shop/web", ["reference": "web-confg", "expected": "web-config", "container": "web"])
    }

    @Test func `a secret that another namespace has`() throws {
        var cluster = cluster(ContainerShape("web", envFrom: [.secret("db-login")]), "secret \"db-login\" not found")
        cluster.namespace("data")
        cluster.secret("db-login", keys: ["password"], in: "data")
        try diagnose(cluster.evidence(), "web is down", namespace: "shop")
            .names(.secretNotFound, on: "Deployment shop/web", ["reference": "db-login"], saying: ["namespace data"])
    }

    @Test func `a key that is missing`() throws {
        var cluster = cluster(
            ContainerShape("web", envFrom: [.secretKey(variable: "PW", name: "login", key: "passwrd")]),
            "couldn't find key passwrd in Secret shop/login")
        cluster.secret("login", keys: ["password", "user"])
        try diagnose(cluster.evidence(), "web is down", namespace: "shop").names(
            .configKeyNotFound, on: "Deployment shop/web", ["reference": "login", "key": "passwrd", "expected": "password"])
    }

    @Test func `an init container's reference names the init container`() throws {
        var cluster = ClusterBuilder()
        let template = TemplateShape(
            [ContainerShape("web")], initContainers: [ContainerShape("migrate", envFrom: [.secret("db-login")])])
        cluster.deployment(
            "web", template,
            pods: [
                PodShape(
                    .waiting("PodInitializing"),
                    others: ["migrate": .waiting("CreateContainerConfigError", "secret \"db-login\" not found")])
            ])
        try diagnose(cluster.evidence(), "web is down", namespace: "shop")
            .names(.secretNotFound, on: "Deployment shop/web", ["reference": "db-login", "container": "migrate"])
    }

    @Test func `without a message the lists tell which reference is absent`() throws {
        var cluster = cluster(
            ContainerShape("web", envFrom: [.configMap("base"), .secretKey(variable: "PW", name: "login", key: "password")]), nil)
        cluster.configMap("base", ["A": "1"])
        cluster.secret("login", keys: ["user"])
        try diagnose(cluster.evidence(), "web is down", namespace: "shop")
            .names(.configKeyNotFound, on: "Deployment shop/web", ["reference": "login", "key": "password"])
    }

    @Test func `an optional reference is passed over`() throws {
        var cluster = ClusterBuilder()
        let container = ContainerShape(
            "web", more: ["envFrom": [["configMapRef": ["name": "tuning", "optional": true]]]])
        cluster.deployment(
            "web",
            TemplateShape(
                [container], volumes: [.other("extra", ["secret": ["secretName": "extra", "optional": true]])]), pods: [.running])
        try diagnose(cluster.evidence(), "Is shop all right?", namespace: "shop").isSilent()
    }

    @Test func `an optional reference is not blamed for a pod that waits for another`() throws {
        var cluster = cluster(
            ContainerShape(
                "web",
                more: [
                    "envFrom": [["configMapRef": ["name": "tuning", "optional": true]], ["configMapRef": ["name": "base"]]]
                ]), nil)
        cluster.configMap("other")
        try diagnose(cluster.evidence(), "web is down", namespace: "shop")
            .names(.configMapNotFound, on: "Deployment shop/web", ["reference": "base"])
    }

    // MARK: Volumes

    private func mounting(_ volumes: [VolumeShape], _ message: String?) -> ClusterBuilder {
        var cluster = ClusterBuilder()
        let pods = cluster.daemonSet(
            "agent", TemplateShape([ContainerShape("agent")], volumes: volumes), pods: [.waiting("ContainerCreating")])
        if let message {
            cluster.event("FailedMount", about: ObjectReference(kind: "Pod", namespace: "shop", name: pods[0]), message, count: 9)
        }
        return cluster
    }

    @Test func `a projected volume's missing secret`() throws {
        let cluster = mounting(
            [.other("all", ["projected": ["sources": [["configMap": ["name": "here"]], ["secret": ["name": "gone"]]]]])],
            "MountVolume.SetUp failed for volume \"all\" : secret \"gone\" not found")
        try diagnose(cluster.evidence(), "agent is down", namespace: "shop")
            .names(.secretNotFound, on: "DaemonSet shop/agent", ["reference": "gone"])
    }

    @Test func `a key in items names its config map by the volume`() throws {
        let items: JSONNode = [["key": "app.yaml", "path": "app.yaml"]]
        var cluster = mounting(
            [
                .other("first", ["configMap": ["name": "good", "items": items]]),
                .other("second", ["configMap": ["name": "bad", "items": items]]),
            ], "MountVolume.SetUp failed for volume \"second\" : configmap references non-existent config key: app.yaml")
        cluster.configMap("good", ["app.yaml": ""])
        cluster.configMap("bad", ["app.yml": ""])
        try diagnose(cluster.evidence(), "agent is down", namespace: "shop").names(
            .configKeyNotFound, on: "DaemonSet shop/agent", ["reference": "bad", "key": "app.yaml", "expected": "app.yml"])
    }

    @Test func `a missing volume source shows without events`() throws {
        var cluster = mounting([.configMap("config", name: "agent-config"), .secret("tls", name: "agent-tls")], nil)
        cluster.configMap("agent-config")
        try diagnose(cluster.evidence(), "agent is down", namespace: "shop")
            .names(.secretNotFound, on: "DaemonSet shop/agent", ["reference": "agent-tls"])
    }

    @Test func `secrets that were not read are not called missing`() throws {
        var cluster = mounting([.secret("tls", name: "agent-tls")], nil)
        cluster.removeList(.secrets, reason: "403 Forbidden")
        try diagnose(cluster.evidence(), "agent is down", namespace: "shop").doesNotClaim(.secretNotFound)
    }

    @Test func `a pull secret that is missing harms nobody while pulls work`() throws {
        var cluster = ClusterBuilder()
        let pods = cluster.deployment(
            "web", TemplateShape([ContainerShape("web")], more: ["imagePullSecrets": [["name": "regcred"]]]), pods: [.running])
        cluster.event(
            "FailedToRetrieveImagePullSecret", about: ObjectReference(kind: "Pod", namespace: "shop", name: pods[0]),
            "Unable to retrieve some image pull secrets (regcred); attempting to pull the image may not succeed.", count: 12)
        try diagnose(cluster.evidence(), "Is shop all right?", namespace: "shop").isSilent()
    }

    @Test func `a config map deleted under running pods is silent`() throws {
        var cluster = ClusterBuilder()
        cluster.deployment("web", TemplateShape([ContainerShape("web", envFrom: [.configMap("gone")])]), pods: [.running, .running])
        try diagnose(cluster.evidence(), "Is shop all right?", namespace: "shop").isSilent()
    }
}
