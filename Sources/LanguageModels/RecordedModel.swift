import Crypto
import FastJSON
public import Foundation
import IncidentModel
public import Investigation

/// Keeps what was asked and answered, redacted as it left, or answers from what was kept, so that an investigation can be repeated.
///
/// A directory holds a file for each request, named by the hash of what was asked.
public struct RecordedModel: LanguageModel {
    public enum Mode: Sendable, Hashable {
        case record, replay
    }

    private let model: any LanguageModel
    private let directory: URL
    private let mode: Mode

    /// - Parameter model: asked while recording; only its name counts for a replay.
    public init(_ model: any LanguageModel, directory: URL, mode: Mode) {
        self.model = model
        self.directory = directory
        self.mode = mode
    }

    public var name: String { model.name }

    public func answer(_ request: ModelRequest) async throws(ModelError) -> ModelAnswer {
        let asked = Self.text(request)
        let name = SHA256.hash(data: Data(asked.utf8)).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        let file = directory.appending(path: "\(name.prefix(32)).json")
        switch mode {
        case .replay:
            guard let data = try? Data(contentsOf: file), let json = try? JSONValue(parsing: data) else {
                throw .unreachable("no answer to this request was recorded in \(directory.path)")
            }
            return Self.answer(json["answer"])
        case .record:
            let answer = try await model.answer(request)
            let text = JSONText.object([("request", asked), ("answer", Self.text(answer))]) + "\n"
            do {
                try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
                try Data(text.utf8).write(to: file, options: .atomic)
            } catch {
                throw .unreachable("its answer could not be recorded in \(directory.path); check that it exists and may be written")
            }
            return answer
        }
    }

    // MARK: JSON

    private static func text(_ request: ModelRequest) -> String {
        JSONText.object([
            ("purpose", JSONText.quote(request.purpose.rawValue)), ("instructions", JSONText.quote(request.instructions)),
            ("turns", JSONText.array(request.turns.map(text))), ("schema", request.schema?.json ?? "null"),
            ("tools", JSONText.array(request.tools.map { JSONText.quote($0.name) })),
        ])
    }

    private static func text(_ turn: ModelTurn) -> String {
        switch turn {
        case .question(let text): JSONText.object([("question", JSONText.quote(text))])
        case .answer(let answer): JSONText.object([("answer", JSONText.quote(answer.text)), ("calls", calls(answer.calls))])
        case .results(let results):
            JSONText.object([
                (
                    "results",
                    JSONText.array(
                        results.map {
                            JSONText.object([("call", JSONText.quote($0.call.name)), ("text", JSONText.quote($0.text))])
                        })
                )
            ])
        }
    }

    private static func calls(_ calls: [ToolCall]) -> String {
        JSONText.array(
            calls.map {
                JSONText.object([
                    ("id", JSONText.quote($0.id)), ("name", JSONText.quote($0.name)), ("arguments", JSONText.quote($0.arguments)),
                ])
            })
    }

    private static func text(_ answer: ModelAnswer) -> String {
        JSONText.object([
            ("text", JSONText.quote(answer.text)), ("calls", calls(answer.calls)), ("model", answer.model.map(JSONText.quote) ?? "null"),
            ("input_tokens", String(answer.usage.inputTokens)), ("output_tokens", String(answer.usage.outputTokens)),
        ])
    }

    private static func answer(_ json: JSONValue) -> ModelAnswer {
        let calls = json["calls"].array.map {
            ToolCall(id: $0["id"].string ?? "", name: $0["name"].string ?? "", arguments: $0["arguments"].string ?? "{}")
        }
        return ModelAnswer(
            text: json["text"].string ?? "", calls: calls,
            usage: ModelUsage(
                requests: 1, inputTokens: WireJSON.tokens(json["input_tokens"]), outputTokens: WireJSON.tokens(json["output_tokens"])),
            model: json["model"].string)
    }
}
