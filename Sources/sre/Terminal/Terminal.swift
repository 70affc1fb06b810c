import ArgumentParser
import Foundation
import Reporting

/// When to use colour.
enum ColourChoice: String, ExpressibleByArgument, CaseIterable {
    case auto, always, never
}

/// The two streams of a command: the result goes to standard output, everything else to standard error.
enum Terminal {
    /// Columns that a report may use: those of the terminal, `COLUMNS`, or 100.
    static var width: Int {
        var size = winsize()
        if ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
        return ProcessInfo.processInfo.environment["COLUMNS"].flatMap(Int.init) ?? 100
    }

    /// Whether a result may be coloured. `NO_COLOR` with any value switches `auto` off (no-color.org).
    static func hasColour(_ choice: ColourChoice, environment: [String: String] = ProcessInfo.processInfo.environment) -> Bool {
        switch choice {
        case .always: true
        case .never: false
        case .auto: isatty(STDOUT_FILENO) == 1 && environment["NO_COLOR", default: ""].isEmpty && environment["TERM"] != "dumb"
        }
    }

    /// Writes a result. A reader that closed the pipe early is no error.
    static func print(_ text: String) {
        try? FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
    }

    /// Writes one line for the person who waits.
    static func note(_ text: String) {
        try? FileHandle.standardError.write(contentsOf: Data((SafeText.line(text, limit: 2_000) + "\n").utf8))
    }
}
