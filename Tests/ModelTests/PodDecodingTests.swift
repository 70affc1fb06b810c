import ClusterModel
import FastJSON
import IncidentModel
import TestSupport
import Testing

@Suite struct PodDecodingTests {
    private static func pod(_ spec: String, status: String = "{}") throws -> Pod {
        Pod(try JSONValue(parsing: #"{"metadata":{"name":"p","namespace":"shop"},"spec":\#(spec),"status":\#(status)}"#))
    }

    @Test func `environment variables say where their value comes from`() throws {
        let pod = try Self.pod(
            #"""
            {"containers": [{"name": "c", "env": [{"name": "A", "value": "1"}, {"name": "EMPTY"},
              {"name": "B", "valueFrom": {"configMapKeyRef": {"name": "cm", "key": "k", "optional": true}}},
              {"name": "C", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}},
              {"name": "D", "valueFrom": {"fieldRef": {"fieldPath": "status.podIP"}}},
              {"name": "E", "valueFrom": {"resourceFieldRef": {"resource": "limits.cpu"}}}],
              "envFrom": [{"configMapRef": {"name": "cm"}}, {"prefix": "X_", "secretRef": {"name": "s", "optional": true}},
              {"other": {}}]}]}
            """#)
        let container = try #require(pod.spec.containers.first)
        #expect(
            container.env.map(\.source) == [
                .value("1"), .value(""), .configMapKey(name: "cm", key: "k", isOptional: true),
                .secretKey(name: "s", key: "k", isOptional: false), .field(path: "status.podIP"), .resource("limits.cpu"),
            ])
        #expect(container.envFrom.map(\.kind) == [.configMap, .secret])
        #expect(container.envFrom.map(\.isOptional) == [false, true] && container.envFrom.map(\.prefix) == ["", "X_"])
    }

    @Test func `probes carry the API server's defaults`() throws {
        let pod = try Self.pod(
            #"""
            {"containers": [{"name": "c", "livenessProbe": {"httpGet": {"path": "/live", "port": "http"}},
              "readinessProbe": {"tcpSocket": {"port": 8080}, "initialDelaySeconds": 5, "periodSeconds": 2, "failureThreshold": 4},
              "startupProbe": {"exec": {"command": ["cat", "/ok"]}}},
              {"name": "d", "livenessProbe": {"grpc": {"port": 9000, "service": "s"}}, "readinessProbe": {}, "startupProbe": null}]}
            """#)
        let (first, second) = (pod.spec.containers[0], pod.spec.containers[1])
        #expect(first.livenessProbe?.action == .http(scheme: "HTTP", host: nil, port: .name("http"), path: "/live"))
        #expect(first.livenessProbe?.budgetSeconds == 30 && first.livenessProbe?.timeoutSeconds == 1)
        #expect(first.readinessProbe?.port == .number(8080) && first.readinessProbe?.budgetSeconds == 13)
        #expect(first.startupProbe?.action == .exec(command: ["cat", "/ok"]) && first.startupProbe?.port == nil)
        #expect(second.livenessProbe?.action == .grpc(port: 9000, service: "s"))
        #expect(second.readinessProbe?.action == .unknown && second.startupProbe == nil)
    }

    @Test func `volumes name what they are made from`() throws {
        let pod = try Self.pod(
            #"""
            {"volumes": [{"name": "a", "configMap": {"name": "cm", "items": [{"key": "k"}]}}, {"name": "b",
            "secret": {"secretName": "s", "optional": true}},
              {"name": "c", "persistentVolumeClaim": {"claimName": "data"}}, {"name": "d", "emptyDir": {"sizeLimit": "16Mi"}},
              {"name": "e", "projected": {"sources": [{"configMap": {"name": "cm"}}, {"serviceAccountToken": {}}]}},
              {"name": "f", "floppy": {}}, {"name": "g"}]}
            """#)
        guard case .configMap(let configMap) = pod.spec.volumes[0].source, case .secret(let secret) = pod.spec.volumes[1].source,
            case .projected(let sources) = pod.spec.volumes[4].source
        else { throw Unexpected() }
        #expect(configMap.name == "cm" && configMap.keys == ["k"] && secret.name == "s" && secret.isOptional && sources.count == 2)
        #expect(pod.spec.volumes[2].source == .persistentVolumeClaim(name: "data"))
        #expect(pod.spec.volumes[3].source == .emptyDir(medium: nil, sizeLimit: "16Mi"))
        #expect(pod.spec.volumes[5].source == .other("floppy") && pod.spec.volumes[6].source == .other("none"))
    }

    @Test func `container statuses are found by name`() throws {
        let pod = try Self.pod(
            #"{"initContainers":[{"name":"i"}],"containers":[{"name":"c"}]}"#,
            status: #"""
                {"phase": "Running", "initContainerStatuses": [{"name": "i", "state": {"terminated": {"exitCode": 0,
                "reason": "Completed"}}}],
                "containerStatuses": [{"name": "c", "restartCount": 3, "state": {"waiting": {"reason": "CrashLoopBackOff"}},
                "lastState": {"terminated": {"exitCode": 137, "reason": "OOMKilled", "finishedAt": "2026-11-23T18:00:00Z"}}}]}
                """#)
        let status = try #require(pod.status(of: pod.spec.containers[0]))
        #expect(status.waiting?.reason == "CrashLoopBackOff" && status.lastTermination?.exitCode == 137 && !status.isRunning)
        #expect(pod.statuses["i"]?.terminated?.reason == "Completed" && pod.restartCount == 3 && !pod.isReady && !pod.isFinished)
    }

    @Test(arguments: [
        (#"{"key":"a","operator":"Exists"}"#, true), (#"{"key":"a","value":"b"}"#, true), (#"{"key":"a","value":"x"}"#, false),
        (#"{"operator":"Exists"}"#, true), (#"{"key":"a","value":"b","effect":"NoExecute"}"#, false), (#"{}"#, false),
        (#"{"key":"a","operator":"Exists","effect":"NoSchedule"}"#, true),
    ]) func `a toleration is judged as the scheduler does`(json: String, isTolerated: Bool) throws {
        let taint = Taint(try JSONValue(parsing: #"{"key":"a","value":"b","effect":"NoSchedule"}"#))
        #expect(Toleration(try JSONValue(parsing: json)).tolerates(taint) == isTolerated)
        #expect(taint.description == "a=b:NoSchedule")
    }

    @Test func `a pod of odd types still has a name and loses nothing else`() throws {
        let odd = #"""
            {"metadata": {"name": "p", "namespace": "shop", "labels": {"a": 1, "b": "c"}, "creationTimestamp": 5, "ownerReferences": "x"},
            "spec": {"containers": {"name": "c"}, "volumes": [null, 3], "nodeName": ["n"], "tolerations": "all",
            "terminationGracePeriodSeconds": "9"},
            "status": {"phase": 3, "conditions": [7, {"type": "Ready", "status": "True"}], "containerStatuses": [null, {"name": "c",
            "restartCount": "2"}]}}
            """#
        let pod = Pod(try JSONValue(parsing: odd))
        #expect(pod.name == "p" && pod.metadata.labels == ["b": "c"] && pod.metadata.creationTime == nil && pod.metadata.owners.isEmpty)
        #expect(pod.spec.containers.isEmpty && pod.spec.nodeName == nil && pod.spec.terminationGracePeriodSeconds == 30)
        #expect(pod.phase == "Unknown" && pod.isReady && pod.statuses["c"]?.restartCount == 0)
    }

    private struct Unexpected: Error {}
}
