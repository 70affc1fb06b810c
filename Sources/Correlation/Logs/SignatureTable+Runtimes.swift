/// Rows in the words of one runtime, tool or server each. They stand before the general rows, which would read less out of them.
/// `SignatureTable.swift` says how the table is read.
extension SignatureTable {
    static let runtimes: [SignatureRow] = [
        .init(.fileMissing, ["unable to access jarfile "], Extract.path),
        .init(
            .configurationInvalid,
            ["invalid maximum heap size", "invalid initial heap size", "initial heap size set to a larger value than the maximum"]),
        .init(
            .configurationInvalid, ["missing script: "], with: [["npm", "yarn", "pnpm"]], Extract.quoted(after: "issing script: ")),
        .init(.configurationInvalid, ["syntax error on line "], with: [[".conf"]], Extract.configurationFile),
        .init(
            .configurationMissing,
            ["connectionstring property has not been initialized", "no connection string named", "connection string is null or empty"]),
        .init(.libraryMissing, ["the command could not be loaded, possibly because", "the application to execute does not exist"]),
        .init(.schemaMigrationFailed, ["pendingmigrationerror", "migrations are pending", "has pending model changes"]),
        .init(.poolExhausted, ["reached pm.max_children", "reached max_children setting"]),
        .init(.addressInUse, ["connection in use: ("], Extract.bindAddress),
        .init(
            .connectionRefused, ["failed to connect to ", "nc: connect to "], with: [["couldn't connect to server", "connection refused"]],
            unless: ["://", "all addresses"], Extract.connectedHost, Extract.hosts),
        .init(.connectionRefused, ["can't reach database server at "], Extract.hosts),
        .init(.commandNotFound, ["^exec "], with: [["no such file or directory", "permission denied"]], Extract.path),
        .init(.libraryMissing, ["could not find driver"], Extract.exceptionName),
        .init(.fatalMessage, ["unable to lock ./ibdata1"]),
        .init(
            .configurationMissing, ["argumentnullexception", "value cannot be null"],
            with: [["'connectionstring'", "'configuration'", "'uristring'", "'apikey'", "'secret'", "'token'", "'password'", "'url'"]],
            Extract.quoted(after: "parameter ")),
        .init(
            .configurationInvalid, ["requirement failed: ", "invalid configuration property"],
            with: [["listener", "config", "property", "setting", "must be"]], Extract.settingNear),
        .init(.configurationInvalid, ["assigning "], with: [["converting '"]], Extract.token(after: "assigning ")),
        .init(.connectionRefused, ["server check fail, please check server "], Extract.checkedServer),
        // Rust: `std::env::VarError::NotPresent`.
        .init(.configurationMissing, ["err` value: notpresent"]),
        .init(.connectionTimeout, ["no reachable servers"], Extract.hosts),
        .init(.privilegedPort, ["socketexception (13): permission denied"], Extract.bindAddress),
        .init(
            .permissionDenied, ["operating system error number 13", "does not have the access rights to the directory"], Extract.path),
        .init(
            .databaseMissing, ["undefinedcolumn: ", "undefinedtable: ", "undefinedcolumn) ", "undefinedtable) "], Extract.databaseObject,
            Extract.hosts),
        .init(.permissionDenied, ["code: 13, kind: permissiondenied"], Extract.path),
        .init(.configurationMissing, ["missing required configuration \""], Extract.quoted(after: "required configuration ")),
    ]
}
