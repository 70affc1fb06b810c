public import Logging

extension Logger {
    /// The logger of a service: JSON lines on standard error.
    /// - Parameters:
    ///   - service: value of `service_name` in every line.
    ///   - level: the lowest level that is written.
    public static func service(_ service: String, level: Logger.Level = .info) -> Logger {
        Logger(label: service, factory: { name in JSONLogHandler(serviceName: name, level: level) })
    }

    /// A logger that writes nothing, for tests and in-process use.
    public static var silent: Logger {
        Logger(label: "silent", factory: { _ in SwiftLogNoOpLogHandler() })
    }
}
