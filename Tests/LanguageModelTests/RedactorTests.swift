import Foundation
import Testing

@testable import Investigation
@testable import LanguageModels

/// What leaves the process, and what comes back.
struct RedactorTests {
    private static func redactor(_ hidden: Set<HiddenData> = [], names: [String] = []) -> Redactor {
        Redactor(salt: Data("salt".utf8), hidden: hidden, names: names)
    }

    @Test(arguments: [
        "password=hunter2hunter2", "DB_PASSWORD: Tr0ub4dor", "Authorization: Bearer abcdef0123456789abcdef",
        "ghp_0123456789abcdefghijABCDEFGHIJ456789",
        "AKIAIOSFODNN7EXAMPLE", "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxIn0.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c",
        "postgres://app:s3cretpw@db:5432/shop", "https://user:pa55word@example.com/x",
        "-----BEGIN RSA PRIVATE KEY-----MIIEowIBAAKCAQEA-----END RSA PRIVATE KEY-----",
        "xoxb-123456789012-abcdefABCDEF", "sk-ant-api03-abcdefghijklmnop0123", "token: Zm9vYmFyYmF6cXV4Zm9vYmFy",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "nonce 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "x=Q29ycmVjdEhvcnNlQmF0dGVyeVN0YXBsZTEyMw==", "mail ana.maria@example.org", "call +49 151 2345 6789", "card 4111 1111 1111 1111",
        "card 5500-0000-0000-0004", "curl -u ana.maria@example.org:ATATT3xFfGF0T5JVjbRzWqk2yM8nPd /x", "card 4111 1111 1111 1111 (5 times)",
        "ana.maria@example.org/inbox", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY:ro",
    ])
    func `credentials and personal data do not leave`(_ text: String) {
        var redactor = Self.redactor()
        let redacted = redactor.redacted(text)
        let secrets = [
            "hunter2hunter2", "Tr0ub4dor", "abcdef0123456789abcdef", "ghp_0123456789abcdefghijABCDEFGHIJ456789", "AKIAIOSFODNN7EXAMPLE",
            "SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c", "s3cretpw", "pa55word", "MIIEowIBAAKCAQEA", "xoxb-123456789012-abcdefABCDEF",
            "sk-ant-api03-abcdefghijklmnop0123", "Zm9vYmFyYmF6cXV4Zm9vYmFy", "wJalrXUtnFEMI", "9f86d081884c7d659a2f",
            "Q29ycmVjdEhvcnNl", "ATATT3xFfGF0", "ana.maria", "2345 6789", "4111 1111", "5500-0000",
        ]
        for secret in secrets where text.contains(secret) { #expect(!redacted.contains(secret), "\(redacted)") }
        // As it stands in a question: JSON, behind a line break and a tab.
        let quoted = redactor.redacted(JSONSchema.quoted(["log": "x\n\(text)\ty\n\t\(text)"]))
        for secret in secrets where text.contains(secret) { #expect(!quoted.contains(secret), "\(quoted)") }
    }

    @Test(arguments: [
        "mobile-bff-745ff47c4c-z6qxn", "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "2026-11-23T18:30:01.123456789Z",
        "0b9a8c7d-1234-4abc-8def-0123456789ab", "java.lang.IllegalStateException: CartServiceImpl2", "10.96.4.4:5432", "1234567890123456",
        "registry.example.com/shop/cart:1.2.3", "dial tcp: lookup orders.shop.svc.cluster.local: no such host",
        "checkout answers 503 since 10:42, 17 of 20 requests", "/api/v1/namespaces/shop/pods", "spec.template.spec.containers[0].env[3]",
    ])
    func `what an SRE needs stays`(_ text: String) {
        var redactor = Self.redactor()
        #expect(redactor.redacted(text) == text)
    }

    @Test func `addresses and names are hidden where that is wanted`() {
        var redactor = Self.redactor([.addresses, .names], names: ["cart", "cart-api", "ab"])
        let redacted = redactor.redacted("cart-api at 10.96.4.4:5432 and [fd00::12ab] refuses cart; abc stays")
        #expect(!redacted.contains("10.96.4.4") && !redacted.contains("fd00") && !redacted.contains("cart") && redacted.contains("abc"))
        #expect(!redactor.redacted("GET http://10.244.1.5:8080/healthz ip=10.0.0.1").contains("10."))
        #expect(redactor.restored(redacted) == "cart-api at 10.96.4.4:5432 and [fd00::12ab] refuses cart; abc stays")
    }

    @Test func `placeholders are the same within an investigation, others in another, and come back`() {
        var (one, two) = (Self.redactor(), Redactor(salt: Data("other".utf8), hidden: []))
        let first = one.redacted("ana@example.org asked, ana@example.org waits; bob@example.org too")
        let parts = first.matches(of: /\[mail-[0-9a-f]{6}\]/).map { String($0.output) }
        #expect(parts.count == 3 && parts[0] == parts[1] && parts[1] != parts[2])
        #expect(one.redacted("again ana@example.org").contains(parts[0]))
        #expect(!two.redacted("ana@example.org").contains(parts[0]))
        #expect(one.restored("\(parts[0]) and [mail-000000]") == "ana@example.org and [mail-000000]")
    }

    /// Keeps what it was asked, and answers with the same.
    private final class Echo: LanguageModel {
        let name = "echo"
        func answer(_ request: ModelRequest) async throws(ModelError) -> ModelAnswer {
            guard case .question(let text)? = request.turns.last else { return ModelAnswer(text: "\(request.turns)") }
            #expect(!text.contains("ana@example.org") && !text.contains("hunter2hunter2"))
            return ModelAnswer(text: text, calls: [ToolCall(id: "1", name: "look", arguments: text)], raw: text)
        }
    }

    @Test func `a guarded model sees placeholders, and who asks sees what they stand for`() async throws {
        let request = ModelRequest(
            purpose: .explain, investigation: UUID(), instructions: "x",
            turns: [.question("ana@example.org said password=hunter2hunter2")])
        let answer = try await GuardedModel(Echo()).answer(request)
        #expect(answer.text == "ana@example.org said password=***" && answer.calls[0].arguments == answer.text)
        #expect(answer.raw?.contains("ana@") == false)
    }

    @Test func `what was recorded answers again, and nothing else does`() async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "llm-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: directory) }
        func request(_ text: String) -> ModelRequest {
            ModelRequest(purpose: .explain, investigation: UUID(), instructions: "x", turns: [.question(text)])
        }
        let salt = Data("s".utf8)
        let recording = GuardedModel(RecordedModel(Echo(), directory: directory, mode: .record), salt: salt)
        let first = try await recording.answer(request("ana@example.org waits"))
        for file in try FileManager.default.contentsOfDirectory(at: directory, includingPropertiesForKeys: nil) {
            #expect(try !String(contentsOf: file, encoding: .utf8).contains("ana@example.org"))
        }
        let replay = GuardedModel(RecordedModel(Echo(), directory: directory, mode: .replay), salt: salt)
        #expect(try await replay.answer(request("ana@example.org waits")).text == first.text)
        await #expect(throws: ModelError.self) { try await replay.answer(request("bob waits")) }
    }
}
