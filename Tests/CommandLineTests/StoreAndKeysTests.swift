import Foundation
import IncidentModel
import ServiceKit
import Testing

@testable import sre

/// `sre keys`, `sre store` and `sre graph --investigation`, as processes.
@Suite struct StoreAndKeysTests {
    private static func withDirectory(_ work: (URL) async throws -> Void) async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "sre-store-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        try await work(directory)
    }

    /// A file that the first version wrote.
    private static func oldStore(in directory: URL) throws -> String {
        let source = URL(filePath: #filePath).appending(path: "../../Data/store-v1.db").standardizedFileURL
        let path = directory.appending(path: "old.sqlite").path
        try FileManager.default.copyItem(atPath: source.path, toPath: path)
        return path
    }

    @Test func `a key is printed once, and its file knows the hash only`() async throws {
        try await Self.withDirectory { directory in
            let file = directory.appending(path: "keys").path
            let first = try await SREProcess.run(["keys", "create", "--name", "alerts", "--scope", "write", "--file", file])
            let second = try await SREProcess.run(["keys", "create", "--name", "ana", "--scope", "admin", "--file", file])
            #expect(first.status == 0 && second.status == 0)
            let key = first.output.trimmingCharacters(in: .whitespacesAndNewlines)
            let text = try String(contentsOfFile: file, encoding: .utf8)
            #expect(key.hasPrefix("sre_") && key.count == 47 && !text.contains(key) && !first.errors.contains(key))
            #expect(try AccessKeys(text).caller(with: key) == Caller(name: "alerts", scope: .write))
            let permissions = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
            #expect(permissions == 0o600)
            #expect(try await SREProcess.run(["keys", "list", file]).output == "alerts  write\nana  admin\n")
            let again = try await SREProcess.run(["keys", "create", "--name", "ana", "--scope", "read", "--file", file])
            #expect(again.status == 1 && again.errors.contains("names a key a second time; nothing was added") && again.output.isEmpty)
            #expect(try String(contentsOfFile: file, encoding: .utf8) == text)
        }
    }

    @Test(arguments: [["--name", "a b", "--scope", "read"], ["--name", "a", "--scope", "root"], ["--name", "a"]])
    func `a key that cannot be is a usage error`(_ arguments: [String]) async throws {
        #expect(try await SREProcess.run(["keys", "create"] + arguments).status == 2)
    }

    @Test func `a store is brought up to date, checked, exported and imported elsewhere`() async throws {
        try await Self.withDirectory { directory in
            let old = try Self.oldStore(in: directory)
            let early = try await SREProcess.run(["store", "check", "--store", old])
            #expect(early.status == 1 && early.errors.contains("`sre store migrate` brings it up to date"))
            let migrated = try await SREProcess.run(["store", "migrate", "--store", old])
            #expect(migrated.status == 0 && migrated.output == "the schema is up to date\n")
            let checked = try await SREProcess.run(["store", "check", "--store", old])
            #expect(checked.status == 0 && checked.output.hasPrefix("2 finished, 1 running, 1 waiting, 0 waiting for a person; "))
            let exported = try await SREProcess.run(["store", "export", "--store", old])
            let lines = exported.output.split(separator: "\n")
            #expect(exported.status == 0 && lines.count == 4)
            let file = directory.appending(path: "export.jsonl").path
            try Data(exported.output.utf8).write(to: URL(fileURLWithPath: file))
            let new = directory.appending(path: "new.sqlite").path
            // A sealed one: what is imported is sealed as everything else.
            let key = ["SRE_ENCRYPTION_KEY": Data(repeating: 7, count: 32).base64EncodedString()]
            let imported = try await SREProcess.run(["store", "import", file, "--store", new], environment: key)
            #expect(imported.status == 0 && imported.output == "4 added, 0 were there already\n", "\(imported.errors)")
            let again = try await SREProcess.run(["store", "import", file, "--store", new], environment: key)
            #expect(again.output == "0 added, 4 were there already\n")
            let copied = try await SREProcess.run(["store", "export", "--store", new], environment: key)
            let (before, after) = (lines.map(String.init), copied.output.split(separator: "\n").map(String.init))
            #expect(after == before.map { $0.replacing("\"status\":\"running\"", with: "\"status\":\"pending\"") })
            let blind = try await SREProcess.run(["store", "check", "--store", new])
            // Each that cannot be read is named; the others are counted and exported.
            #expect(blind.status == 1 && blind.output.components(separatedBy: "not among the encryption keys").count == 5)
            #expect(blind.output.contains("2 finished, 0 running, 2 waiting"))
            let other = [
                "SRE_ENCRYPTION_KEY": Data(repeating: 8, count: 32).base64EncodedString() + "," + (key["SRE_ENCRYPTION_KEY"] ?? "")
            ]
            #expect(try await SREProcess.run(["store", "check", "--store", new], environment: other).status == 0)
            // One more, in the clear: without the key it is what can be read.
            let plain = lines[0].replacing(/"id":"[0-9a-f]{8}/) { _ in "\"id\":\"aaaaaaaa" }
            let one = directory.appending(path: "one.jsonl").path
            try Data((plain + "\n").utf8).write(to: URL(fileURLWithPath: one))
            #expect(try await SREProcess.run(["store", "import", one, "--store", new]).output == "1 added, 0 were there already\n")
            let partial = try await SREProcess.run(["store", "export", "--store", new])
            #expect(partial.status == 1 && partial.output == plain + "\n", "\(partial.output)")
            #expect(partial.errors.components(separatedBy: "not among the encryption keys").count == 5)
        }
    }

    @Test func `looking at a file that is no store leaves it as it is`() async throws {
        try await Self.withDirectory { directory in
            let path = directory.appending(path: "empty.sqlite")
            try Data().write(to: path)
            let checked = try await SREProcess.run(["store", "check", "--store", path.path])
            #expect(checked.status == 1 && checked.errors.contains("holds no store"), "\(checked.errors)")
            #expect(try Data(contentsOf: path).isEmpty)
        }
    }

    @Test func `what cannot be done with a store is said with what to do`() async throws {
        let absent = try await SREProcess.run(["store", "check", "--store", "/nonexistent/a.sqlite"])
        #expect(absent.status == 1 && absent.errors.contains("/nonexistent/a.sqlite does not exist; name the file"))
        let memory = try await SREProcess.run(["store", "check", "--store", "memory"])
        #expect(memory.status == 1 && memory.errors.contains("there is nothing kept"))
        let unreachable = try await SREProcess.run(
            ["store", "check"], environment: ["SRE_DATABASE_URL": "postgresql://u:secret@127.0.0.1:1/x"])
        #expect(unreachable.status == 1 && unreachable.errors.contains("SRE_DATABASE_URL: ") && !unreachable.errors.contains("secret"))
        let key = try await SREProcess.run(["store", "check"], environment: ["SRE_ENCRYPTION_KEY": "c2hvcnQ="])
        #expect(key.status == 1 && key.errors.contains("SRE_ENCRYPTION_KEY: key 1 is not 32 bytes") && !key.errors.contains("c2hvcnQ"))
    }

    @Test func `the steps of an investigation print themselves`() async throws {
        let plain = try await SREProcess.run(["graph", "--investigation"])
        #expect(plain.status == 0 && plain.output.hasPrefix("stateDiagram-v2\n    [*] --> parse\n") && !plain.output.contains("review"))
        let reviewed = try await SREProcess.run(["graph", "--investigation"], environment: ["SRE_REVIEW": "true"])
        #expect(reviewed.output.contains("correlate --> review : there is a cause\n"))
        #expect(try await SREProcess.run(["graph"]).status == 0)
    }
}
