import Foundation
import NIOCore
import Synchronization

/// Bodies of incidents that cannot change any more, oldest dropped first: people and pages read the same few again and again.
final class FinishedIncidents: Sendable {
    /// Bounds of the memory it takes.
    private static let mostBytes = 2 << 20
    private static let mostIncidents = 256

    /// What another replica deleted, for its age perhaps, is shown no longer than this.
    private static let longestAge = Duration.seconds(60)

    private struct Kept {
        var bodies: [UUID: (body: ByteBuffer, since: ContinuousClock.Instant)] = [:]
        var order: [UUID] = []
        var bytes = 0
    }

    private let kept = Mutex(Kept())

    func body(of id: UUID) -> ByteBuffer? {
        kept.withLock { kept in
            guard let found = kept.bodies[id], found.since.duration(to: .now) < Self.longestAge else { return nil }
            return found.body
        }
    }

    func keep(_ body: ByteBuffer, of id: UUID) {
        guard body.readableBytes <= Self.mostBytes / 4 else { return }
        kept.withLock { kept in
            let isKnown = kept.bodies.updateValue((body, .now), forKey: id) != nil
            guard !isKnown else { return }
            kept.order.append(id)
            kept.bytes += body.readableBytes
            while kept.bytes > Self.mostBytes || kept.order.count > Self.mostIncidents {
                let oldest = kept.order.removeFirst()
                kept.bytes -= kept.bodies.removeValue(forKey: oldest)?.body.readableBytes ?? 0
            }
        }
    }
}
