import Foundation
import Testing

@testable import Correlation

let logTestTime = Date(timeIntervalSince1970: 1_795_460_400)  // 2026-11-23T19:00:00Z

@Suite struct SignatureTests {
    @Test(arguments: NetworkCases.refused + NetworkCases.timeouts + NetworkCases.names + NetworkCases.transport)
    func `connection failures are read in the words of their runtime`(_ expected: SignatureCase) throws {
        try check(expected)
    }

    @Test(arguments: DatastoreCases.all)
    func `answers of dependencies are read`(_ expected: SignatureCase) throws {
        try check(expected)
    }

    @Test(arguments: MachineCases.files + MachineCases.programs + MachineCases.settings)
    func `failures of files, programs and settings are read`(_ expected: SignatureCase) throws {
        try check(expected)
    }

    @Test(arguments: ServerCases.all)
    func `last words of widely used servers are read`(_ expected: SignatureCase) throws {
        try check(expected)
    }

    @Test(arguments: RuntimeCases.all)
    func `each runtime's words for the same failures are read`(_ expected: SignatureCase) throws {
        try check(expected)
    }

    @Test(arguments: RuntimeCases.decoys)
    func `what is over or was never wrong leaves nothing that still stands`(_ text: String) {
        let findings = LogReading(text, now: logTestTime).findings.filter { !$0.isRecovered }
        #expect(findings.isEmpty, "\(findings.map { "\($0.signature)" })")
    }

    @Test(arguments: DecoyCases.silent)
    func `words that only look like a failure are none`(_ text: String) {
        let findings = LogReading(text, now: logTestTime).findings
        #expect(findings.isEmpty, "\(findings.map { "\($0.signature)" })")
    }

    @Test(arguments: ["2026-11-23T18:39:21.510681345Z ", "2026-11-23 18:39:24.433 ", "\u{1b}[31mERROR\u{1b}[0m "])
    func `times and colours in front do not hide a failure`(_ head: String) throws {
        let found = try #require(
            LogReading(head + "dial tcp 10.96.12.7:5432: connect: connection refused", now: logTestTime).findings.first)
        #expect(found.signature == .connectionRefused)
        #expect(found.host == "10.96.12.7")
        #expect(!found.line.text.unicodeScalars.contains { $0.value < 0x20 })
    }

    @Test func `every literal of the table is lower case and without markers inside`() {
        for row in SignatureTable.rows {
            for needle in row.any + row.unless + row.with.flatMap({ $0 }) {
                #expect(needle == needle.lowercased(), "\(needle)")
                #expect(!needle.isEmpty && needle.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7f }, "\(needle)")
            }
        }
    }

    @Test func `a password in a URL is no part of what was read`() throws {
        let text = "Error: connect ECONNREFUSED redis://app:s3cret@cart-redis:6379/0"
        let found = try #require(LogReading(text, now: logTestTime).findings.first)
        #expect(found.host == "cart-redis")
        #expect(found.user == nil && found.name == nil && !(found.detail ?? "").contains("s3cret"))
    }

    private func check(_ expected: SignatureCase) throws {
        let found = try #require(LogReading(expected.text, now: logTestTime).findings.first)
        #expect(found.signature == expected.signature)
        if let host = expected.host { #expect(found.host == host) }
        if let port = expected.port { #expect(found.port == port) }
        if let path = expected.path { #expect(found.path == path) }
        if let user = expected.user { #expect(found.user == user) }
        if let name = expected.name { #expect(found.name == name) }
        #expect(!found.isRecovered)
    }
}
