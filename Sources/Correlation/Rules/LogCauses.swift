internal import IncidentModel

/// What a log signature means as a cause, as data: one row a signature that speaks of the program itself.
enum LogCauses {
    struct Row: Sendable {
        let signature: LogFinding.Signature
        let cause: CauseCode
        /// The `details` key for the finding's name.
        let nameKey: String
        /// Template fields whose change would have brought it.
        let fields: [String]
        /// The `details` value for what is wrong in the object, where the words alone tell it.
        var field: String?
        let sentence: @Sendable (LogFinding, String) -> String
    }

    static func row(_ signature: LogFinding.Signature) -> Row? { bySignature[signature] }

    private static let bySignature = Dictionary(uniqueKeysWithValues: rows.map { ($0.signature, $0) })
    private static let settings = ["env", "envFrom", "args", "command", "image", "volumes"]

    private static func named(_ found: LogFinding, _ otherwise: String) -> String { found.name ?? otherwise }

    static let rows: [Row] = [
        Row(signature: .configurationMissing, cause: .configurationMissing, nameKey: "key", fields: settings) {
            "\($1.capitalizedFirst) lacks the setting \(named($0, "it needs"))"
        },
        Row(signature: .fileMissing, cause: .configurationMissing, nameKey: "key", fields: settings) {
            "\($1.capitalizedFirst) does not find the file \($0.path ?? named($0, "it needs"))"
        },
        Row(signature: .configurationInvalid, cause: .configurationInvalid, nameKey: "key", fields: settings) {
            "\($1.capitalizedFirst) does not accept its configuration\($0.name.map { " (\($0))" } ?? "")"
        },
        Row(signature: .unknownFlag, cause: .configurationInvalid, nameKey: "found", fields: ["args", "command", "image"], field: "args") {
            "\($1.capitalizedFirst) does not know the argument \(named($0, "it is given"))"
        },
        Row(signature: .permissionDenied, cause: .filePermissionDenied, nameKey: "reason", fields: ["securityContext", "volumes", "image"])
        {
            "\($1.capitalizedFirst) may not access \($0.path ?? "a path it needs")"
        },
        Row(signature: .readOnlyFileSystem, cause: .readOnlyFileSystem, nameKey: "reason", fields: ["securityContext", "volumeMounts"]) {
            "\($1.capitalizedFirst) writes to \($0.path ?? "a path") on a read-only file system"
        },
        Row(signature: .diskFull, cause: .diskFull, nameKey: "reason", fields: ["volumes", "resources"]) {
            "The volume that \($1) writes to\($0.path.map { " (\($0))" } ?? "") is full"
        },
        Row(signature: .addressInUse, cause: .portConflict, nameKey: "reason", fields: ["ports", "args", "env", "containers"]) {
            "\($1.capitalizedFirst) cannot listen on port \($0.port.map { String($0) } ?? "it wants"): it is taken"
        },
        Row(signature: .privilegedPort, cause: .privilegedPortDenied, nameKey: "reason", fields: ["securityContext", "ports"]) {
            "\($1.capitalizedFirst) may not bind port \($0.port.map { String($0) } ?? "below 1024") as a non-root user"
        },
        Row(signature: .tooManyOpenFiles, cause: .processLimitReached, nameKey: "reason", fields: ["image"]) {
            _, place in "\(place.capitalizedFirst) has no file descriptors left"
        },
        Row(signature: .processLimit, cause: .processLimitReached, nameKey: "reason", fields: ["image"]) {
            _, place in "\(place.capitalizedFirst) cannot start further threads or processes"
        },
        Row(signature: .libraryMissing, cause: .libraryMissing, nameKey: "reference", fields: ["image"]) {
            "Module or library \(named($0, "")) is missing in the image of \($1)"
        },
        Row(signature: .heapExhausted, cause: .applicationError, nameKey: "exception", fields: ["resources", "env", "args", "image"]) {
            _, place in "The program of \(place) runs out of its own heap memory"
        },
        Row(signature: .childKilled, cause: .memoryLimitExceeded, nameKey: "reason", fields: ["resources"]) {
            _, place in "A child process of \(place) is killed, by all signs for memory"
        },
        Row(signature: .apiForbidden, cause: .permissionForbidden, nameKey: "found", fields: ["serviceAccountName"]) {
            "The ServiceAccount of \($1) lacks a permission\($0.user.map { " (\($0))" } ?? "")"
        },
        Row(signature: .apiUnauthorized, cause: .permissionForbidden, nameKey: "found", fields: ["serviceAccountName"]) {
            _, place in "The Kubernetes API does not accept the identity of \(place)"
        },
        Row(signature: .cloudAccessDenied, cause: .permissionForbidden, nameKey: "found", fields: ["serviceAccountName"]) {
            _, place in "The cloud refuses the identity of \(place)"
        },
        Row(signature: .execFormat, cause: .imageArchitectureMismatch, nameKey: "found", fields: ["image"]) {
            _, place in "The binary of \(place) is not built for the node's architecture"
        },
        Row(
            signature: .commandNotFound, cause: .commandNotRunnable, nameKey: "found", fields: ["command", "args", "image"],
            field: "command"
        ) {
            "Command \(named($0, "")) of \($1) is not in the image"
        },
        Row(signature: .schemaMigrationFailed, cause: .databaseSchemaMissing, nameKey: "reference", fields: ["image"]) {
            _, place in "The schema migration of \(place) fails"
        },
        Row(signature: .segmentationFault, cause: .applicationError, nameKey: "exception", fields: ["image"]) {
            _, place in "The program of \(place) crashes with a segmentation fault"
        },
        Row(signature: .illegalInstruction, cause: .applicationError, nameKey: "exception", fields: ["image"]) {
            _, place in "The program of \(place) uses an instruction that the CPU does not have"
        },
        Row(signature: .panic, cause: .applicationError, nameKey: "exception", fields: ["image"]) { _, place in
            "The program of \(place) panics"
        },
        Row(signature: .assertion, cause: .applicationError, nameKey: "exception", fields: ["image"]) {
            _, place in "An assertion in the program of \(place) fails"
        },
        Row(signature: .uncaughtException, cause: .applicationError, nameKey: "exception", fields: ["image", "env", "args"]) {
            _, place in "The program of \(place) dies of an exception"
        },
        Row(signature: .fatalMessage, cause: .applicationError, nameKey: "exception", fields: ["image", "env", "args"]) {
            _, place in "The program of \(place) gives up"
        },
        Row(signature: .leaderElectionLost, cause: .controlPlaneDegraded, nameKey: "reason", fields: []) {
            _, place in "\(place.capitalizedFirst) loses its leader lease, so the API server is slow or out of reach"
        },
    ]
}
