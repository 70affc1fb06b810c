import ClusterModel
import FastJSON
import Foundation
import Testing

/// Compares the readers of a large pod list. Not part of an ordinary run:
/// `SRE_MEASURE=1 swift test -c release --filter DecodingMeasurement`.
///
/// A debug build distorts the comparison: the typed model is ours and unoptimized there, simdjson and Foundation are not.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["SRE_MEASURE"] == "1", "set SRE_MEASURE=1 to measure"), .serialized)
struct DecodingMeasurement {
    private static let podCount = 10_000

    @Test func `decoding ten thousand pods`() throws {
        let list = Self.podList()
        let megabytes = Double(list.count) / 1_000_000
        print("pods: \(Self.podCount), list: \(Int(megabytes)) MB")
        try Self.measure("FastJSON, parsing alone", megabytes) { try JSONValue(parsing: list)["items"].count }
        try Self.measure("FastJSON and the typed model", megabytes) { try JSONValue(parsing: list)["items"].array.map(Pod.init).count }
        try Self.measure("JSONDecoder with slim structs", megabytes) { try JSONDecoder().decode(SlimList.self, from: list).items.count }
        try Self.measure("JSONSerialization", megabytes) {
            let object = try JSONSerialization.jsonObject(with: list) as? [String: Any]
            return (object?["items"] as? [Any])?.count ?? 0
        }
    }

    private static func measure(_ name: String, _ megabytes: Double, _ work: () throws -> Int) throws {
        var best = Duration.seconds(1_000)
        for _ in 0..<3 {
            let start = ContinuousClock.now
            let count = try work()
            best = min(best, ContinuousClock.now - start)
            #expect(count == podCount)
        }
        let seconds = Double(best.components.attoseconds) / 1e18 + Double(best.components.seconds)
        print("\(name): \(Int(seconds * 1_000)) ms, \(Int(megabytes / seconds)) MB/s")
    }

    /// What a first cut would decode: far less than the typed model reads.
    private struct SlimList: Decodable {
        struct Item: Decodable {
            struct Metadata: Decodable {
                let name: String
                let namespace: String?
                let uid: String?
                let labels: [String: String]?
            }

            struct Status: Decodable {
                struct Container: Decodable {
                    let name: String
                    let ready: Bool
                    let restartCount: Int
                }

                let phase: String
                let containerStatuses: [Container]?
            }

            let metadata: Metadata
            let status: Status
        }

        let items: [Item]
    }

    /// Pods of the size that real clusters have, some 4 kB each with managed fields.
    private static func podList() -> Data {
        let fields = (0..<40).map { #""f:field\#($0)":{}"# }.joined(separator: ",")
        var text = #"{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"1"},"items":["#
        for index in 0..<podCount {
            if index > 0 { text += "," }
            text += """
                {"metadata":{"name":"web-\(index)","namespace":"shop-\(index % 50)","uid":"0f35a193-6604-48b3-bde6-\(index)",
                "resourceVersion":"\(index)",
                "creationTimestamp":"2026-11-23T18:37:41Z","labels":{"app":"web","pod-template-hash":"97df885b7"},
                "ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"web-97df885b7","uid":"fef1bcfa","controller":true}],
                "managedFields":[{"manager":"kubelet","operation":"Update","time":"2026-11-23T18:37:47Z",
                "fieldsV1":{"f:spec":{\(fields)},"f:status":{\(fields)}}}]},
                "spec":{"nodeName":"node-\(index % 100)","serviceAccountName":"default","restartPolicy":"Always",
                "containers":[{"name":"web","image":"registry.example.com/web:1.2.3","imagePullPolicy":"IfNotPresent",
                "env":[{"name":"A","value":"1"},{"name":"B","valueFrom":{"configMapKeyRef":{"name":"web-config","key":"b"}}}],
                "ports":[{"containerPort":8080,"protocol":"TCP"}],"resources":{"requests":{"cpu":"100m","memory":"128Mi"},
                "limits":{"memory":"256Mi"}},
                "readinessProbe":{"httpGet":{"path":"/ready","port":8080},"periodSeconds":5},
                "livenessProbe":{"httpGet":{"path":"/live","port":8080},"periodSeconds":10},
                "volumeMounts":[{"name":"config","mountPath":"/etc/web"},{"name":"token","mountPath":"/var/run/secrets","readOnly":true}]}],
                "volumes":[{"name":"config","configMap":{"name":"web-config"}},{"name":"token",
                "projected":{"sources":[{"serviceAccountToken":{}}]}}],
                "tolerations":[{"key":"node.kubernetes.io/not-ready","operator":"Exists","effect":"NoExecute","tolerationSeconds":300}]},
                "status":{"phase":"Running","podIP":"10.244.0.\(index % 250)","hostIP":"192.0.2.10",
                "startTime":"2026-11-23T18:37:41Z","qosClass":"Burstable",
                "conditions":[{"type":"Initialized","status":"True","lastTransitionTime":"2026-11-23T18:37:42Z"},
                {"type":"Ready","status":"True","lastTransitionTime":"2026-11-23T18:37:46Z"},{"type":"PodScheduled","status":"True"}],
                "containerStatuses":[{"name":"web","ready":true,"started":true,"restartCount":\(index % 4),
                "image":"registry.example.com/web:1.2.3",
                "imageID":"registry.example.com/web@sha256:0123456789abcdef",
                "state":{"running":{"startedAt":"2026-11-23T18:37:43Z"}},"lastState":{}}]}}
                """
        }
        return Data((text + "]}").utf8)
    }
}
