import ClusterModel
import FastJSON
import IncidentModel
import Testing

@Suite struct EventTests {
    @Test func `the core form is read`() throws {
        let event = Event(
            try JSONValue(
                parsing: #"""
                    {"metadata": {"name": "p.1", "namespace": "shop", "creationTimestamp": "2026-11-23T18:00:00Z"},
                    "type": "Warning", "reason": "BackOff",
                    "message": "m", "count": 12, "firstTimestamp": "2026-11-23T18:00:00Z", "lastTimestamp": "2026-11-23T18:30:00Z",
                    "source": {"component": "kubelet"}, "involvedObject": {"kind": "Pod", "namespace": "shop", "name": "p", "uid": "u",
                    "fieldPath": "spec.containers{web}"}}
                    """#))
        #expect(event.isWarning && event.reason == "BackOff" && event.count == 12 && event.container == "web" && event.source == "kubelet")
        #expect(event.regarding == ObjectReference(kind: "Pod", namespace: "shop", name: "p") && event.regardingUID == "u")
        #expect(event.lastTime == RFC3339.parse("2026-11-23T18:30:00Z") && event.firstTime == RFC3339.parse("2026-11-23T18:00:00Z"))
    }

    @Test func `the events.k8s.io form means the same`() throws {
        let event = Event(
            try JSONValue(
                parsing: #"""
                    {"metadata": {"name": "p.2", "creationTimestamp": "2026-11-23T18:00:00Z"}, "note": "m",
                    "reason": "FailedScheduling", "type": "Warning",
                    "eventTime": "2026-11-23T18:00:01.5Z", "series": {"count": 7, "lastObservedTime": "2026-11-23T18:20:00Z"},
                    "regarding": {"kind": "Node", "name": "n"}, "reportingController": "default-scheduler", "deprecatedCount": 2,
                    "firstTimestamp": null, "lastTimestamp": null}
                    """#))
        #expect(event.message == "m" && event.count == 7 && event.source == "default-scheduler" && event.container == nil)
        #expect(event.regarding == ObjectReference(kind: "Node", namespace: nil, name: "n"))
        #expect(event.firstTime == RFC3339.parse("2026-11-23T18:00:01.5Z") && event.lastTime == RFC3339.parse("2026-11-23T18:20:00Z"))
    }

    @Test func `an event without anything is harmless`() {
        let event = Event(.missing)
        #expect(event.count == 1 && event.lastTime == nil && event.regarding.kind.isEmpty && !event.isWarning)
    }
}
