/// What the process says to a script when it ends; documented in the README and in `--help`.
enum ExitStatus: Int32 {
    case causeFound = 0
    case failure = 1
    case usage = 2
    case inconclusive = 3
    case noFault = 4
}

/// A failure in one line that says what is wrong and what to do.
struct CommandError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
