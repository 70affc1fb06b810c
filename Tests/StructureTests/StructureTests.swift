import Foundation
import Testing

@Suite struct StructureTests {
    @Test func `every target imports only what its floor may`() throws {
        for file in try SourceTree.files(below: "Sources") {
            let allowed = (ImportTable.rows[file.target] ?? []).union(ImportTable.everywhere)
            let strangers = SourceTree.imports(of: file.text).subtracting(allowed).sorted()
            #expect(strangers.isEmpty, "\(file) imports \(strangers.joined(separator: ", "))")
        }
    }

    @Test func `every directory of Sources has a row in the import table`() throws {
        #expect(try Set(SourceTree.targets()) == Set(ImportTable.rows.keys))
    }

    @Test func `the import table has no circles`() {
        var open = ImportTable.rows.mapValues { $0.filter { ImportTable.rows[$0] != nil } }
        while let ready = open.filter({ $0.value.allSatisfy { open[$0] == nil } }).keys.sorted().first { open[ready] = nil }
        #expect(open.isEmpty, "these import one another: \(open.keys.sorted())")
    }

    @Test func `engines never see servers, clients, stores or the clock`() throws {
        let engines = ["IncidentModel", "ClusterModel", "KnowledgeGraph", "Correlation", "Reporting"]
        let outside: Set = ["Hummingbird", "GRDB", "AsyncHTTPClient", "NIOCore", "Logging", "ArgumentParser"]
        for file in try SourceTree.files(below: "Sources") where engines.contains(file.target) {
            #expect(SourceTree.imports(of: file.text).isDisjoint(with: outside), "\(file) reaches outside")
        }
        for file in try SourceTree.files(below: "Sources/Correlation") {
            #expect(!file.text.contains("Date()") && !file.text.contains(".random("), "\(file) reads a clock or rolls dice")
        }
    }

    @Test func `no file is longer than 400 lines`() throws {
        for file in try SourceTree.files(below: "Sources") + SourceTree.files(below: "Tests") {
            let lines = file.text.split(separator: "\n", omittingEmptySubsequences: false).count - 1
            #expect(lines <= 400, "\(file) has \(lines) lines: would two files be clearer?")
        }
    }

    @Test func `sources never crash on purpose`() throws {
        let crashes = ["fatalError(", "try!", "preconditionFailure(", "@unchecked Sendable", " as! "]
        for file in try SourceTree.files(below: "Sources") {
            for crash in crashes { #expect(!file.text.contains(crash), "\(file) has \(crash)") }
        }
    }

    @Test func `the client of the cluster has no verb that writes`() throws {
        let verbs = [".POST", ".PUT", ".PATCH", ".DELETE", "\"POST\"", "\"PUT\"", "\"PATCH\"", "\"DELETE\""]
        for file in try SourceTree.files(below: "Sources/KubernetesClient") + SourceTree.files(below: "Sources/EvidenceCollection") {
            for verb in verbs { #expect(!file.text.contains(verb), "\(file) has \(verb)") }
        }
    }

    @Test(arguments: [
        ("import A", ["A"]), ("public import A\ninternal import B", ["A", "B"]), ("@preconcurrency public import A.Sub", ["A"]),
        ("@_spi(X) import struct A.Thing", ["A"]), ("    internal import Glibc", ["Glibc"]), ("// import A", []),
        ("let importA = 1", []), ("/// Does import things", []),
    ])
    func `imports are read whatever stands before them`(text: String, modules: [String]) {
        #expect(SourceTree.imports(of: text) == Set(modules))
    }
}
