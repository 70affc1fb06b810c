internal import ClusterModel

extension ClusterView {
    /// The number that the endpoints controller found for a port of a Service. It stands there also where the pods' declarations, by
    /// which it looked a name up, were not recorded.
    /// - Parameter port: the Service's port; `nil`, or one it does not have, means its first.
    func endpointPort(of port: Int?, behind service: Service) -> Int? {
        guard let wanted = service.ports.first(where: { $0.port == port }) ?? service.ports.first else { return nil }
        return slices(of: service).lazy.filter { !$0.endpoints.isEmpty }.flatMap(\.ports).first {
            $0.port != nil && ($0.name ?? "") == (wanted.name ?? "") && $0.protocol == wanted.protocol
        }?.port
    }
}
