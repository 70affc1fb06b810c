public import IncidentModel

extension Pod {
    /// A pod that is gone, as far as its controller's template and the events about it bring it back: never more than Pending.
    /// - Parameter unschedulable: the scheduler's message where no node took it.
    public init(vanished reference: ObjectReference, template: PodTemplate, unschedulable: String?) {
        metadata = ObjectMetadata(name: reference.name, namespace: reference.namespace ?? "", labels: template.labels)
        spec = template.spec
        phase = "Pending"
        reason = nil
        message = nil
        conditions = [Condition(scheduled: unschedulable == nil, message: unschedulable)]
        podIP = nil
        hostIP = nil
        startTime = nil
        qosClass = nil
        statuses = [:]
    }
}

extension ObjectMetadata {
    fileprivate init(name: String, namespace: String, labels: [String: String]) {
        self.name = name
        self.namespace = namespace
        uid = ""
        generation = 0
        creationTime = nil
        deletionTime = nil
        self.labels = labels
        annotations = [:]
        owners = []
        finalizers = []
        managedFields = []
    }
}

extension Condition {
    fileprivate init(scheduled: Bool, message: String?) {
        type = "PodScheduled"
        status = scheduled ? "True" : "False"
        reason = scheduled ? nil : "Unschedulable"
        self.message = message
        lastTransitionTime = nil
    }
}
