internal import CSimdJSON
public import FoundationEssentials

/// A value inside a parsed JSON document: a cheap handle, tolerant by design.
///
/// Looking up what is not there, or reading a value as another type, gives `nil` or an empty collection and never fails, so that
/// one odd field of a Kubernetes object cannot cost the object. Handles keep their whole document in memory.
public struct JSONValue: Sendable {
    public enum Kind: Sendable { case missing, null, bool, integer, double, string, array, object }

    private let document: JSONDocument?
    private nonisolated(unsafe) let element: sj_element

    /// The value that lookups of absent members give.
    public static let missing = JSONValue(document: nil, element: sj_element(document: nil, index: 0))

    private init(document: JSONDocument?, element: sj_element) {
        self.document = document
        self.element = element
    }

    /// Parses a whole document.
    /// - Throws: `JSONError` when the bytes are not JSON, not UTF-8, or nest deeper than 1,024 levels.
    public init(parsing bytes: UnsafeRawBufferPointer) throws(JSONError) {
        let document = try JSONDocument(parsing: bytes)
        self.init(document: document, element: document.root)
    }

    /// Parses a whole document. See `init(parsing:)` for bytes.
    public init(parsing data: Data) throws(JSONError) {
        self = try data.withUnsafeBytes { bytes in Result { () throws(JSONError) in try JSONValue(parsing: bytes) } }.get()
    }

    /// Parses a whole document. See `init(parsing:)` for bytes.
    public init(parsing text: String) throws(JSONError) {
        try self.init(parsing: Data(text.utf8))
    }

    public var kind: Kind {
        guard document != nil else { return .missing }
        switch sj_kind_of(element) {
        case SJ_BOOL: return .bool
        case SJ_INTEGER: return .integer
        case SJ_DOUBLE: return .double
        case SJ_STRING: return .string
        case SJ_ARRAY: return .array
        case SJ_OBJECT: return .object
        default: return .null
        }
    }

    public var isMissing: Bool { document == nil }
    /// Whether the value is absent or JSON `null`.
    public var isNothing: Bool { kind == .missing || kind == .null }

    /// The member `key`, or `.missing`.
    public subscript(key: String) -> JSONValue {
        guard let document else { return .missing }
        var key = key
        var found = sj_element(document: nil, index: 0)
        let isThere = key.withUTF8 { utf8 in
            utf8.withMemoryRebound(to: CChar.self) { sj_find(element, $0.baseAddress, $0.count, &found) }
        }
        return isThere ? JSONValue(document: document, element: found) : .missing
    }

    /// The value at a chain of keys, or `.missing`.
    public subscript(path: String...) -> JSONValue {
        path.reduce(self) { $0[$1] }
    }

    public var string: String? {
        guard kind == .string else { return nil }
        return Self.text(sj_string(element))
    }

    public var bool: Bool? { kind == .bool ? sj_bool(element) : nil }

    /// The integer value; a fraction is cut off, a number beyond 64 bits is clamped.
    public var int: Int? {
        switch kind {
        case .integer: Int(sj_integer(element))
        case .double: Int(exactly: sj_double(element).rounded(.towardZero))
        default: nil
        }
    }

    public var double: Double? {
        switch kind {
        case .integer, .double: sj_double(element)
        default: nil
        }
    }

    /// Number of elements or members; 0 for scalars.
    public var count: Int { document == nil ? 0 : sj_count(element) }

    /// The elements of an array; empty for anything else.
    public var array: [JSONValue] {
        guard let document, kind == .array else { return [] }
        let count = sj_count(element)
        guard count > 0 else { return [] }
        return withUnsafeTemporaryAllocation(of: sj_element.self, capacity: count) { buffer in
            sj_fill_array(element, buffer.baseAddress, count)
            return buffer.map { JSONValue(document: document, element: $0) }
        }
    }

    /// The members of an object in the document's order; empty for anything else.
    public var members: [(key: String, value: JSONValue)] {
        guard let document, kind == .object else { return [] }
        let count = sj_count(element)
        guard count > 0 else { return [] }
        return withUnsafeTemporaryAllocation(of: sj_member.self, capacity: count) { buffer in
            sj_fill_object(element, buffer.baseAddress, count)
            return buffer.map { (Self.text($0.key), JSONValue(document: document, element: $0.value)) }
        }
    }

    /// Minified JSON text of this value; `null` for a missing one.
    public var serialized: String {
        guard document != nil else { return "null" }
        let text = sj_serialize(element)
        defer { sj_release_text(text) }
        return Self.text(text)
    }

    private static func text(_ raw: sj_text) -> String {
        guard let bytes = raw.bytes else { return "" }
        return String(decoding: UnsafeRawBufferPointer(start: bytes, count: raw.count), as: UTF8.self)
    }
}

extension JSONValue {
    /// The strings of an array; other elements are skipped.
    public var strings: [String] { array.compactMap(\.string) }

    /// The members of an object whose values are strings.
    public var stringMap: [String: String] {
        Dictionary(members.compactMap { member in member.value.string.map { (member.key, $0) } }) { $1 }
    }
}
