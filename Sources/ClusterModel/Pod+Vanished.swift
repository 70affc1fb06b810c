/// What a pod that is gone is put together from, see `Pod.init(vanished:template:unschedulable:)`.
extension ObjectMetadata {
    init(name: String, namespace: String, labels: [String: String]) {
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
    init(scheduled: Bool, message: String?) {
        type = "PodScheduled"
        status = scheduled ? "True" : "False"
        reason = scheduled ? nil : "Unschedulable"
        self.message = message
        lastTransitionTime = nil
    }
}
