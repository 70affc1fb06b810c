import ClusterModel
import FastJSON
import IncidentModel
import KubernetesClient

/// One list call of a collection.
struct ListJob: Sendable {
    let resource: ResourceType
    /// `nil` reads over all namespaces.
    var namespace: String?
    var selection = ListSelection.everything

    /// Where `ClusterView` looks for the gap that a failure leaves.
    var path: String {
        guard let namespace, resource.isNamespaced else { return resource.path }
        let prefix = resource.group.isEmpty ? "api/" : "apis/"
        return "\(prefix)\(resource.groupVersion)/namespaces/\(namespace)/\(resource.plural)"
    }
}

/// What a list call gave.
struct ListOutcome: Sendable {
    let job: ListJob
    let result: Result<[JSONValue], ClusterReadError>
    /// What was left out of items that were read.
    var gaps: [EvidenceGap] = []
}

extension ListJob {
    /// Makes the call. Values of Secrets and oversized values of ConfigMaps are gone before anyone else sees the items.
    func run(_ reader: some ClusterReader, _ limits: CollectionLimits) async -> ListOutcome {
        if resource == .secrets, !limits.readsSecrets {
            return ListOutcome(job: self, result: .failure(.forbidden("reading Secrets is switched off")))
        }
        do throws(ClusterReadError) {
            let items = try await reader.list(resource, namespace: resource.isNamespaced ? namespace : nil, selecting: selection)
            switch resource {
            case .secrets: return ListOutcome(job: self, result: .success(try SecretRedaction.keysOnly(items)))
            case .configMaps:
                let (bounded, gaps) = ConfigMapBounds(valueBytes: limits.configMapValueBytes).apply(to: items)
                return ListOutcome(job: self, result: .success(bounded), gaps: gaps)
            default: return ListOutcome(job: self, result: .success(items))
            }
        } catch {
            return ListOutcome(job: self, result: .failure(error))
        }
    }
}
