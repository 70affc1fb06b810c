import ArgumentParser
import Foundation
import KubernetesAgentService
import OrchestratorService
import ServiceKit
import Testing

@testable import sre

@Suite struct ConfigurationTests {
    private static let all =
        CommonSettings.all + OrchestratorConfiguration.all + KubernetesAgentConfiguration.all
        + [ServerOptions.apiKey]

    private static func file(_ name: String) throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardizedFileURL
        return try String(contentsOf: root.appending(path: name), encoding: .utf8)
    }

    @Test(arguments: all)
    func `every key is documented as it is`(setting: Setting) throws {
        let text = try Self.file("docs/configuration.md")
        #expect(text.contains(setting.documentation), "docs/configuration.md lacks this row:\n\(setting.documentation)")
    }

    @Test func `the documentation knows no key that is not there`() throws {
        let keys = Set(Self.all.map(\.key))
        for file in ["docs/configuration.md", ".env.example", "README.md"] {
            let named = try Self.file(file).matches(of: /SRE_[A-Z_]+/).map { String($0.output) }
            #expect(Set(named).subtracting(keys).isEmpty, "\(file) names \(Set(named).subtracting(keys))")
        }
    }

    @Test func `no key is given twice`() {
        #expect(Set(Self.all.map(\.key)).count == Self.all.count)
    }

    @Test(arguments: CommonSettings.all + OrchestratorConfiguration.all)
    func `every flag of the orchestrator is a flag of its command`(setting: Setting) throws {
        guard let flag = setting.flag else { return }
        _ = try OrchestratorCommand.parse([flag, "1"])
    }

    @Test(arguments: CommonSettings.all + KubernetesAgentConfiguration.all)
    func `every flag of the agent is a flag of its command`(setting: Setting) throws {
        guard let flag = setting.flag else { return }
        _ = try KubernetesAgentCommand.parse([flag, "1"])
    }
}
