public import Foundation
public import IncidentModel
public import Investigation

/// An incident as the durable stores write it: sealed text, and in the clear what it is listed by.
public struct IncidentRecord: Sendable {
    public let id: String
    public let status: IncidentStatus
    /// Seconds since 1970.
    public let created: Double
    public let namespace: String?
    public let cause: String?
    public let awaits: String?
    /// The incident as JSON, sealed.
    public let payload: Data

    /// - Throws: `StoreError.corrupt` where the incident cannot be written as JSON.
    public init(_ incident: Incident, _ cipher: RecordCipher) throws(StoreError) {
        id = Self.key(incident.id)
        status = incident.status
        created = incident.createdAt.timeIntervalSince1970
        namespace = incident.place
        cause = incident.report?.rootCauses.first?.cause.rawValue
        awaits = incident.awaits
        payload = try cipher.seal(try Self.encode(incident), at: Self.place(incident.id))
    }

    /// UUIDs are kept in lower case (RFC 9562).
    public static func key(_ id: UUID) -> String { id.uuidString.lowercased() }

    /// Reads an incident back. The status column is newer than the payload: claims change it alone.
    public static func incident(_ id: String, status: String, payload: Data, _ cipher: RecordCipher) throws(StoreError) -> Incident {
        let plain = try cipher.open(payload, at: "incident \(id)")
        do {
            var incident = try IncidentJSON.decode(Incident.self, from: plain)
            if let status = IncidentStatus(rawValue: status) { incident.status = status }
            return incident
        } catch {
            throw .corrupt("incident \(id) cannot be read back: \(error)")
        }
    }

    /// A row of a list. One that cannot be read hides no other: it is listed by what stands in the clear.
    /// - Parameter created: seconds since 1970.
    public static func page(
        _ rows: [(id: String, status: String, created: Double, payload: Data)], next: Int?, _ cipher: RecordCipher
    ) throws(StoreError) -> IncidentPage {
        var page = IncidentPage(incidents: [], next: next)
        for row in rows {
            do throws(StoreError) {
                page.incidents.append(try incident(row.id, status: row.status, payload: row.payload, cipher))
            } catch {
                guard case .corrupt(let reason) = error, let id = UUID(uuidString: row.id) else { throw error }
                var blank = Incident(id: id, description: "(cannot be read)", createdAt: Date(timeIntervalSince1970: row.created))
                blank.status = IncidentStatus(rawValue: row.status) ?? .failed
                blank.error = reason
                page.incidents.append(blank)
                page.unreadable.insert(id)
            }
        }
        return page
    }

    public static func sealCheckpoint(_ checkpoint: Data?, of id: UUID, _ cipher: RecordCipher) throws(StoreError) -> Data? {
        guard let checkpoint else { return nil }
        return try cipher.seal(checkpoint, at: "checkpoint \(key(id))")
    }

    public static func openCheckpoint(_ record: Data?, of id: UUID, _ cipher: RecordCipher) throws(StoreError) -> Data? {
        guard let record else { return nil }
        return try cipher.open(record, at: "checkpoint \(key(id))")
    }

    public static func sealMessage(_ message: String, of id: UUID, _ sequence: Int, _ cipher: RecordCipher) throws(StoreError) -> Data {
        try cipher.seal(Data(message.utf8), at: "journal \(key(id))/\(sequence)")
    }

    public static func openMessage(_ record: Data, of id: UUID, _ sequence: Int, _ cipher: RecordCipher) throws(StoreError) -> String {
        String(decoding: try cipher.open(record, at: "journal \(key(id))/\(sequence)"), as: UTF8.self)
    }

    private static func place(_ id: UUID) -> String { "incident \(key(id))" }

    private static func encode(_ incident: Incident) throws(StoreError) -> Data {
        do {
            return try IncidentJSON.encode(incident)
        } catch {
            throw .corrupt("incident \(key(incident.id)) cannot be written as JSON: \(error)")
        }
    }
}
