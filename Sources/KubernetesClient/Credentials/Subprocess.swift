import Foundation

/// One run of another program, with a deadline and without a terminal.
struct Subprocess: Sendable {
    let executable: String
    let arguments: [String]
    let environment: [String: String]

    /// What the program left behind.
    struct Outcome: Sendable {
        var status: Int32 = 0
        var output = Data()
        var errorOutput = Data()
    }

    /// Why a run came to nothing.
    enum Failure: Error, CustomStringConvertible {
        case cannotStart(String)
        case deadlineExceeded(Duration)
        case tooMuchOutput
        case cancelled

        var description: String {
            switch self {
            case .cannotStart(let reason): "cannot be started: \(reason)"
            case .deadlineExceeded(let limit): "did not end within \(limit.components.seconds) seconds"
            case .tooMuchOutput: "printed more than 1 MiB"
            case .cancelled: "was stopped, because the read was cancelled"
            }
        }
    }

    private enum Event: Sendable {
        case output(Data)
        case errorOutput(Data)
        case closed
        case exited(Int32)
    }

    private static let outputLimit = 1 << 20

    /// Runs the program and collects what it prints; kills it at the deadline.
    func run(within limit: Duration) async throws(Failure) -> Outcome {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = arguments
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        let (events, continuation) = AsyncStream<Event>.makeStream()
        let (output, errorOutput) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errorOutput
        process.terminationHandler = { continuation.yield(.exited($0.terminationStatus)) }
        do {
            try process.run()
        } catch {
            throw .cannotStart(HostileText.line(error.localizedDescription, limit: 200))
        }
        Self.read(output) { continuation.yield($0.isEmpty ? .closed : .output($0)) }
        Self.read(errorOutput) { continuation.yield($0.isEmpty ? .closed : .errorOutput($0)) }
        let identifier = process.processIdentifier
        let result = await withTaskGroup(of: Result<Outcome, Failure>.self) { group in
            group.addTask { await Self.collect(events) }
            group.addTask {
                do { try await Task.sleep(for: limit) } catch { return .failure(.cancelled) }
                return .failure(.deadlineExceeded(limit))
            }
            let first = await group.next()
            group.cancelAll()
            return first ?? .failure(.cancelled)
        }
        if case .failure = result, process.isRunning { kill(identifier, SIGKILL) }
        return try result.get()
    }

    // Read on threads of their own, which may block: those of a global dispatch queue are the ones that all tasks run on.
    // `readabilityHandler` is no alternative on Linux: under load it misses the end of the output, and crashes in libdispatch
    // when the pipe goes.
    private static func read(_ pipe: Pipe, _ receive: @escaping @Sendable (Data) -> Void) {
        let handle = pipe.fileHandleForReading
        Thread.detachNewThread {
            var total = 0
            while total <= outputLimit, let data = try? handle.read(upToCount: 64 << 10), !data.isEmpty {
                total += data.count
                receive(data)
            }
            receive(Data())
        }
    }

    // Ends once the program has exited and both of its outputs are closed.
    private static func collect(_ events: AsyncStream<Event>) async -> Result<Outcome, Failure> {
        var outcome = Outcome()
        var pending = 3
        for await event in events {
            switch event {
            case .output(let data): outcome.output += data
            case .errorOutput(let data): outcome.errorOutput += data
            case .exited(let status):
                outcome.status = status
                pending -= 1
            case .closed: pending -= 1
            }
            guard outcome.output.count + outcome.errorOutput.count <= outputLimit else { return .failure(.tooMuchOutput) }
            if pending == 0 { return .success(outcome) }
        }
        return .failure(.cancelled)
    }
}
