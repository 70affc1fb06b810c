import ClusterModel
import FastJSON
import Foundation
import IncidentModel

/// One namespace with many Deployments of five replicas, their Services, endpoints and five events a pod. All is well but for one
/// Deployment, whose newest pod waits for a ConfigMap that does not exist.
struct GeneratedCluster {
    /// Name of the Deployment with the fault.
    static let faulty = "app-0"
    private static let namespace = "load"
    private static let replicas = 5
    private static let eventsPerPod = 5
    private static let now = "2026-11-23T12:00:00Z"
    private static let created = "2026-11-20T08:00:00Z"

    let podCount: Int

    /// The whole cluster as evidence; the same for the same number of pods.
    func evidence() throws -> ClusterEvidence {
        let apps = (0..<(podCount + Self.replicas - 1) / Self.replicas).map { index in
            (name: "app-\(index)", replicas: min(Self.replicas, podCount - index * Self.replicas))
        }
        var evidence = ClusterEvidence(
            capturedAt: RFC3339.parse(Self.now) ?? Date(), kubernetesVersion: "v1.36.2", namespaces: [Self.namespace])
        for resource in ResourceType.all { evidence.lists[resource.path] = [] }
        try add(.namespaces, [object("Namespace", "", Self.namespace, extra: #""status":{"phase":"Active"}"#)], to: &evidence)
        try add(.nodes, (0..<max(1, podCount / 100)).map(node), to: &evidence)
        try add(.deployments, apps.map { deployment($0.name, replicas: $0.replicas) }, to: &evidence)
        try add(.replicaSets, apps.map { replicaSet($0.name, replicas: $0.replicas) }, to: &evidence)
        try add(.services, apps.map { service($0.name) }, to: &evidence)
        try add(.pods, apps.flatMap { app in (0..<app.replicas).map { pod(app.name, $0) } }, to: &evidence)
        try add(.endpointSlices, apps.map { slice($0.name, replicas: $0.replicas) }, to: &evidence)
        let events = apps.flatMap { app in
            (0..<app.replicas).flatMap { pod in (0..<Self.eventsPerPod).map { event(app.name, pod, number: $0) } }
        }
        try add(.events, events, to: &evidence)
        return evidence
    }

    private func add(_ resource: ResourceType, _ items: [String], to evidence: inout ClusterEvidence) throws {
        evidence.lists[resource.path] = try JSONValue(parsing: JSONText.array(items)).array
    }

    private func isBroken(_ app: String, _ index: Int) -> Bool { app == Self.faulty && index == 0 }

    private func object(_ kind: String, _ namespace: String, _ name: String, owner: (kind: String, name: String)? = nil, extra: String)
        -> String
    {
        let place = namespace.isEmpty ? "" : #""namespace":"\#(namespace)","#
        let app = name.split(separator: "-").prefix(2).joined(separator: "-")
        let owners =
            owner.map {
                #","ownerReferences":[{"apiVersion":"apps/v1","kind":"\#($0.kind)","name":"\#($0.name)","uid":"\#($0.kind)-\#($0.name)","controller":true}]"#
            }
            ?? ""
        return #"{"metadata":{"name":"\#(name)",\#(place)"uid":"\#(kind)-\#(name)","generation":1,"creationTimestamp":"\#(Self.created)","#
            + #""labels":{"app":"\#(app)"}\#(owners)},\#(extra)}"#
    }

    private func node(_ index: Int) -> String {
        object(
            "Node", "", "node-\(index)",
            extra:
                #""spec":{},"status":{"conditions":[{"type":"Ready","status":"True"}],"allocatable":{"cpu":"64","memory":"256Gi","pods":"250"},"#
                + #""capacity":{"cpu":"64","memory":"256Gi","pods":"250"}}"#)
    }

    private func template(_ app: String) -> String {
        let reference = app == Self.faulty ? #","envFrom":[{"configMapRef":{"name":"\#(app)-settings"}}]"# : ""
        return #""containers":[{"name":"app","image":"registry.example/\#(app):1.0.0","ports":[{"containerPort":8080}],"#
            + #""resources":{"requests":{"cpu":"10m","memory":"32Mi"}}\#(reference)}]"#
    }

    private func deployment(_ app: String, replicas: Int) -> String {
        let ready = app == Self.faulty ? replicas - 1 : replicas
        return object(
            "Deployment", Self.namespace, app,
            extra:
                #""spec":{"replicas":\#(replicas),"selector":{"matchLabels":{"app":"\#(app)"}},"template":{"metadata":{"labels":{"app":"\#(app)"}},"#
                + #""spec":{\#(template(app))}}},"status":{"observedGeneration":1,"replicas":\#(replicas),"updatedReplicas":\#(replicas),"#
                + #""readyReplicas":\#(ready),"availableReplicas":\#(ready),"conditions":[{"type":"Available","status":"True"}]}"#)
    }

    private func replicaSet(_ app: String, replicas: Int) -> String {
        object(
            "ReplicaSet", Self.namespace, app + "-5d8f", owner: ("Deployment", app),
            extra:
                #""spec":{"replicas":\#(replicas),"selector":{"matchLabels":{"app":"\#(app)"}},"template":{"metadata":{"labels":{"app":"\#(app)"}},"#
                + #""spec":{\#(template(app))}}},"status":{"replicas":\#(replicas),"readyReplicas":\#(replicas)}"#)
    }

    private func service(_ app: String) -> String {
        object(
            "Service", Self.namespace, app,
            extra:
                #""spec":{"type":"ClusterIP","clusterIP":"10.96.0.1","selector":{"app":"\#(app)"},"ports":[{"port":80,"targetPort":8080,"protocol":"TCP"}]}"#
        )
    }

    private func podName(_ app: String, _ index: Int) -> String { "\(app)-5d8f-p\(index)" }

    private func pod(_ app: String, _ index: Int) -> String {
        let isReady = !isBroken(app, index)
        let state =
            isReady
            ? #"{"running":{"startedAt":"\#(Self.created)"}}"#
            : #"{"waiting":{"reason":"CreateContainerConfigError","message":"configmap \"\#(app)-settings\" not found"}}"#
        let word = isReady ? "True" : "False"
        return object(
            "Pod", Self.namespace, podName(app, index), owner: ("ReplicaSet", app + "-5d8f"),
            extra:
                #""spec":{"nodeName":"node-\#(index % max(1, podCount / 100))",\#(Self.usualSpec),\#(template(app))},"status":{\#(Self.usualStatus),"phase":"\#(isReady ? "Running" : "Pending")","#
                + #""podIP":"10.0.0.1","conditions":[{"type":"PodScheduled","status":"True"},{"type":"Ready","status":"\#(word)"},"#
                + #"{"type":"ContainersReady","status":"\#(word)"}],"containerStatuses":[{"name":"app","image":"registry.example/\#(app):1.0.0","#
                + #""ready":\#(isReady),"started":\#(isReady),"restartCount":0,"state":\#(state),"lastState":{}}]}"#)
    }

    /// What a real pod has besides: read by nobody, and still to be parsed.
    private static let usualSpec =
        #""serviceAccountName":"default","restartPolicy":"Always","terminationGracePeriodSeconds":30,"dnsPolicy":"ClusterFirst","#
        + #""securityContext":{},"schedulerName":"default-scheduler","priority":0,"enableServiceLinks":true,"preemptionPolicy":"PreemptLowerPriority","#
        + #""tolerations":[{"key":"node.kubernetes.io/not-ready","operator":"Exists","effect":"NoExecute","tolerationSeconds":300},"#
        + #"{"key":"node.kubernetes.io/unreachable","operator":"Exists","effect":"NoExecute","tolerationSeconds":300}],"#
        + #""volumes":[{"name":"kube-api-access","projected":{"defaultMode":420,"sources":[{"serviceAccountToken":{"expirationSeconds":3607,"path":"token"}},"#
        + #"{"configMap":{"name":"kube-root-ca.crt","items":[{"key":"ca.crt","path":"ca.crt"}]}},{"downwardAPI":{"items":[{"path":"namespace","#
        + #""fieldRef":{"apiVersion":"v1","fieldPath":"metadata.namespace"}}]}}]}}]"#
    private static let usualStatus =
        #""hostIP":"10.1.0.1","hostIPs":[{"ip":"10.1.0.1"}],"podIPs":[{"ip":"10.0.0.1"}],"startTime":"2026-11-20T08:00:00Z","qosClass":"Burstable""#

    private func slice(_ app: String, replicas: Int) -> String {
        let endpoints = (0..<replicas).map { index in
            #"{"addresses":["10.0.0.1"],"conditions":{"ready":\#(!isBroken(app, index))},"targetRef":{"kind":"Pod","name":"\#(podName(app, index))"}}"#
        }
        return
            #"{"metadata":{"name":"\#(app)-abc","namespace":"\#(Self.namespace)","uid":"EndpointSlice-\#(app)","labels":{"kubernetes.io/service-name":"\#(app)"}},"#
            + #""endpoints":\#(JSONText.array(endpoints)),"ports":[{"port":8080,"protocol":"TCP"}]}"#
    }

    private func event(_ app: String, _ index: Int, number: Int) -> String {
        let broken = isBroken(app, index)
        let reason = broken ? "Failed" : ["Scheduled", "Pulling", "Pulled", "Created", "Started"][number % 5]
        let message = broken ? #"Error: configmap \"\#(app)-settings\" not found"# : "\(reason): as usual"
        return object(
            "Event", Self.namespace, podName(app, index) + ".\(number)",
            extra:
                #""involvedObject":{"kind":"Pod","namespace":"\#(Self.namespace)","name":"\#(podName(app, index))","uid":"Pod-\#(podName(app, index))"},"#
                + #""type":"\#(broken ? "Warning" : "Normal")","reason":"\#(reason)","message":"\#(message)","count":\#(broken ? 40 : 1),"#
                + #""firstTimestamp":"\#(Self.created)","lastTimestamp":"2026-11-23T11:59:00Z""#)
    }
}
