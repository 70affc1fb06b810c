/// The chapters of the rule catalogue: where in the life of a workload a cause strikes. The raw value is the heading.
public enum CauseGroup: String, CaseIterable, Sendable {
    case images = "Images"
    case configuration = "Container creation and configuration"
    case crash = "Crashes"
    case dependencies = "Dependencies"
    case probes = "Probes and readiness"
    case scheduling = "Scheduling"
    case storage = "Storage"
    case admission = "Admission and quota"
    case workloads = "Workload controllers"
    case autoscaling = "Autoscaling and disruption"
    case network = "Services, ingress, policies and DNS"
    case nodes = "Nodes and evictions"
    case identity = "Identity"
    case controlPlane = "Control plane"
    case performance = "Performance"
}
