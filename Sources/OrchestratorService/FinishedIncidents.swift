import Foundation
import NIOCore
import Synchronization

/// Bodies of incidents that cannot change any more, oldest dropped first: people and pages read the same few again and again.
final class FinishedIncidents: Sendable {
    /// Bounds of the memory it takes.
    private static let mostBytes = 2 << 20
    private static let mostIncidents = 256

    private struct Kept {
        var bodies: [UUID: ByteBuffer] = [:]
        var order: [UUID] = []
        var bytes = 0
    }

    private let kept = Mutex(Kept())

    func body(of id: UUID) -> ByteBuffer? {
        kept.withLock { $0.bodies[id] }
    }

    func keep(_ body: ByteBuffer, of id: UUID) {
        guard body.readableBytes <= Self.mostBytes / 4 else { return }
        kept.withLock { kept in
            guard kept.bodies[id] == nil else { return }
            kept.bodies[id] = body
            kept.order.append(id)
            kept.bytes += body.readableBytes
            while kept.bytes > Self.mostBytes || kept.order.count > Self.mostIncidents {
                let oldest = kept.order.removeFirst()
                kept.bytes -= kept.bodies.removeValue(forKey: oldest)?.readableBytes ?? 0
            }
        }
    }
}
