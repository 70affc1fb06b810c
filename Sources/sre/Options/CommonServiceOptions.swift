import ArgumentParser
import ServiceKit

/// Flags that every service has.
struct CommonServiceOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Address to listen on.", valueName: "address"))
    var host: String?

    @Option(help: ArgumentHelp("Port to listen on; 0 takes any free one.", valueName: "port"))
    var port: Int?

    @Option(help: ArgumentHelp("development or production.", valueName: "name"))
    var environment: String?

    @Option(help: ArgumentHelp("debug, info, warning, error or critical.", valueName: "level"))
    var logLevel: String?

    func validate() throws {
        if let port, !(0...65_535).contains(port) { throw ValidationError("--port must lie between 0 and 65535.") }
    }

    /// The values by key; a service adds its own keys for where it listens.
    func flags(host hostKey: Setting, port portKey: Setting) -> [(Setting, String?)] {
        [
            (hostKey, host), (portKey, port.map { String($0) }), (CommonSettings.environment, environment),
            (CommonSettings.logLevel, logLevel),
        ]
    }
}
