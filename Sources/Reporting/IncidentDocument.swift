import FastJSON
public import FoundationEssentials
public import IncidentModel

/// An incident as data: the JSON of the public API, and the same as YAML.
public enum IncidentDocument {
    /// Compact JSON as the API sends it: snake_case, RFC 3339 UTC times, sorted keys.
    /// - Throws: `EncodingError` for a number that JSON does not have.
    public static func data(_ incident: Incident) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(RFC3339.format(date, fraction: date.timeIntervalSince1970 != date.timeIntervalSince1970.rounded()))
        }
        return try encoder.encode(incident)
    }

    /// Indented JSON, safe to print to a terminal.
    /// - Throws: `EncodingError` for a number that JSON does not have.
    public static func json(_ incident: Incident) throws -> String {
        StructuredDocument.json(try JSONValue(parsing: data(incident)))
    }

    /// The same document as YAML, safe to print to a terminal.
    /// - Throws: `EncodingError` for a number that JSON does not have.
    public static func yaml(_ incident: Incident) throws -> String {
        StructuredDocument.yaml(try JSONValue(parsing: data(incident)))
    }

    /// Reads what `data` writes, and what the API answers.
    /// - Throws: `DecodingError` that names the member that is missing or wrong.
    public static func incident(from data: Data) throws -> Incident {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .custom { decoder in
            let text = try decoder.singleValueContainer().decode(String.self)
            guard let date = RFC3339.parse(text) else {
                throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "not an RFC 3339 time"))
            }
            return date
        }
        return try decoder.decode(Incident.self, from: data)
    }
}
