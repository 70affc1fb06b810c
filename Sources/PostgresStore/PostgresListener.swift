import Foundation
import Investigation
import Synchronization

/// Hears what other replicas did to the store, on a connection and a thread of its own. While the connection is down nothing is heard;
/// when it is back, runners are told to look for work. Event streams look by themselves, and a lease that was lost shows when it is renewed.
final class PostgresListener: Sendable {
    static let channel = "sre_orchestrator_changes"

    private let isClosed = Mutex(false)

    init(_ address: String, changes: ChangeFeed) {
        let thread = Thread { [weak self] in
            while let self, !self.isClosed.withLock({ $0 }) {
                do {
                    let connection = try PostgresConnection(address, statementSeconds: 10)
                    try connection.execute("LISTEN \(Self.channel)")
                    changes.publish(.work)
                    try self.listen(connection, changes)
                } catch {
                    Thread.sleep(forTimeInterval: 1)
                }
            }
        }
        thread.name = "postgres-listen"
        thread.start()
    }

    deinit { close() }

    func close() { isClosed.withLock { $0 = true } }

    private func listen(_ connection: PostgresConnection, _ changes: ChangeFeed) throws {
        var silence = 0
        while !isClosed.withLock({ $0 }) {
            let payloads = try connection.notifications(within: 1)
            for payload in payloads { Self.change(payload).map(changes.publish) }
            silence = payloads.isEmpty ? silence + 1 : 0
            // A peer that vanished without a word is found by asking.
            if silence == 15 {
                try connection.execute("SELECT 1")
                silence = 0
            }
        }
    }

    /// `work`, `incident ID` or `cancelled ID`.
    static func change(_ payload: String) -> StoreChange? {
        let words = payload.split(separator: " ", maxSplits: 1).map(String.init)
        switch (words.first, words.last.flatMap(UUID.init(uuidString:))) {
        case ("work", _): return .work
        case ("incident", let id?): return .incident(id)
        case ("cancelled", let id?): return .cancelled(id)
        default: return nil
        }
    }

    static func payload(_ change: StoreChange) -> String {
        switch change {
        case .work: "work"
        case .incident(let id): "incident \(id.uuidString.lowercased())"
        case .cancelled(let id): "cancelled \(id.uuidString.lowercased())"
        }
    }
}
