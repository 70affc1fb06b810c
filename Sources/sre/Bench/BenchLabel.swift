import FastJSON
import Foundation
import IncidentModel

/// The right answer of a scenario (`expected.json`), for the scorer only.
struct BenchLabel: Sendable {
    struct Expected: Sendable {
        let causes: [String]
        let objects: [ObjectReference]
        let facts: [String]

        func acceptsObject(of answer: RootCause) -> Bool { objects.contains(answer.object) }
        func acceptsCause(of answer: RootCause) -> Bool { causes.contains(answer.cause.rawValue) }
        func accepts(_ answer: RootCause) -> Bool { acceptsObject(of: answer) && acceptsCause(of: answer) }

        /// Whether statement, details or citations contain every fact, without regard to case.
        func factsAreNamed(by answer: RootCause) -> Bool {
            let said = ([answer.statement] + answer.details.flatMap { [$0.key, $0.value] } + answer.citations.map(\.text))
                .joined(separator: "\n").lowercased()
            return facts.allSatisfy { said.contains($0.lowercased()) }
        }

        var summary: String { "\(causes.first ?? "") on \(objects.first?.description ?? "")" }
    }

    let isHealthy: Bool
    let rootCauses: [Expected]

    init(isHealthy: Bool, rootCauses: [Expected]) {
        self.isHealthy = isHealthy
        self.rootCauses = rootCauses
    }

    init(_ json: JSONValue) {
        isHealthy = json["healthy"].bool ?? false
        rootCauses = json["root_causes"].array.map { cause in
            Expected(
                causes: [cause["cause"].string ?? ""] + cause["also_accept_causes"].strings,
                objects: ([cause["object"]] + cause["also_accept"].array).map(Self.reference), facts: cause["facts"].strings)
        }
    }

    private static func reference(_ json: JSONValue) -> ObjectReference {
        ObjectReference(kind: json["kind"].string ?? "", namespace: json["namespace"].string, name: json["name"].string ?? "")
    }
}
