internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// Programs that serve with settings from before a change (X2, X3). Nothing fails, so it counts only where the question is about settings.
enum StaleConfigurationRules {
    static func finding(_ workload: Workload, context: CaseContext) -> Finding? {
        guard QuestionTopic.configuration.matches(context.question.description), !workload.isBatch, workload.impact == .latent,
            let use = StaleConfiguration(workload, context: context).uses.first
        else { return nil }
        let isSecret = use.object.kind == "Secret"
        var details = ["reference": use.object.name, "field": use.field, "container": use.container]
        details["key"] = use.key
        details["expected"] = use.value
        return Finding(
            cause: isSecret ? .credentialsRejected : .configurationInvalid, object: workload.reference, sufferer: workload.reference,
            statement:
                "\(workload.reference) runs with what \(use.object) said before it changed at \(RFC3339.format(use.changed)): \(use.why), so it needs a restart.",
            details: details,
            citations: [.field(use.object, "metadata.managedFields[].time", RFC3339.format(use.changed), time: use.changed)],
            confidence: isSecret ? 0.4 : 0.75, reasons: ["all its containers started before the change"], impact: .latent,
            changedObjects: [use.object])
    }
}
