public import FoundationEssentials

/// The JSON of the public API, of the stores and of checkpoints: snake_case members, RFC 3339 times in UTC, slashes as they are.
public enum IncidentJSON {
    private static let encoder: JSONEncoder = {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(text(of: date))
        }
        return encoder
    }()

    private static let decoder: JSONDecoder = {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .custom { decoder in
            let container = try decoder.singleValueContainer()
            guard let date = RFC3339.parse(try container.decode(String.self)) else {
                throw DecodingError.dataCorruptedError(in: container, debugDescription: "not an RFC 3339 time")
            }
            return date
        }
        return decoder
    }()

    /// - Throws: `EncodingError` for a number that JSON cannot write, such as NaN.
    public static func encode(_ value: some Encodable) throws -> Data { try encoder.encode(value) }

    /// - Throws: `DecodingError` where the bytes are no JSON of this type.
    public static func decode<Value: Decodable>(_ type: Value.Type = Value.self, from data: Data) throws -> Value {
        try decoder.decode(type, from: data)
    }

    /// Whole seconds where the time has no fraction, milliseconds otherwise.
    ///
    /// A millisecond is not exact in binary: without the added microsecond, reading and writing a time again would move it.
    private static func text(of date: Date) -> String {
        let nudged = date.addingTimeInterval(0.000_001)
        let seconds = nudged.timeIntervalSince1970
        let hasFraction = Int((seconds * 1_000).rounded(.down)) % 1_000 != 0
        return RFC3339.format(nudged, fraction: hasFraction)
    }
}
