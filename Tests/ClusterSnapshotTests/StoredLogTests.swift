import Foundation
import IncidentModel
import Testing

@testable import ClusterSnapshot

@Suite struct StoredLogTests {
    private let log = StoredLog(
        text: """
            2026-11-23T18:00:00.000000001Z one
            2026-11-23T18:10:00Z two\r
            \tat continued
            2026-11-23T18:20:00Z drei: größer

            """)

    @Test func `without limits a log is given as it was recorded`() {
        #expect(log.cut(tailLines: nil, since: nil, limitBytes: nil, hasTimestamps: true) == log.text)
    }

    @Test func `times are taken off where they are not wanted`() {
        let text = log.cut(tailLines: nil, since: nil, limitBytes: nil, hasTimestamps: false)
        #expect(text == "one\ntwo\r\n\tat continued\ndrei: größer\n")
    }

    @Test(arguments: [
        (0, ""), (1, "drei: größer\n"), (2, "\tat continued\ndrei: größer\n"), (99, "one\ntwo\r\n\tat continued\ndrei: größer\n"),
    ])
    func `the tail counts lines from the end`(lines: Int, text: String) {
        #expect(log.cut(tailLines: lines, since: nil, limitBytes: nil, hasTimestamps: false) == text)
    }

    @Test func `a line without a time goes with the line above it`() {
        let since = RFC3339.parse("2026-11-23T18:05:00Z")
        #expect(log.cut(tailLines: nil, since: since, limitBytes: nil, hasTimestamps: false) == "two\r\n\tat continued\ndrei: größer\n")
        #expect(log.cut(tailLines: nil, since: RFC3339.parse("2027-01-01T00:00:00Z"), limitBytes: nil, hasTimestamps: false) == "")
    }

    @Test func `bytes are counted from the start and never split a character`() {
        let last = log.cut(tailLines: 1, since: nil, limitBytes: 9, hasTimestamps: false)
        #expect(last == "drei: gr")
        #expect(log.cut(tailLines: nil, since: nil, limitBytes: 4, hasTimestamps: false) == "one\n")
        #expect(log.cut(tailLines: nil, since: nil, limitBytes: 0, hasTimestamps: false) == "")
    }

    @Test func `a last line without newline stays without`() {
        #expect(StoredLog(text: "a\nb").cut(tailLines: 1, since: nil, limitBytes: nil, hasTimestamps: false) == "b")
        #expect(StoredLog(text: "").cut(tailLines: 1, since: nil, limitBytes: 1, hasTimestamps: false) == "")
    }
}
