import HTTPTypes
import Hummingbird
public import Investigation
import ServiceKit

extension StoreError {
    /// What is wrong, in words.
    public var explanation: String {
        switch self {
        case .leaseLost(let id): "incident \(id) is held by another runner"
        case .duplicate(let id): "incident \(id) exists already"
        case .unavailable(let text), .corrupt(let text): text
        }
    }

    /// How it looks to a caller, who learns that the store is at fault but not its path or data.
    var problem: Problem {
        switch self {
        case .unavailable: Problem(.serviceUnavailable, "the incident store cannot be used now; try again", headers: [.retryAfter: "2"])
        case .duplicate, .leaseLost: Problem(.conflict, explanation)
        case .corrupt: Problem(.internalServerError, "the incident store is damaged; the service's log says more")
        }
    }
}
