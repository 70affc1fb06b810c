import FastJSON
import FoundationEssentials
public import IncidentModel

/// An incident as data for a terminal: the JSON of the public API, indented, and the same as YAML.
public enum IncidentDocument {
    /// Indented JSON in which every character is safe to print.
    /// - Throws: `EncodingError` for a number that JSON does not have.
    public static func json(_ incident: Incident) throws -> String {
        StructuredDocument.json(try JSONValue(parsing: IncidentJSON.encode(incident)))
    }

    /// The same document as YAML.
    /// - Throws: `EncodingError` for a number that JSON does not have.
    public static func yaml(_ incident: Incident) throws -> String {
        StructuredDocument.yaml(try JSONValue(parsing: IncidentJSON.encode(incident)))
    }
}
