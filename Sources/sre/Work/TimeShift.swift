import ClusterModel
import FastJSON
import Foundation
import IncidentModel

/// Moves a recorded cluster in time, as if it had been recorded at another moment.
///
/// Who reads a live API measures ages with a clock. To such a reader everything in an old recording is long past; moved to the present
/// it is what its first reader saw.
struct TimeShift {
    /// Times before this stand for "none", as the API's 1970-01-01 does, and stay.
    private static let earliest = "2000-01-01T00:00:00"
    private static let length = 19
    private static let separators: [(offset: Int, byte: UInt8)] = [
        (4, UInt8(ascii: "-")), (7, UInt8(ascii: "-")), (10, UInt8(ascii: "T")), (13, UInt8(ascii: ":")), (16, UInt8(ascii: ":")),
    ]

    /// Whole seconds that everything moves by; negative moves into the past.
    let seconds: Int

    /// The same cluster with all its RFC 3339 times moved: those of objects, of events, and in logs. Telemetry stays as it is.
    /// - Throws: `JSONError` should an object not be JSON any more.
    func moved(_ evidence: ClusterEvidence) throws -> ClusterEvidence {
        var evidence = evidence
        evidence.capturedAt += Double(seconds)
        for (path, items) in evidence.lists {
            evidence.lists[path] = try JSONValue(parsing: moved(JSONText.array(items.map(\.serialized)))).array
        }
        for index in evidence.logs.indices { evidence.logs[index].text = moved(evidence.logs[index].text) }
        return evidence
    }

    /// The text with every `2026-11-23T18:46:09` in it moved; fractions and offsets that follow stay, and so does its length.
    func moved(_ text: String) -> String {
        var bytes = Array(text.utf8)
        var index = 0
        while index + Self.length <= bytes.count {
            guard isTime(bytes[index..<index + Self.length]) else {
                index += 1
                continue
            }
            let found = String(decoding: bytes[index..<index + Self.length], as: UTF8.self)
            if found >= Self.earliest, let time = RFC3339.parse(found + "Z") {
                let other = RFC3339.format(time.addingTimeInterval(Double(seconds))).utf8.prefix(Self.length)
                bytes.replaceSubrange(index..<index + Self.length, with: other)
            }
            index += Self.length
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func isTime(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard Self.separators.allSatisfy({ bytes[bytes.startIndex + $0.offset] == $0.byte }) else { return false }
        return bytes.enumerated().allSatisfy { offset, byte in
            Self.separators.contains { $0.offset == offset } || (0x30...0x39).contains(byte)
        }
    }
}
