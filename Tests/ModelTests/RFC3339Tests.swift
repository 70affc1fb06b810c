import Foundation
import IncidentModel
import Testing

@Suite struct RFC3339Tests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0.0), ("2026-11-23T18:39:56Z", 1_795_459_196), ("2026-11-23t18:39:56z", 1_795_459_196),
        ("2026-11-23 18:39:56Z", 1_795_459_196), ("2026-11-23T20:39:56+02:00", 1_795_459_196), ("2026-11-23T13:09:56-05:30", 1_795_459_196),
        ("2024-02-29T00:00:00Z", 1_709_164_800), ("2000-02-29T00:00:00Z", 951_782_400), ("1969-12-31T23:59:59Z", -1),
        ("2026-11-23T18:39:56.5Z", 1_795_459_196.5), ("2016-12-31T23:59:60Z", 1_483_228_800),
    ]) func `a time is read`(text: String, seconds: Double) {
        #expect(RFC3339.parse(text)?.timeIntervalSince1970 == seconds)
    }

    @Test func `fractions are kept to the microsecond`() throws {
        let time = try #require(RFC3339.parse("2026-11-23T18:37:41.099669Z"))
        #expect(abs(time.timeIntervalSince1970 - 1_795_459_061.099669) < 1e-6)
        #expect(RFC3339.format(time) == "2026-11-23T18:37:41Z")
        #expect(RFC3339.format(time, fraction: true) == "2026-11-23T18:37:41.099Z")
    }

    @Test(arguments: [
        "", "2026", "2026-11-23", "2026-11-23T18:39:56", "2026-02-29T00:00:00Z", "2100-02-29T00:00:00Z", "2026-04-31T00:00:00Z",
        "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-11-00T00:00:00Z", "2026-11-23T24:00:00Z", "2026-11-23T18:60:00Z",
        "2026-11-23T18:39:61Z", "2026-11-23T18:39:56.Z", "2026-11-23T18:39:56+2:00", "2026-11-23T18:39:56+24:00", "2026-11-23T18:39:56Zx",
        "2026-11-23T18:39:56.123", "x026-11-23T18:39:56Z", "2026/11/23T18:39:56Z", "2026-11-23T18:39:5éZ",
    ]) func `what is no time is none`(text: String) {
        #expect(RFC3339.parse(text) == nil)
    }

    @Test func `every day of some years is written as it was read`() {
        for day in -800..<24_000 {
            let date = Date(timeIntervalSince1970: Double(day) * 86_400 + 43_200)
            #expect(RFC3339.parse(RFC3339.format(date)) == date)
        }
    }
}
