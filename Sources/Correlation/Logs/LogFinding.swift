import FoundationEssentials

/// One thing that goes wrong according to a log, however many lines say so.
struct LogFinding: Sendable, Hashable {
    /// What kind of failure the words stand for. `SignatureTable` holds the words.
    enum Signature: String, Sendable, CaseIterable {
        /// A dependency's host answers, but nothing accepts on the port.
        case connectionRefused
        /// A dependency does not answer: dropped packets, dead node, no route.
        case connectionTimeout
        /// A dependency closed an established connection.
        case connectionLost
        /// No connection to a dependency comes about, and the words do not say why.
        case connectionFailed
        /// The name server says that the name does not exist.
        case nameNotFound
        /// The name server does not answer or fails.
        case nameServerFailure
        /// A dependency refuses the identity: password, token, role.
        case credentialsRejected
        /// Database, schema, table, column, topic, queue or bucket is missing.
        case databaseMissing
        /// The identity is accepted and lacks a right inside the database or broker.
        case databasePermissionDenied
        /// A database it writes to only accepts reads.
        case databaseReadOnly
        /// A dependency is up but not yet serving: starting, recovering, loading, electing.
        case dependencyStarting
        /// A file or directory may not be read or written.
        case permissionDenied
        case readOnlyFileSystem
        case diskFull
        /// A file or directory it needs is absent.
        case fileMissing
        case addressInUse
        /// A port below 1024 may not be bound.
        case privilegedPort
        /// An address that the machine does not have, or no more client ports.
        case addressUnavailable
        case tooManyOpenFiles
        /// Threads, processes, inotify watches or another kernel limit.
        case processLimit
        /// A module or shared library is absent from the image.
        case libraryMissing
        case certificateInvalid
        /// One side speaks TLS or another protocol and the other does not.
        case protocolMismatch
        /// A required variable, setting or file is not given.
        case configurationMissing
        /// A setting or configuration file is malformed or not accepted.
        case configurationInvalid
        case unknownFlag
        /// The program's own heap, or a datastore's memory bound, is used up.
        case heapExhausted
        /// The kernel or a supervisor killed a process inside the container.
        case childKilled
        /// The Kubernetes API refuses an action of this identity.
        case apiForbidden
        /// The Kubernetes API does not accept the identity.
        case apiUnauthorized
        /// The Kubernetes API does not know a kind it uses.
        case apiResourceMissing
        /// A cloud API refuses the identity or an action.
        case cloudAccessDenied
        /// Connections, threads or locks of a pool are used up.
        case poolExhausted
        /// The dependency limits the rate of calls.
        case rateLimited
        /// The binary is for another architecture or is no binary.
        case execFormat
        case commandNotFound
        case segmentationFault
        case illegalInstruction
        case panic
        case assertion
        /// An exception nobody caught.
        case uncaughtException
        /// An exception the program logged and survived.
        case loggedException
        /// A dependency answers a request with an error status.
        case httpStatus
        /// A gateway finds no backend that works for a route.
        case noHealthyUpstream
        /// A gateway or controller finds no Service of the name it is told.
        case serviceNotFound
        case leaderElectionLost
        case schemaMigrationFailed
        /// Waits for another program before it goes on.
        case waitingFor
        /// The last words are fatal and no other signature fits.
        case fatalMessage
    }

    let signature: Signature
    /// The line to cite: the most telling one of the newest occurrence.
    let line: LogLine
    /// How many entries of the log say the same.
    let count: Int
    let first: Date?
    let last: Date?
    /// Whether it is part of the program's last words: a crash, a fatal level, or an error with which the log ends.
    ///
    /// In the log of a running container this says only how the log ends so far.
    var isFatal: Bool
    /// Whether the log goes on without it, or says that the same dependency works again. Never true of a fatal one.
    let isRecovered: Bool
    /// Whether the program is the one that refuses (a database logging a rejected client), not the one refused.
    let isServerSide: Bool
    /// As written: an IP address, `service.namespace.svc` or any other form.
    var host: String?
    /// Of the dependency, or the one to bind.
    var port: Int?
    var path: String?
    /// `system:serviceaccount:namespace:name`, or a database user.
    var user: String?
    /// Variable, setting, module, database, table, flag, exception type, command, status …
    var name: String?
    /// A short phrase for people: an exception with its message, the verb and resource refused, the first own stack frame.
    var detail: String?
    /// The first stack frame that is the program's own, such as `/app/settings.py:34 in from_env`.
    var frame: String?
}

extension LogFinding.Signature {
    /// Whether the words are about another program, so that its host is worth looking for all over the entry.
    var isAboutDependency: Bool {
        switch self {
        case .connectionRefused, .connectionTimeout, .connectionLost, .connectionFailed, .nameNotFound, .nameServerFailure,
            .credentialsRejected,
            .databaseMissing,
            .databasePermissionDenied, .databaseReadOnly, .dependencyStarting, .poolExhausted, .rateLimited, .httpStatus,
            .noHealthyUpstream,
            .certificateInvalid, .protocolMismatch, .waitingFor:
            true
        default: false
        }
    }

    /// Whether a path belongs to it, which another line of the entry may name.
    var isAboutFile: Bool {
        switch self {
        case .permissionDenied, .readOnlyFileSystem, .diskFull, .fileMissing: true
        default: false
        }
    }

    /// Whether a program hardly survives it, so that lines behind it are leftovers of the same end.
    var endsProgram: Bool {
        switch self {
        case .unknownFlag, .libraryMissing, .commandNotFound, .execFormat, .segmentationFault, .illegalInstruction, .assertion, .panic,
            .heapExhausted:
            true
        default: false
        }
    }

    /// Whether another finding of the same standing tells more.
    var isGeneral: Bool {
        switch self {
        case .fatalMessage, .loggedException, .uncaughtException, .panic, .waitingFor, .httpStatus, .connectionLost, .connectionFailed,
            .noHealthyUpstream:
            true
        default: false
        }
    }
}
