import ClusterModel
import IncidentModel
import TestSupport
import Testing

/// Programs that cannot parse a document: whose document it is.
@Suite struct MalformedDocumentFixtures {
    private static func ask(_ cluster: ClusterBuilder) throws -> Report {
        try diagnose(cluster.evidence(), "Partial Service Unreachability.", namespace: "shop")
    }

    /// A program that gives up with this log, and the ConfigMaps that are mounted in it.
    private static func crash(_ log: String, _ files: [(map: String, file: String, text: String)]) -> ClusterBuilder {
        var cluster = ClusterBuilder()
        var mounts: [String: String] = [:]
        var volumes: [VolumeShape] = []
        for (map, file, text) in files {
            cluster.configMap(map, [file: text])
            mounts[map] = "/etc/\(map)"
            volumes.append(.configMap(map, name: map))
        }
        cluster.deployment("pricing", TemplateShape([ContainerShape("pricing", mounts: mounts)], volumes: volumes), pods: [.crashLooping()])
        cluster.log("pricing", previous: true, log)
        return cluster
    }

    private static let broken = "{\n  \"currency\": \"EUR\",\n  \"retries\": 3,\n}\n"
    private static let sound = "{\"currency\": \"EUR\", \"retries\": 3}\n"

    private static let node = """
        undefined:4
        }
        ^

        SyntaxError: Expected double-quoted property name in JSON at position 42 (line 4 column 1)
            at JSON.parse (<anonymous>)
            at loadRules (/app/src/rules.js:12:17)
            at Object.<anonymous> (/app/src/server.js:5:18)

        Node.js v22.11.0
        """

    private static let python = """
        Traceback (most recent call last):
          File "/app/main.py", line 9, in <module>
            rules = json.load(handle)
          File "/usr/lib/python3.12/json/__init__.py", line 293, in load
            return loads(fp.read(),
        json.decoder.JSONDecodeError: Expecting property name enclosed in double quotes: line 4 column 1 (char 41)
        """

    @Test(arguments: [node, python]) func `a file that is no valid JSON is the ConfigMap's fault`(_ log: String) throws {
        let cluster = Self.crash(log, [("limits", "limits.json", Self.sound), ("rules", "rules.json", Self.broken)])
        try Self.ask(cluster).names(
            .configurationInvalid, on: "Deployment shop/pricing", ["reference": "rules", "key": "rules.json", "container": "pricing"],
            saying: ["rules.json"])
    }

    @Test func `the only file that is mounted is the one meant, though it is of another format`() throws {
        let log = """
            Traceback (most recent call last):
              File "/app/main.py", line 7, in <module>
                settings = tomllib.load(handle)
            tomllib.TOMLDecodeError: Expected '=' after a key in a key/value pair (at line 3, column 9)
            """
        let cluster = Self.crash(log, [("settings", "settings.toml", "currency = \"EUR\"\n[limits]\nretries 3\n")])
        try Self.ask(cluster).names(
            .configurationInvalid, on: "Deployment shop/pricing", ["reference": "settings", "key": "settings.toml"])
    }

    @Test func `of two files that are sound none is blamed`() throws {
        let cluster = Self.crash(Self.node, [("limits", "limits.json", Self.sound), ("rules", "rules.json", Self.sound)])
        let report = try Self.ask(cluster)
        report.doesNotClaim(.configurationInvalid)
        try report.names(.applicationError, on: "Deployment shop/pricing")
    }

    @Test func `a single file that is sound is not blamed either`() throws {
        try Self.ask(Self.crash(Self.node, [("rules", "rules.json", Self.sound)])).doesNotClaim(.configurationInvalid)
    }

    @Test func `what came over the network is no configuration`() throws {
        let log = """
            panic: cannot decode response of the rates service: invalid character 'u' looking for beginning of value

            goroutine 1 [running]:
            main.fetchRates(0xc000012345)
            \t/src/rates.go:44 +0x1d
            main.main()
            \t/src/main.go:12 +0x25
            """
        let report = try Self.ask(Self.crash(log, [("rules", "rules.json", Self.broken)]))
        report.doesNotClaim(.configurationInvalid)
        try report.names(.applicationError, on: "Deployment shop/pricing")
    }
}
