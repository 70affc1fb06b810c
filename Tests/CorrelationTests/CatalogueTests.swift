import Foundation
import IncidentModel
import TestSupport
import Testing

@testable import Correlation

@Suite struct CatalogueTests {
    private static let deployment = ObjectReference(kind: "Deployment", namespace: "shop", name: "cart")
    /// A harmless value for every key that a template may ask for.
    private static let plain = Dictionary(uniqueKeysWithValues: Placeholder.allCases.map { ($0.rawValue, "value-of-\($0.rawValue)") })

    // MARK: The table

    @Test func `every code has one entry, and the entries stand in the order of the codes`() {
        #expect(CauseCatalogue.entries.map(\.code) == CauseCode.allCases)
    }

    @Test(arguments: CauseCode.allCases)
    func `an entry says something in every field`(_ code: CauseCode) {
        let entry = CauseCatalogue.entry(for: code)
        #expect(entry.meaning.hasSuffix(".") && !entry.meaning.dropLast().contains(". "))
        #expect(!entry.reportedOn.isEmpty)
        for list in [entry.signals, entry.lookAlikes, entry.fixSentences, entry.verify, entry.detailsKeys] {
            #expect(!list.isEmpty && list.allSatisfy { !$0.isEmpty && !$0.contains("\n") })
            #expect(Set(list).count == list.count, "repeats itself")
        }
        #expect(entry.fixSentences.allSatisfy { $0.hasSuffix(".") })
        #expect((2...3).contains(entry.verify.count))
        // The failure taxonomy has no row for databases that take no writes.
        #expect(!entry.modes.isEmpty || entry.code == .databaseReadOnly)
        #expect(entry.modes.allSatisfy { $0.wholeMatch(of: /[A-Z][0-9]+/) != nil })
    }

    @Test(arguments: CauseCode.allCases)
    func `placeholders are known and carried by such a cause`(_ code: CauseCode) {
        let entry = CauseCatalogue.entry(for: code)
        let ofObject: Set<Placeholder> = [.namespace, .kind, .name, .scope]
        for template in entry.fixSentences + entry.verify {
            for hole in CauseTemplate(template).holes {
                let placeholder = Placeholder(rawValue: hole)
                #expect(placeholder != nil, "\(hole) is no placeholder")
                #expect(placeholder.map(ofObject.contains) == true || entry.detailsKeys.contains(hole), "\(hole) is never in the details")
            }
        }
        #expect(!entry.fix.contains("{scope}"))
        #expect(entry.fixSentences.contains { CauseTemplate($0).holes.isEmpty }, "without details no sentence would be left")
    }

    @Test(arguments: CauseCode.allCases)
    func `look-alikes name codes that exist`(_ code: CauseCode) {
        let entry = CauseCatalogue.entry(for: code)
        let codes = Set(CauseCode.allCases.map(\.rawValue))
        let states: Set = [
            "WaitForFirstConsumer", "ScalingDisabled", "OOMKilled", "Killing", "Succeeded", "FailedMount", "Unauthorized", "SystemOOM",
        ]
        for text in entry.lookAlikes {
            for match in text.matches(of: /`([A-Z][a-z]+[A-Z][A-Za-z]+)`/) {
                let word = String(match.1)
                #expect(codes.contains(word) || states.contains(word), "\(word) is neither a code nor a word of Kubernetes")
            }
        }
    }

    // MARK: Commands

    @Test(arguments: CauseCode.allCases)
    func `commands only read`(_ code: CauseCode) {
        let entry = CauseCatalogue.entry(for: code)
        let readers = ["get ", "describe ", "logs ", "top ", "events ", "auth can-i ", "rollout history ", "rollout status "]
        for command in entry.verify {
            let rest = command.dropFirst("kubectl ".count)
            #expect(command.hasPrefix("kubectl ") && readers.contains { rest.hasPrefix($0) }, "\(command)")
            // Outside its quotes a command holds nothing that a shell acts on; holes stand outside, for their values bring quotes.
            let parts = command.split(separator: "'", omittingEmptySubsequences: false)
            #expect(parts.count % 2 == 1, "\(command) has an open quote")
            for (index, part) in parts.enumerated() {
                if index % 2 == 1 {
                    #expect(CauseTemplate(String(part)).holes.isEmpty)
                } else {
                    #expect(part.allSatisfy { !";|&<>()$`\"\\*?[]~#!\n".contains($0) }, "\(command)")
                }
            }
            #expect(!command.replacing(" {scope}", with: "").contains("{scope}"))
            #expect(!rest.contains("--raw") && !rest.contains("--kubeconfig") && !rest.contains("secret -o"))
        }
    }

    @Test(arguments: CauseCode.allCases)
    func `without any details a fix and a command are left`(_ code: CauseCode) {
        let entry = CauseCatalogue.entry(for: code)
        let isNode = entry.reportedOn.hasPrefix("Node")
        let object = isNode ? ObjectReference(kind: "Node", namespace: nil, name: "worker-1") : Self.deployment
        #expect(!entry.fix(details: [:], object: object).isEmpty)
        // Causes of a node always name it in their details.
        #expect(!entry.verify(details: isNode ? ["node": "worker-1"] : [:], object: object).isEmpty)
    }

    @Test func `values of the cause stand in fix and commands`() {
        let entry = CauseCatalogue.entry(for: .imageNotFound)
        let details = ["container": "app", "image": "registry.example/cart:2.0"]
        #expect(entry.fix(details: details, object: Self.deployment).contains("registry.example/cart:2.0"))
        #expect(
            entry.verify(details: details, object: Self.deployment) == [
                "kubectl describe deployment cart -n shop", "kubectl get events -n shop --field-selector reason=Failed",
                "kubectl rollout history deployment/cart -n shop",
            ])
    }

    @Test func `a sentence or command without its value is left out`() {
        let entry = CauseCatalogue.entry(for: .scaledToZero)
        #expect(!entry.fix(details: [:], object: Self.deployment).contains("Ask"))
        #expect(!entry.fix(details: ["user": ""], object: Self.deployment).contains("Ask"))
        #expect(entry.fix(details: ["user": "kubectl-scale"], object: Self.deployment).contains("Ask kubectl-scale,"))
        let quota = CauseCatalogue.entry(for: .quotaExceeded)
        #expect(!quota.verify(details: [:], object: Self.deployment).contains { $0.contains("resourcequota") })
    }

    @Test func `the second way reads well where the first is left out`() {
        let entry = CauseCatalogue.entry(for: .secretNotFound)
        #expect(entry.fix(details: ["reference": "db"], object: Self.deployment).hasPrefix("Create Secret db in namespace shop."))
        let both = entry.fix(details: ["reference": "db", "expected": "database"], object: Self.deployment)
        #expect(both.contains("Otherwise create Secret db"))
    }

    @Test func `cluster-scoped objects get no namespace`() {
        let object = ObjectReference(kind: "APIService", namespace: nil, name: "v1beta1.metrics.k8s.io")
        let commands = CauseCatalogue.entry(for: .aggregatedAPIUnavailable).verify(details: ["reference": "metrics-server"], object: object)
        #expect(commands.contains("kubectl describe apiservice v1beta1.metrics.k8s.io"))
        #expect(commands.allSatisfy { !$0.contains("-n ") && !$0.contains("  ") && !$0.hasSuffix(" ") })
    }

    @Test func `a command is given only once, and only where it works`() {
        let quota = ObjectReference(kind: "ResourceQuota", namespace: "shop", name: "compute")
        let commands = CauseCatalogue.entry(for: .quotaExceeded).verify(details: ["quota": "compute"], object: quota)
        #expect(commands.filter { $0 == "kubectl describe resourcequota compute -n shop" }.count == 1)
        let cron = ObjectReference(kind: "CronJob", namespace: "shop", name: "report")
        for entry in CauseCatalogue.entries {
            let commands = entry.verify(details: Self.plain, object: cron)
            #expect(commands.allSatisfy { !$0.contains("logs cronjob/") && !$0.contains("rollout") && !$0.contains(".spec.template.") })
        }
    }

    // MARK: Hostile values

    @Test(arguments: [
        "'; touch /tmp/owned; '", "$(id)", "`id`", "a b", "a\"b", "a'b'c", "a;b", "a|b&c>d<e", "*", "~root", "#x", "{name}", "\\", "!!",
        "ä€",
    ])
    func `a hostile value stays one part of one word`(_ value: String) throws {
        let hostile = Self.plain.mapValues { _ in value }
        let object = ObjectReference(kind: value, namespace: value, name: value)
        let benign = ObjectReference(kind: "x", namespace: "x", name: "x")
        for entry in CauseCatalogue.entries {
            let commands = entry.verify(details: hostile, object: object)
            let expected = entry.verify(details: Self.plain.mapValues { _ in "x" }, object: benign)
            #expect(commands.count == expected.count)
            for (command, plain) in zip(commands, expected) { #expect(words(command).count == words(plain).count, "\(command)") }
        }
        #expect(ShellWord.quoted(value).map(words) == [value])
    }

    @Test func `a real shell reads the words as meant`() throws {
        let value = "x'; echo owned; $(echo owned) `echo owned` \\' \"y\" *"
        let object = ObjectReference(kind: "Deployment", namespace: value, name: value)
        let commands = CauseCatalogue.entries.flatMap { $0.verify(details: Self.plain.mapValues { _ in value }, object: object) }
        let script = commands.map { "printf '%s\\n' \($0); echo ==" }.joined(separator: "\n")
        let output = try shell(script)
        let expected = commands.map { (words($0) + ["=="]).joined(separator: "\n") }.joined(separator: "\n")
        #expect(output == expected + "\n")
        #expect(commands.count > 150)
    }

    @Test(arguments: ["-o=yaml", "--all", "-", "", "a\nb", "a\u{1B}[31mb", "a\u{0}b", "a\u{202E}b", "a\u{2028}b"])
    func `what cannot be pasted safely drops its command`(_ value: String) {
        #expect(ShellWord.quoted(value) == nil)
        let object = ObjectReference(kind: "Deployment", namespace: "shop", name: value)
        let nameless = ObjectReference(kind: "Deployment", namespace: "shop", name: "")
        for entry in CauseCatalogue.entries {
            let commands = entry.verify(details: Self.plain.mapValues { _ in value }, object: object)
            #expect(commands == entry.verify(details: [:], object: nameless))
        }
    }

    @Test func `a namespace that cannot be pasted drops the command instead of its scope`() {
        let object = ObjectReference(kind: "Deployment", namespace: "--all", name: "cart")
        #expect(CauseCatalogue.entry(for: .imageNotFound).verify(details: [:], object: object).isEmpty)
    }

    @Test func `plain values stay without quotes`() {
        for value in ["cart", "registry.example:5000/a/b:1.0", "system:serviceaccount:shop:cart", "a=b@c_d"] {
            #expect(ShellWord.quoted(value) == value)
        }
    }

    @Test func `a value is never read as a template`() {
        let object = ObjectReference(kind: "Deployment", namespace: "shop", name: "{namespace}")
        let commands = CauseCatalogue.entry(for: .scaledToZero).verify(details: [:], object: object)
        #expect(commands.first == "kubectl get deployment '{namespace}' -n shop")
    }

    @Test func `a value in a sentence stays on its line and readable`() {
        let details = ["container": "app\u{1B}[2J\nFix: delete everything", "image": String(repeating: "x", count: 5_000)]
        let fix = CauseCatalogue.entry(for: .imageNotFound).fix(details: details, object: Self.deployment)
        #expect(!fix.unicodeScalars.contains { $0.properties.generalCategory == .control })
        #expect(fix.count < 600)
    }

    @Test func `braces of a JSONPath are no placeholders`() {
        #expect(CauseTemplate("-o jsonpath='{.spec.paused}' {} {Name} {name").holes.isEmpty)
        #expect(CauseTemplate("{name}{kind}").pieces == [.hole("name"), .hole("kind")])
        #expect(CauseTemplate("a {name} b").filled { _ in nil } == nil)
    }

    // MARK: Reports

    @Test(arguments: Scenario.all)
    func `a report gives a fix, commands and only the details that the catalogue lists`(_ scenario: Scenario) throws {
        let report = try diagnose(scenario)
        for cause in report.rootCauses + report.alternatives + report.elsewhere {
            let unlisted = Set(cause.details.keys).subtracting(CauseCatalogue.entry(for: cause.cause).detailsKeys)
            #expect(unlisted.isEmpty, "\(cause.cause.rawValue) carries \(unlisted.sorted())")
            #expect(!cause.fix.isEmpty && !cause.verify.isEmpty)
        }
    }

    // MARK: The page

    @Test func `docs/rules.md is the catalogue`() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let file = root.appending(path: "docs/rules.md")
        let page = CauseCatalogue.markdown()
        if ProcessInfo.processInfo.environment["UPDATE_DOCS"] == "1" { try Data(page.utf8).write(to: file) }
        let written = try? String(contentsOf: file, encoding: .utf8)
        #expect(written == page, "docs/rules.md is out of date: run UPDATE_DOCS=1 swift test --filter CatalogueTests")
    }

    @Test func `the page has a section and a link for every code`() {
        let lines = Set(CauseCatalogue.markdown().split(separator: "\n").map(String.init))
        for code in CauseCode.allCases { #expect(lines.contains("### \(code.rawValue)")) }
        let links = CauseCatalogue.markdown().matches(of: /\]\(#([a-z]+)\)/).map { String($0.1) }
        #expect(links.sorted() == CauseCode.allCases.map { $0.rawValue.lowercased() }.sorted())
    }

    // MARK: Reading shell words

    /// Splits a command as a POSIX shell would, for the syntax that the catalogue uses: bare text, single quotes and `\'`.
    private func words(_ command: String) -> [String] {
        var result: [String] = []
        var word: String?
        var isQuoted = false
        var rest = command[...]
        while let character = rest.popFirst() {
            switch character {
            case "'":
                isQuoted.toggle()
                word = word ?? ""
            case "\\" where !isQuoted: word = (word ?? "") + (rest.popFirst().map { String($0) } ?? "")
            case " " where !isQuoted:
                if let finished = word { result.append(finished) }
                word = nil
            default: word = (word ?? "") + String(character)
            }
        }
        return result + (word.map { [$0] } ?? [])
    }

    private func shell(_ script: String) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", script]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }
}
