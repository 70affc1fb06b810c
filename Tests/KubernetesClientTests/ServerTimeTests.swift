import ClusterModel
import Foundation
import Hummingbird
import Testing

@testable import KubernetesClient

@Suite struct ServerTimeTests {
    @Test func `the server's clock is read from its answer`() async throws {
        try await withAPI { _, _ in
            .version
        } _: { (api, _) async throws in
            let time = try #require(await api.serverTime())
            #expect(abs(time.timeIntervalSinceNow) < 60)
        }
    }

    @Test func `a replayed snapshot has the time of its recording`() async throws {
        let header = try #require(HTTPFields.Element.Name(KubernetesAPI.capturedAtHeader))
        try await withAPI { _, _ in
            .json("{}", headers: [header: "2026-01-02T03:04:05Z"])
        } _: { (api, _) async throws in
            #expect(await api.serverTime() == Date(timeIntervalSince1970: 1_767_323_045))
        }
    }

    @Test func `a server that does not answer has no clock`() async throws {
        try await withAPI { _, _ in
            .failure(403, "no")
        } _: { (api, _) async throws in
            #expect(await api.serverTime() == nil)
        }
    }

    @Test func `the date of a header is read`() {
        #expect(HTTPDate.parse("Fri, 02 Jan 2026 03:04:05 GMT") == Date(timeIntervalSince1970: 1_767_323_045))
        #expect(HTTPDate.parse("Wed, 31 Dec 2025 23:59:59 GMT") == Date(timeIntervalSince1970: 1_767_225_599))
    }

    @Test(arguments: [
        "", "now", "Fri, 02 Xyz 2026 03:04:05 GMT", "Fri, 31 Feb 2026 03:04:05 GMT", "Fri, 02 Jan 2026 03:04:05 PST", "a b c d e f",
    ])
    func `what is no date of a header is none`(_ text: String) {
        #expect(HTTPDate.parse(text) == nil)
    }
}
