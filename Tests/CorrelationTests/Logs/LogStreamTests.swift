import Foundation
import Testing

@testable import Correlation

/// Logs of any size are read as a stream.
@Suite struct LogStreamTests {
    /// Lines as a busy program writes them: each one differs, some tell of a failure, one is the first of its kind.
    private static func chunk(_ number: Int) -> [UInt8] {
        var text = ""
        for line in 0..<400 {
            let count = number * 400 + line
            text +=
                "2026-11-23T18:\(String(format: "%02d", count / 60 % 60)):\(String(format: "%02d", count % 60))Z INFO request \(count) done in \(count % 97) ms\n"
            if line == 7 { text += "2026-11-23T18:30:00Z ERROR order \(count): dial tcp 10.96.4.4:\(5_000 + count % 9_000): i/o timeout\n" }
        }
        return Array(text.utf8)
    }

    @Test func `memory stays flat while a long log streams by`() throws {
        var reader = LogReader(now: logTestTime)
        for number in 0..<20 { reader.read(Self.chunk(number)) }
        let before = try Self.residentKiB()
        var bytes = 0
        for number in 20..<220 {
            let chunk = Self.chunk(number)
            bytes += chunk.count
            reader.read(chunk)
        }
        let growth = try Self.residentKiB() - before
        let reading = reader.finish()
        #expect(bytes > 4_000_000)
        #expect(growth < 4_096, "\(growth) KiB more after \(bytes) bytes")
        #expect(reading.lineCount == 220 * 401)
        #expect(reading.findings.count < 60)
        #expect(reading.lastLines.count == 5)
        #expect(reading.findings.contains { $0.signature == .connectionTimeout && $0.host == "10.96.4.4" })
    }

    private static func residentKiB() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
        return Int(line.split(separator: " ").dropFirst().first.map(String.init) ?? line.filter(\.isNumber)) ?? Int(line.filter(\.isNumber))
            ?? 0
    }
}
