import FastJSON
import Foundation
import IncidentModel
import Testing

@testable import Reporting

@Suite struct StructuredDocumentTests {
    @Test(arguments: HostileText.numbers)
    func `JSON and YAML keep every text and show none that drives a terminal`(number: Int) throws {
        let sample = HostileText.samples[number]
        let incident = HostileText.incident(sample)
        let json = try IncidentDocument.json(incident)
        #expect(HostileText.dangerous(in: json).isEmpty)
        #expect(try IncidentJSON.decode(Incident.self, from: Data(json.utf8)) == incident)
        #expect(HostileText.dangerous(in: try IncidentDocument.yaml(incident)).isEmpty)
    }

    @Test(arguments: [
        (#"{}"#, "{}\n"), (#"[]"#, "[]\n"), (#"{"a":1,"b":[],"c":{}}"#, "a: 1\nb: []\nc: {}\n"),
        (#"{"a":{"b":"x"}}"#, "a:\n  b: \"x\"\n"), (#"{"a":[1,"no",null,true]}"#, "a:\n  - 1\n  - \"no\"\n  - null\n  - true\n"),
        (#"[{"a":1,"b":2},{"a":3}]"#, "- a: 1\n  b: 2\n- a: 3\n"), (#"[[1,2],[3]]"#, "-\n  - 1\n  - 2\n-\n  - 3\n"),
        (#"{"no":1,"A b":2,"":3}"#, "\"no\": 1\n\"A b\": 2\n\"\": 3\n"), (#"{"a":[{"b":[{"c":1}]}]}"#, "a:\n  - b:\n      - c: 1\n"),
        (#""a\"b\\c\n\u001b\u202e😀""#, "\"a\\\"b\\\\c\\n\\u001b\\u202e😀\"\n"), (#""\udb40\udc41""#, "\"\\U000e0041\"\n"),
    ])
    func `YAML is in block style with quoted strings`(json: String, yaml: String) throws {
        #expect(StructuredDocument.yaml(try JSONValue(parsing: json)) == yaml)
    }

    @Test(arguments: [#"{"a":[1,2.5,{"b":null}],"c":"\u0000x"}"#, #"[]"#, #"[{}]"#, #""x""#])
    func `indented JSON is the same document`(json: String) throws {
        let text = StructuredDocument.json(try JSONValue(parsing: json))
        #expect(try JSONValue(parsing: text).serialized == JSONValue(parsing: json).serialized)
    }
}
