import Foundation
import IncidentModel
import Investigation

/// The body of `GET /api/v1/incidents`.
struct IncidentList: Encodable {
    let incidents: [Incident]
    /// What `cursor` of the next page is; absent on the last one.
    let nextCursor: String?
    /// Ids of those of them that cannot be read; absent where there are none.
    let unreadable: [String]?

    init(_ page: IncidentPage) {
        incidents = page.incidents.map { incident in
            guard page.unreadable.contains(incident.id) else { return incident.summary }
            var incident = incident
            // What is wrong is in the log; it may quote what callers are not meant to see.
            incident.error = "the store cannot read this incident; its log and `sre store check` say why"
            return incident
        }
        nextCursor = page.next.map(String.init)
        unreadable = page.unreadable.isEmpty ? nil : page.unreadable.map { $0.uuidString.lowercased() }.sorted()
    }

    enum CodingKeys: String, CodingKey {
        case incidents
        case nextCursor = "next_cursor"
        case unreadable
    }
}

/// The body of `GET /api/v1/incidents/{id}/journal`.
struct Journal: Encodable {
    let incidentID: String
    let status: IncidentStatus
    let entries: [JournalEntry]

    enum CodingKeys: String, CodingKey {
        case incidentID = "incident_id"
        case status, entries
    }
}

extension Incident {
    /// As the API shows it: with a pod there are always logs, be they empty.
    var forAPI: Incident {
        var incident = self
        if incident.evidence.podDetails != nil, incident.evidence.podLogs == nil { incident.evidence.podLogs = "" }
        return incident
    }

    /// Without report and evidence, for lists.
    var summary: Incident {
        var incident = self
        incident.report = nil
        incident.evidence = EvidenceSummary()
        return incident
    }
}
