import ClusterModel
import FastJSON
import IncidentModel
import TestSupport
import Testing

@Suite struct ObjectDecodingTests {
    private static func json(_ text: String) throws -> JSONValue { try JSONValue(parsing: text) }

    @Test func `resource types are found by path and kind`() {
        #expect(ResourceType.at(path: "apis/apps/v1/deployments") == .deployments)
        #expect(ResourceType.of(kind: "EndpointSlice") == .endpointSlices)
        #expect(ResourceType.at(path: "apis/apps/v1/gizmos") == nil)
        #expect(ResourceType.pods.path == "api/v1/pods" && ResourceType.pods.groupVersion == "v1")
        #expect(Set(ResourceType.all.map(\.path)).count == ResourceType.all.count)
    }

    @Test func `services fall back to the port they listen on`() throws {
        let service = Service(
            try Self.json(
                #"""
                {"metadata":{"name":"s"},"spec":{"clusterIP":"None","ports":[{"port":80},{"port":81,"targetPort":"http"},
                {"port":82,"targetPort":"8082"}]}}
                """#
            ))
        #expect(service.ports.map(\.targetPort) == [.number(80), .name("http"), .number(8082)])
        #expect(service.isHeadless && service.type == "ClusterIP" && service.selector.isEmpty)
    }

    @Test func `an endpoint without a condition counts as ready`() throws {
        let slice = EndpointSlice(
            try Self.json(
                #"""
                {"metadata":{"name":"s","labels":{"kubernetes.io/service-name":"cart"}},"endpoints":[{"addresses":["10.0.0.1"]},
                {"conditions":{"ready":false}}]}
                """#
            ))
        #expect(slice.service == "cart" && slice.endpoints.map(\.isReady) == [true, false])
    }

    @Test func `a policy without types covers ingress, and egress only where it has rules`() throws {
        let ingress = NetworkPolicy(try Self.json(#"{"spec":{"podSelector":{}}}"#))
        #expect(ingress.coversIngress && !ingress.coversEgress && ingress.podSelector.isEmpty)
        let both = NetworkPolicy(
            try Self.json(#"{"spec":{"egress":[{"to":[{"ipBlock":{"cidr":"10.0.0.0/8"}}],"ports":[{"port":5432}]}]}}"#))
        #expect(
            both.coversEgress && both.egress.first?.peers.first?.cidr == "10.0.0.0/8"
                && both.egress.first?.ports.first?.port == .number(5432))
        let egress = NetworkPolicy(try Self.json(#"{"spec":{"policyTypes":["Egress"]}}"#))
        #expect(!egress.coversIngress && egress.coversEgress)
    }

    @Test func `a role allows as RBAC evaluates it`() throws {
        let role = Role(
            try Self.json(
                #"""
                {"metadata":{"name":"r","namespace":"shop"},"rules":[{"verbs":["get","list"],"apiGroups":[""],
                "resources":["pods","*/log"]},{"verbs":["*"],"apiGroups":["apps"],"resources":["*"]}]}
                """#
            ))
        #expect(role.rules[0].allows(verb: "list", group: "", resource: "pods"))
        #expect(role.rules[0].allows(verb: "get", group: "", resource: "pods/log"))
        #expect(!role.rules[0].allows(verb: "delete", group: "", resource: "pods"))
        #expect(!role.rules[0].allows(verb: "get", group: "apps", resource: "pods"))
        #expect(role.rules[1].allows(verb: "delete", group: "apps", resource: "deployments"))
        let clusterRole = Role(try Self.json(#"{"metadata":{"name":"c"}}"#))
        #expect(role.reference.kind == "Role" && clusterRole.reference.kind == "ClusterRole")
    }

    @Test func `managed fields say who owns which path`() throws {
        let metadata = ObjectMetadata(
            try Self.json(
                #"""
                {"managedFields":[{"manager":"kubectl","operation":"Update","time":"2026-11-23T18:00:00Z",
                "fieldsV1":{"f:spec":{"f:selector":{".":{},"f:app":{}},"f:ports":{"k:{\"port\":80}":{"f:targetPort":{}}}}}}]}
                """#
            ))
        let entry = try #require(metadata.managedFields.first)
        #expect(
            entry.owns("spec.selector") && entry.owns("spec.selector.app") && entry.owns("spec.ports.targetPort") && !entry.owns("spec.sel")
        )
        #expect(entry.time == RFC3339.parse("2026-11-23T18:00:00Z"))
    }

    @Test func `storage reads classes, claims and volumes`() throws {
        let claim = PersistentVolumeClaim(
            try Self.json(#"{"metadata":{"name":"c","annotations":{"volume.beta.kubernetes.io/storage-class":"old"}},"spec":{}}"#))
        #expect(claim.storageClassName == "old" && claim.volumeMode == "Filesystem")
        #expect(PersistentVolumeClaim(try Self.json(#"{"spec":{"storageClassName":""}}"#)).storageClassName == "")
        let volume = PersistentVolume(
            try Self.json(#"{"spec":{"claimRef":{"namespace":"shop","name":"data"},"capacity":{"storage":"1Gi"}}}"#))
        #expect(volume.claim == ObjectReference(kind: "PersistentVolumeClaim", namespace: "shop", name: "data") && volume.capacity == "1Gi")
        let storageClass = StorageClass(
            try Self.json(#"{"metadata":{"annotations":{"storageclass.kubernetes.io/is-default-class":"true"}}}"#))
        #expect(storageClass.isDefault && storageClass.bindingMode == "Immediate")
    }

    @Test func `quotas, limits and ingresses are read as they stand`() throws {
        let quota = ResourceQuota(
            try Self.json(#"{"spec":{"hard":{"pods":"3"}},"status":{"hard":{"pods":3,"cpu":"1"},"used":{"pods":"2"}}}"#))
        #expect(quota.hard == ["pods": "3", "cpu": "1"] && quota.used == ["pods": "2"])
        let limits = LimitRange(try Self.json(#"{"spec":{"limits":[{"type":"Container","max":{"memory":"192Mi"}}]}}"#))
        #expect(limits.limits.first?.max == ["memory": "192Mi"])
        let ingress = Ingress(
            try Self.json(
                #"""
                {"metadata":{"annotations":{"kubernetes.io/ingress.class":"nginx"}},"spec":{"rules":[{"host":"h",
                "http":{"paths":[{"path":"/","backend":{"service":{"name":"s","port":{"name":"http"}}}}]}}],
                "tls":[{"hosts":["h"],"secretName":"cert"}]}}
                """#
            ))
        #expect(
            ingress.className == "nginx" && ingress.paths.first?.backend?.service == "s"
                && ingress.paths.first?.backend?.port == .name("http"))
        #expect(ingress.tls.first?.secretName == "cert")
    }

    @Test func `workloads carry the defaults of the API server`() throws {
        let deployment = Deployment(try Self.json(#"{"metadata":{"name":"d"},"spec":{}}"#))
        #expect(
            deployment.replicas == 1 && deployment.strategy == "RollingUpdate" && deployment.progressDeadlineSeconds == 600
                && !deployment.isPaused)
        let job = Job(try Self.json(#"{"spec":{},"status":{"conditions":[{"type":"Failed","status":"True"}]}}"#))
        #expect(job.backoffLimit == 6 && job.isFailed && !job.isComplete)
        let cronJob = CronJob(
            try Self.json(#"{"spec":{"suspend":true,"jobTemplate":{"spec":{"template":{"spec":{"containers":[{"name":"c"}]}}}}}}"#))
        #expect(cronJob.isSuspended && cronJob.template.spec.containers.first?.name == "c")
        let replicaSet = ReplicaSet(try Self.json(#"{"metadata":{"annotations":{"deployment.kubernetes.io/revision":"7"}}}"#))
        #expect(replicaSet.revision == 7)
    }
}
