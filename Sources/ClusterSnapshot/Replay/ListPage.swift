import FastJSON
import KubernetesClient

/// One page of a list. A snapshot never changes, so where the next one starts is all that a token has to say.
struct ListPage {
    let items: [JSONValue]
    /// Token of the next page, where there is one.
    let next: String?
    /// Items after this page; not told for selected lists, as the API server does not know it there.
    let remaining: Int?

    private static let tokenPrefix = "replay-"

    init(_ all: [JSONValue], limit: Int?, token: String?, isSelected: Bool) throws(ClusterReadError) {
        var start = 0
        if let token {
            guard token.hasPrefix(Self.tokenPrefix), let position = Int(token.dropFirst(Self.tokenPrefix.count)),
                (0...all.count).contains(position)
            else { throw .badRequest("continue key is not valid: it was not given by this server") }
            start = position
        }
        let end = limit.flatMap { $0 > 0 ? start + min($0, all.count - start) : nil } ?? all.count
        items = Array(all[start..<end])
        next = end < all.count ? Self.tokenPrefix + String(end) : nil
        remaining = end < all.count && !isSelected ? all.count - end : nil
    }
}
