import ClusterModel
import FastJSON
import Foundation
import IncidentModel
import TestSupport
import Testing

@testable import ClusterSnapshot

@Suite struct SnapshotFileTests {
    private static let description = """
        {"format": "cluster-snapshot", "version": 1, "captured_at": "2026-11-23T19:00:00Z", "kubernetes_version": "v1.36.2",
         "scope": ["shop"], "gaps": [{"path": "api/v1/nodes", "reason": "forbidden"}]}
        """

    private static func sample() -> ClusterEvidence {
        var cluster = ClusterBuilder()
        cluster.deployment("cart", pods: [.crashLooping()])
        cluster.service("cart")
        cluster.log("cart", "first line\nsecond \u{1B}[31mline")
        cluster.log("cart", previous: true, "panic")
        cluster.removeList(.secrets, reason: "forbidden: no")
        cluster.telemetry["alerts.json"] = Data("[]".utf8)
        cluster.knowledgeGraph = "components: []\n"
        return cluster.evidence()
    }

    @Test(arguments: ["snap", "snap.tar.gz", "snap.tgz"]) func `what was written is read again`(name: String) throws {
        let directory = try TemporaryDirectory()
        let evidence = Self.sample()
        try SnapshotFile.write(evidence, to: directory.file(name))
        let read = try SnapshotFile.load(directory.file(name))
        #expect(CanonicalSnapshot(read) == CanonicalSnapshot(evidence))
        #expect(read.telemetry == evidence.telemetry)
        #expect(read.knowledgeGraph == evidence.knowledgeGraph)
    }

    @Test func `the same evidence gives the same archive`() throws {
        let directory = try TemporaryDirectory()
        for name in ["a.tar.gz", "b.tar.gz"] { try SnapshotFile.write(Self.sample(), to: directory.file(name)) }
        let bytes = try ["a.tar.gz", "b.tar.gz"].map { try Data(contentsOf: URL(filePath: directory.file($0))) }
        #expect(bytes[0] == bytes[1])
    }

    @Test func `every recorded scenario loads without a gap`() throws {
        let scenarios = Scenario.all
        #expect(scenarios.count >= 60)
        for scenario in scenarios {
            let evidence = try scenario.evidence()
            #expect(evidence.gaps.isEmpty, "\(scenario)")
            #expect(evidence.lists.count == ResourceType.all.count, "\(scenario)")
            #expect(evidence.lists["api/v1/pods"] != nil && evidence.kubernetesVersion == "v1.36.2", "\(scenario)")
        }
    }

    @Test func `a directory that holds a snapshot stands for it`() throws {
        let scenario = try Scenario.named("09-app-error-java")
        #expect(CanonicalSnapshot(try SnapshotFile.load(scenario.directory)) == CanonicalSnapshot(try scenario.evidence()))
        let directory = try TemporaryDirectory()
        try directory.write(Self.description, to: "snapshot/snapshot.json")
        #expect(try SnapshotFile.load(directory.path).namespaces == ["shop"])
    }

    @Test func `a newer version is refused, naming both`() throws {
        let directory = try TemporaryDirectory()
        try directory.write(Self.description.replacing("\"version\": 1", with: "\"version\": 2"), to: "snapshot.json")
        #expect {
            try SnapshotFile.load(directory.path)
        } throws: { error in
            error as? SnapshotError == .unsupportedVersion(path: directory.path, found: 2, supported: 1)
                && "\(error)".contains("version 2") && "\(error)".contains("version 1")
        }
    }

    @Test(arguments: [
        ("{}", "format"), ("not json", "not valid JSON"),
        (#"{"format":"cluster-snapshot"}"#, "version"),
        (#"{"format":"cluster-snapshot","version":1,"captured_at":"yesterday"}"#, "captured_at"),
    ]) func `a broken description is an error that says what is wrong`(text: String, word: String) throws {
        let directory = try TemporaryDirectory()
        try directory.write(text, to: "snapshot.json")
        #expect { try SnapshotFile.load(directory.path) } throws: { "\($0)".contains(word) && "\($0)".contains(directory.path) }
    }

    @Test func `what is no snapshot is refused in words`() throws {
        let directory = try TemporaryDirectory()
        try directory.write("hello", to: "note.txt")
        try directory.write("", to: "empty.tar.gz")
        try directory.write("\u{1F}\u{8B}", to: "magic.tar.gz")
        #expect(throws: SnapshotError.notFound(path: directory.file("absent"))) { try SnapshotFile.load(directory.file("absent")) }
        for name in ["note.txt", "empty.tar.gz", "magic.tar.gz", ""] {
            #expect(throws: SnapshotError.self, "\(name)") { try SnapshotFile.load(directory.file(name)) }
        }
    }

    @Test(arguments: ["/dev/zero", "/dev/null"]) func `a device is refused and not read`(path: String) {
        #expect { try SnapshotFile.load(path) } throws: { if case SnapshotError.notASnapshot = $0 { true } else { false } }
    }

    @Test func `an archive behind a link is read, a huge file is not`() throws {
        let directory = try TemporaryDirectory()
        try SnapshotFile.write(Self.sample(), to: directory.file("snap.tar.gz"))
        try FileManager.default.createSymbolicLink(atPath: directory.file("latest"), withDestinationPath: directory.file("snap.tar.gz"))
        #expect(try SnapshotFile.load(directory.file("latest")).logs.count == 2)
        try directory.write("", to: "huge.tar.gz")
        let huge = try FileHandle(forWritingTo: URL(filePath: directory.file("huge.tar.gz")))
        try huge.truncate(atOffset: 1 << 31)  // Sparse: no disk is used.
        try huge.close()
        #expect { try SnapshotFile.load(directory.file("huge.tar.gz")) } throws: { "\($0)".contains("512 MiB") }
    }

    @Test func `a broken file becomes a gap and costs nothing else`() throws {
        let directory = try TemporaryDirectory()
        try directory.write(Self.description, to: "snapshot.json")
        try directory.write(#"{"kind":"PodList","items":[{"metadata":{"name":"a"#, to: "api/v1/pods.json")
        try directory.write(#"{"kind":"Status"}"#, to: "api/v1/events.json")
        try directory.write(#"{"items":null}"#, to: "apis/apps/v1/deployments.json")
        try directory.write(#"{"items":[{"metadata":{"name":"cm"}}, 7, null]}"#, to: "api/v1/configmaps.json")
        let evidence = try SnapshotFile.load(directory.path)
        #expect(Set(evidence.gaps.map(\.path)) == ["api/v1/nodes", "api/v1/pods", "api/v1/events"])
        #expect(evidence.lists["apis/apps/v1/deployments"]?.isEmpty == true)
        #expect(evidence.lists["api/v1/configmaps"]?.count == 3)
        #expect(evidence.lists["api/v1/pods"] == nil)
        #expect(!ClusterView(evidence).wasRead(.pods))
    }

    @Test func `unknown files and links are ignored`() throws {
        let directory = try TemporaryDirectory()
        try directory.write(Self.description, to: "snapshot.json")
        try directory.write("x", to: "README.md")
        try directory.write("x", to: "api/v1/notes.txt")
        try directory.write("x", to: "logs/shop/pod/c.txt")
        try directory.write("x", to: "deep/er/than/we/look/x.json")
        try FileManager.default.createSymbolicLink(atPath: directory.file("api/v1/pods.json"), withDestinationPath: "/etc/passwd")
        try FileManager.default.createSymbolicLink(atPath: directory.file("telemetry"), withDestinationPath: "/etc")
        let evidence = try SnapshotFile.load(directory.path)
        #expect(evidence.lists.isEmpty && evidence.logs.isEmpty && evidence.telemetry.isEmpty)
        #expect(evidence.gaps.map(\.path) == ["api/v1/nodes"])
    }

    @Test func `too many bytes or files end in an error`() throws {
        let directory = try TemporaryDirectory()
        try SnapshotFile.write(Self.sample(), to: directory.file("snap"))
        try SnapshotFile.write(Self.sample(), to: directory.file("snap.tar.gz"))
        for name in ["snap", "snap.tar.gz"] {
            for limits in [SnapshotLimits(totalBytes: 1_000), SnapshotLimits(entries: 3)] {
                #expect {
                    try SnapshotFile.load(directory.file(name), limits: limits)
                } throws: { if case SnapshotError.tooLarge = $0 { true } else { false } }
            }
        }
    }

    @Test func `values of secrets are never written`() throws {
        let directory = try TemporaryDirectory()
        var evidence = Self.sample()
        let secret = """
            {"metadata": {"name": "db", "namespace": "shop", "annotations": {"kubectl.kubernetes.io/last-applied-configuration":
            "{\\"data\\":{\\"password\\":\\"aHVudGVyMg==\\"}}", "team": "a"}}, "data": {"password": "aHVudGVyMg==", "user": "YWRtaW4="},
            "stringData": {"token": "hunter2"}, "type": "Opaque"}
            """
        evidence.lists["api/v1/secrets"] = [try JSONValue(parsing: secret)]
        try SnapshotFile.write(evidence, to: directory.file("snap"))
        let text = try String(contentsOfFile: directory.file("snap/api/v1/secrets.json"), encoding: .utf8)
        for value in ["aHVudGVyMg", "YWRtaW4", "hunter2", "last-applied"] { #expect(!text.contains(value)) }
        let item = try #require(try SnapshotFile.load(directory.file("snap")).lists["api/v1/secrets"]?.first)
        #expect(item["data"].stringMap == ["password": "", "user": ""])
        #expect(item["stringData"].stringMap == ["token": ""])
        #expect(item["metadata", "annotations", "team"].string == "a")
    }

    @Test func `secrets that a snapshot brings are emptied while reading`() throws {
        let directory = try TemporaryDirectory()
        try directory.write(Self.description, to: "snapshot.json")
        try directory.write(#"{"items":[{"metadata":{"name":"db"},"data":{"password":"aHVudGVyMg=="}}]}"#, to: "api/v1/secrets.json")
        let items = try SnapshotFile.load(directory.path).lists["api/v1/secrets"]
        #expect(items?.first?["data", "password"].string == "")
    }

    @Test func `names that are no file names are left out and said so`() throws {
        let directory = try TemporaryDirectory()
        var evidence = Self.sample()
        evidence.logs.append(ContainerLog(namespace: "..", pod: "..", container: "../../evil", isPrevious: false, text: "x"))
        evidence.lists["../../evil"] = []
        evidence.telemetry["../evil"] = Data("x".utf8)
        try SnapshotFile.write(evidence, to: directory.file("inner/snap"))
        let entries = try FileManager.default.contentsOfDirectory(atPath: directory.path)
        #expect(entries == ["inner"])
        let read = try SnapshotFile.load(directory.file("inner/snap"))
        #expect(read.gaps.filter { $0.reason.contains("file name") }.count == 3)
        #expect(read.logs.count == 2)
    }

    @Test func `a directory in use is not written into`() throws {
        let directory = try TemporaryDirectory()
        try directory.write("mine", to: "out/file")
        #expect {
            try SnapshotFile.write(Self.sample(), to: directory.file("out"))
        } throws: { "\($0)".contains("not empty") }
        #expect(throws: SnapshotError.self) { try SnapshotFile.write(Self.sample(), to: directory.file("out/file/snap")) }
        #expect(throws: SnapshotError.self) { try SnapshotFile.write(Self.sample(), to: directory.file("absent/snap.tar.gz")) }
    }
}
