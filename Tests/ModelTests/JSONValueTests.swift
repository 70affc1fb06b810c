import FastJSON
import Testing

@Suite struct JSONValueTests {
    private static func parse(_ text: String) throws -> JSONValue { try JSONValue(parsing: text) }

    @Test func `values of every kind are read`() throws {
        let json = try Self.parse(#"{"s":"é\n\"x\"","i":-7,"d":1.5,"b":true,"n":null,"a":[1,"two",null],"o":{"k":"v","l":2}}"#)
        #expect(json["s"].string == "é\n\"x\"" && json["i"].int == -7 && json["d"].double == 1.5 && json["b"].bool == true)
        #expect(json["n"].kind == .null && json["n"].isNothing && !json["n"].isMissing)
        #expect(json["a"].count == 3 && json["a"].array.map(\.kind) == [.integer, .string, .null] && json["a"].strings == ["two"])
        #expect(json["o"].members.map(\.key) == ["k", "l"] && json["o"].stringMap == ["k": "v"])
        #expect(json["o", "k"].string == "v")
    }

    @Test func `reading as the wrong type gives nothing and never fails`() throws {
        let json = try Self.parse(#"{"s":"x","a":[],"o":{}}"#)
        #expect(json["s"].int == nil && json["s"].bool == nil && json["s"].array.isEmpty && json["s"].members.isEmpty)
        #expect(json["s", "deeper", "still"].isMissing && json["a"].string == nil && json["o"].int == nil)
        #expect(
            json["absent"].isMissing && json["absent"].string == nil && json["absent"].count == 0 && json["absent"].serialized == "null")
        #expect(JSONValue.missing.kind == .missing && JSONValue.missing.array.isEmpty)
    }

    @Test(arguments: [
        ("1.9", 1), ("-1.9", -1), ("9223372036854775807", Int.max), ("1e3", 1_000), ("0", 0), ("18446744073709551615", Int.max),
    ]) func `an integer is read from any number`(text: String, value: Int) throws {
        #expect(try Self.parse("[\(text)]").array.first?.int == value)
    }

    @Test func `a number beyond all integers is none`() throws {
        #expect(try Self.parse("[1e300]").array.first?.int == nil)
    }

    @Test(arguments: ["", " ", "{", "[1,]", "{\"a\":}", "nul", "{\"a\":1}x", "'a'", "{\"a\" 1}", "[\"\\ud800\"]", "01", "\u{FEFF}"])
    func `what is no JSON is an error with words`(text: String) {
        #expect { try Self.parse(text) } throws: { "\($0)".hasPrefix("not valid JSON: ") }
    }

    @Test func `bytes that are no UTF-8, and nesting without end, are errors`() {
        #expect(throws: JSONError.self) { try [0x22, 0xFF, 0xFE, 0x22].withUnsafeBytes { try JSONValue(parsing: $0) } }
        #expect(throws: JSONError.self) { try Self.parse(String(repeating: "[", count: 5_000) + String(repeating: "]", count: 5_000)) }
        #expect(throws: JSONError.self) { try Self.parse(String(repeating: "{\"a\":", count: 200_000)) }
    }

    @Test func `NUL and control characters survive a round trip`() throws {
        let text = "a\u{0}b\u{1B}[31m\u{7F}\u{2028}\"\\/😀"
        let json = try Self.parse(JSONText.object([("k", JSONText.quote(text))]))
        #expect(json["k"].string == text)
        #expect(try Self.parse(json.serialized)["k"].string == text)
        #expect(!JSONText.quote(text).unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F })
    }

    @Test func `a value keeps its document alive and may be read from many tasks`() async throws {
        var items: [JSONValue] = []
        do { items = try Self.parse("[" + (0..<1_000).map { #"{"n":\#($0)}"# }.joined(separator: ",") + "]").array }
        let shared = items
        let sum = await withTaskGroup(of: Int.self) { group in
            for offset in 0..<4 { group.addTask { stride(from: offset, to: 1_000, by: 4).reduce(0) { $0 + (shared[$1]["n"].int ?? 0) } } }
            return await group.reduce(0, +)
        }
        #expect(sum == 499_500)
    }

    @Test func `serialized text means the same`() throws {
        let text = #"{"a":[1,2.5,true,null,"x"],"b":{"c":{}}}"#
        #expect(try Self.parse(text).serialized == text)
        #expect(try Self.parse(text)["a"].serialized == #"[1,2.5,true,null,"x"]"#)
    }

    @Test func `a repeated member is the first one`() throws {
        #expect(try Self.parse(#"{"a":1,"a":2}"#)["a"].int == 1)
    }

    @Test(arguments: [
        ("{\"a\": 3821374121183972163584, \"b\": \"12345678901234567890123\"}", 3.821374121183972e21),
        ("{\"a\": -99999999999999999999999, \"b\": \"12345678901234567890123\"}", -1e23),
        ("{\"b\": \"12345678901234567890123\", \"a\": 1.5, \"c\": [123456789012345678901234567890]}", 1.5),
        ("{\"b\": \"12345678901234567890123\", \"a\": 1e-5, \"c\": 12345678901234567890123, \"d\": 0.12345678901234567890123}", 1e-5),
        ("{\"b\": \"12345678901234567890123\", \"a\": 2, \"c\\\"\": \"\\\\\", \"d\": 12345678901234567890123}", 2),
    ])
    func `integers beyond 64 bits are numbers, and text stays text`(_ text: String, _ expected: Double) throws {
        let value = try JSONValue(parsing: text)
        #expect(value["a"].double == expected && value["b"].string == "12345678901234567890123")
    }

    @Test(arguments: [
        "{\"a\": 12345678901234567890123.}", "{\"a\": 012345678901234567890123}", "[12345678901234567890123", "1234567890123456789012x",
    ])
    func `what is no JSON stays none, however long its numbers are`(_ text: String) {
        #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
    }
}
