import ArgumentParser
import Foundation
import ServiceKit

/// `sre keys`: API keys of the orchestrator.
struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "Make API keys for the orchestrator.", subcommands: [Create.self, List.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create", abstract: "Make a key, and add its line to a keys file.",
            discussion: """
                The key is printed once, to standard output; the file holds its hash only. Scopes: read looks at incidents, write also \
                reports and cancels them, admin also accepts or rejects causes.
                """)

        @Option(help: "Who will use it: letters, digits, `.`, `_` and `-`.")
        var name: String

        @Option(help: "What it may do: read, write or admin.", transform: Self.scope)
        var scope: AccessScope

        @Option(help: ArgumentHelp("Keys file, SRE_API_KEYS_FILE of the orchestrator; without one the line is printed.", valueName: "file"))
        var file: String?

        private static func scope(_ text: String) throws -> AccessScope {
            guard let scope = AccessScope(rawValue: text) else { throw ValidationError("There are the scopes read, write and admin.") }
            return scope
        }

        func validate() throws {
            guard !name.isEmpty, name.utf8.count <= 64,
                name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) })
            else { throw ValidationError("--name may have up to 64 letters, digits, `.`, `_` and `-`.") }
        }

        func run() async throws {
            let (key, line) = AccessKeys.make(name: name, scope: scope)
            if let file {
                try Self.add(line, to: file)
                Terminal.note("added to \(file): \(line)")
            } else {
                Terminal.note("line for the keys file: \(line)")
            }
            Terminal.print(key + "\n")
        }

        private static func add(_ line: String, to path: String) throws {
            let before = FileManager.default.fileExists(atPath: path) ? try KeysCommand.text(of: path) : ""
            let after = before + (before.isEmpty || before.hasSuffix("\n") ? "" : "\n") + line + "\n"
            do {
                _ = try AccessKeys(after)
            } catch {
                throw CommandError("\(path): \(error); nothing was added")
            }
            do {
                try Data(after.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
                try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
            } catch {
                throw CommandError("\(path) cannot be written; check that its directory exists and may be written")
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "Names and scopes of the keys of a file.")

        @Argument(help: "Keys file.")
        var file: String

        func run() async throws {
            do {
                for caller in try AccessKeys(try KeysCommand.text(of: file)).callers {
                    Terminal.print("\(caller.name)  \(caller.scope.rawValue)\n")
                }
            } catch let error as AccessKeyError {
                throw CommandError("\(file): \(error)")
            }
        }
    }

    private static func text(of path: String) throws -> String {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw CommandError("\(path) cannot be read; check that it exists and may be read")
        }
        return text
    }
}
