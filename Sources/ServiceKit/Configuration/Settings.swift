import Configuration
public import Foundation
import SystemPackage

/// The values that configuration is read from: flags win over the environment, which wins over `.env`.
public struct Settings: Sendable {
    private let flags: [String: String]
    private let environment: [String: String]
    private let fileValues: [String: String]

    /// - Parameters:
    ///   - flags: values given on the command line, by key of the setting.
    ///   - environment: variables of the process.
    ///   - file: what a `.env` file holds.
    public init(flags: [String: String] = [:], environment: [String: String] = [:], file: [String: String] = [:]) {
        self.flags = flags
        self.environment = environment
        self.fileValues = file
    }

    /// Reads the environment of this process, and the values of `settings` from a `.env` file where there is one.
    /// - Throws: `SettingError` where the file exists and cannot be read.
    public static func load(
        _ settings: [Setting], flags: [String: String] = [:],
        environment: [String: String] = ProcessInfo.processInfo.environment, file: String = ".env"
    ) async throws(SettingError) -> Settings {
        guard FileManager.default.fileExists(atPath: file) else { return Settings(flags: flags, environment: environment) }
        do {
            let provider = try await EnvironmentVariablesProvider(environmentFilePath: FilePath(file))
            var values: [String: String] = [:]
            for setting in settings { values[setting.key] = try provider.environmentValue(forName: setting.key).map(Self.unquoted) }
            return Settings(flags: flags, environment: environment, file: values)
        } catch {
            throw SettingError(key: file, reason: "cannot be read: \(error); mend or remove it")
        }
    }

    /// The text of a setting, its default where none is given; an empty value counts as none.
    public func text(_ setting: Setting) -> String? {
        given(setting) ?? setting.defaultValue
    }

    /// - Throws: `SettingError` where nothing is given and there is no default.
    public func required(_ setting: Setting) throws(SettingError) -> String {
        guard let text = text(setting) else {
            let flag = setting.flag.map { "\($0) or " } ?? ""
            throw SettingError(key: setting.key, reason: "is not set; give \(flag)\(setting.key) (\(setting.accepted))")
        }
        return text
    }

    public func integer(_ setting: Setting) throws(SettingError) -> Int {
        let text = try required(setting)
        guard let value = Int(text), case .integer(let range) = setting.kind, range.contains(value) else { throw refusal(setting, text) }
        return value
    }

    public func seconds(_ setting: Setting) throws(SettingError) -> Double {
        let text = try required(setting)
        guard let value = Double(text), case .seconds(let range) = setting.kind, range.contains(value) else { throw refusal(setting, text) }
        return value
    }

    public func boolean(_ setting: Setting) throws(SettingError) -> Bool {
        let text = try required(setting)
        switch text.lowercased() {
        case "true", "yes", "on", "1": return true
        case "false", "no", "off", "0": return false
        default: throw refusal(setting, text)
        }
    }

    public func choice(_ setting: Setting) throws(SettingError) -> String {
        let text = try required(setting).lowercased()
        guard case .choice(let words) = setting.kind, words.contains(text) else { throw refusal(setting, text) }
        return text
    }

    /// The texts of a comma-separated list, trimmed; empty ones are dropped.
    public func list(_ setting: Setting) -> [String] {
        (text(setting) ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }

    /// An `http` or `https` URL, without trailing slash; `nil` where none is given.
    public func url(_ setting: Setting) throws(SettingError) -> URL? {
        guard let text = text(setting) else { return nil }
        let trimmed = text.hasSuffix("/") ? String(text.dropLast()) : text
        guard let url = URL(string: trimmed), let scheme = url.scheme, ["http", "https"].contains(scheme), let host = url.host(),
            !host.isEmpty, url.user == nil, url.query == nil
        else { throw refusal(setting, text) }
        return url
    }

    private func given(_ setting: Setting) -> String? {
        [flags, environment, fileValues].lazy.compactMap { $0[setting.key] }.first { !$0.isEmpty }
    }

    private func refusal(_ setting: Setting, _ text: String) -> SettingError {
        let shown = setting.isSecret ? "the given value" : "`\(text.prefix(80))`"
        return SettingError(key: setting.key, reason: "\(shown) is not accepted; it must be \(setting.accepted)")
    }

    /// `.env` files quote values as a shell would, and the parser keeps the quotes.
    private static func unquoted(_ text: String) -> String {
        guard text.count >= 2, let first = text.first, first == text.last, first == "\"" || first == "'" else { return text }
        return String(text.dropFirst().dropLast())
    }
}
