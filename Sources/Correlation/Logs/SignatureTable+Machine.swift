/// Rows about files, limits and settings. `SignatureTable.swift` says how the table is read.
extension SignatureTable {
    // MARK: Files, disks and kernel limits

    static let files: [SignatureRow] = [
        .init(
            .readOnlyFileSystem,
            ["read-only file system", "erofs", "errno 30]", "os error 30", "(30: read-only", "readonlyfilesystemexception"],
            Extract.path),
        .init(
            .processLimit,
            ["inotify"],
            with: [
                [
                    "no space left on device", "too many open files", "enospc", "emfile", "limit reached",
                    "system limit for number of file watchers",
                ]
            ]),
        .init(.processLimit, ["system limit for number of file watchers reached"]),
        .init(
            .diskFull,
            [
                "no space left on device", "enospc", "errno 28]", "os error 28", "not enough space on the disk",
                "there is not enough space", "disk quota exceeded", "no space left", "disk is full", "error 28 from storage",
                "the table is full", "could not extend file", "ora-01653", "ora-19809", "database or disk is full",
                "insufficient free space", "(28: no space", "file system full", "edquot",
            ],
            unless: ["% full"], Extract.path),
        .init(
            .permissionDenied,
            ["can't open or create append-only dir", "failed opening the rdb file", "can't open the log file", "failed opening .rdb"],
            with: [["permission denied"]], Extract.path),
        .init(
            .permissionDenied,
            [
                "could not change permissions of directory", "has wrong ownership", "initdb: error: could not", "data directory \"",
                "can't create/write to file", "cannot create directory", "can't create directory",
            ],
            with: [["permission", "ownership", "denied", "invalid permissions"]], Extract.path),
        .init(
            .permissionDenied,
            [
                "permission denied", "eacces", "accessdeniedexception", "permissionerror", "errno 13]", "os error 13",
                "unauthorizedaccessexception", "operation not permitted", "eperm", "errno 1]", "(13: permission", "access to the path",
                "errno::eacces", "insufficient permissions for", "is not writable", "not writable by", "permissiondenied",
            ],
            unless: ["for user", "publickey", "end user"], needs: .path, Extract.path),
    ]

    static let limits: [SignatureRow] = [
        .init(
            .tooManyOpenFiles,
            ["too many open files", "emfile", "errno 24]", "os error 24", "enfile", "ulimit -n", "file table overflow"],
            Extract.path),
        .init(
            .processLimit,
            [
                "unable to create new native thread", "unable to create native thread", "pthread_create failed",
                "failed to create new os thread", "can't start new thread", "cannot fork",
                "fork: retry: resource temporarily unavailable", "fork: resource temporarily unavailable", "failed to start thread",
                "vm.max_map_count", "max virtual memory areas", "fork failed", "resource temporarily unavailable (os error 11)",
                "cannot allocate thread", "uv_thread_create", "failed to spawn thread",
            ]),
        .init(
            .heapExhausted,
            [
                "outofmemoryerror", "javascript heap out of memory", "runtime: out of memory", "fatal error: out of memory",
                "memoryerror", "outofmemoryexception", "failed to allocate memory", "std::bad_alloc", "bad_alloc",
                "allowed memory size of", "reached heap limit", "gc overhead limit exceeded", "insufficient memory for the java runtime",
                "cannot allocate memory", "out of memory (", "cannot reserve enough memory", "nomemoryerror",
                "could not reserve enough space for object heap", "enomem", "out of memory:", "oom-killer", "cuda out of memory",
            ],
            unless: ["java heap space: 0"], Extract.exceptionName),
        .init(.heapExhausted, ["memory allocation of "], with: [["bytes failed"]]),
        .init(
            .childKilled,
            [
                "was sent sigkill", "perhaps out of memory", "^killed$", "worker exited with signal 9", "signal: killed",
                "killed process", "exited on signal 9", "terminated by signal 9", "exited with code 137", "exit status 137",
                "signal sigkill", "was terminated due to signal 9", "server process (pid", "worker terminated by sigkill",
                "workerlosterror", "received signal 9",
            ],
            with: [["sigkill", "killed", "signal 9", "137", "memory"]], evenInfo: true, Extract.command),
    ]

    // MARK: Settings

    static let configuration: [SignatureRow] = [
        .init(.configurationInvalid, ["exists but is not empty"], with: [["initdb", "data directory"]], Extract.path),
        .init(
            .configurationInvalid,
            [
                "bad config", "is not a valid port", "is out of range (", "invalid dsn", "unknown unit ", "invalid duration",
                "time: invalid", "time: missing unit",
            ],
            Extract.configurationFile, Extract.settingNear),
        .init(
            .configurationMissing,
            [
                "could not resolve placeholder", "required environment variable", "missing environment variable",
                "environment variable not found", "missing required env", "environment variable is missing", "missing env var",
                "missing env", "required key ", "no value for required", "missing required configuration", "missing required setting",
                "missing required option", "missing required argument", "required flag(s)", "required arguments were not provided",
                "the following arguments are required", "missing required config", "required configuration", "missing configuration",
                "missing required parameter", "missing mandatory", "missing required property", "missing required key",
                "environment variable is not specified", "you need to specify one of the following as an environment variable",
                "superuser password is not specified", "database is uninitialized and password option is not specified",
                "failed to configure a datasource", "secret_key setting must not be empty", "missing secret_key_base",
                "missing `secret_key_base`",
                "must provide a value for", "no configuration file provided", "no config file",
            ],
            Extract.setting),
        .init(
            .configurationMissing,
            ["environment variable", "env var", "env variable"],
            with: [
                [
                    "not set", "is required", "must be set", "is missing", "not defined", "missing", "undefined", "is empty", "not found",
                    "isn't set", "unset", "not present", "cannot be empty",
                ]
            ],
            unless: ["optional", "default"], Extract.setting),
        .init(
            .configurationMissing,
            [
                "must be set", "is not set", "not set", "is required", "must be provided", "is not defined", "is undefined",
                "must not be empty", "cannot be empty", "is mandatory", "parameter not set", "unbound variable", "must be specified",
                "was not provided", "not configured", "field required",
            ],
            unless: [
                "optional", "using default", "defaulting", "falling back", "default to", "defaults to",
                // Hibernate asks the database for its dialect: without a connection it complains of the setting.
                "dialectresolutioninfo", "hibernate.dialect",
            ],
            needs: .name, Extract.settingStrict),
        .init(.configurationMissing, ["keyerror: ", "key not found: ", "environment variable '"], needs: .name, Extract.settingStrict),
        .init(
            .configurationInvalid,
            [
                "yaml: line ", "yaml: unmarshal", " yaml: ", "^yaml: ", "error converting yaml to json", "mapping values are not allowed",
                "found character that cannot start any token", "yamlexception", "yaml.scanner", "yaml.parser", "scannererror",
                "parsererror", "while parsing a block mapping", "while scanning", "invalid yaml", "error parsing config",
                "failed to parse config", "could not parse config", "cannot parse config", "error loading config",
                "failed to load config", "error reading config", "failed to read config", "invalid configuration", "invalid config",
                "configuration error", "config error", "configuration is invalid", "error in configuration",
                "configuration file contains errors", "fatal config file error", "bad directive or wrong number of arguments",
                "unknown directive", "invalid number of arguments in", "unexpected end of file, expecting", "unexpected \"}\"",
                "unexpected \";\"", "directive is not allowed here", "is not terminated by \";\"", "invalid parameter \"", "[emerg]",
                "[alert] ", "cannot unmarshal", "unmarshal errors", "field not found in type", "unknown field \"",
                "unrecognized configuration parameter", "unknown variable '", "unrecognizedpropertyexception",
                "bindexception: failed to bind properties", "failed to bind properties under", "optionsvalidationexception",
                "configurationexception", "configexception", "invalid value ", "invalid value for", "invalid argument \"", "invalid url",
                "unknown configuration", "unknown setting", "unknown key ", "validationerror", "could not parse", "toml: ",
                "toml parse error", "toml::de", "expected type", "invalid character '", "syntaxerror: unexpected token",
                "jsondecodeerror", "jsonparseexception", "invalid json", "parse error", "parsing error", "configuration property",
                "error parsing", "unable to parse", "key '", "improperlyconfigured", "missing scheme", "unsupported protocol scheme",
                "invalid port", "syntax error in", "invalid syntax in", "no such property", "bad configuration", "corefile",
                "unknown plugin", "cannot parse", "malformed", "the configuration file", "configtest failed", "configuration test failed",
            ],
            with: [
                [
                    "config", ".yaml", ".yml", ".json", ".toml", ".conf", ".ini", ".properties", ".xml", "[emerg]", "environment", "env",
                    "setting", "option", "flag", "directive", "property", "properties", "parameter", "yaml:", "corefile", "variable",
                    "invalid value ", "invalid argument \"", "toml", "validationerror", "appsettings", "startup",
                ]
            ],
            unless: [
                "request", "client:", "user input", "payload", "body", "message from", "response", "query parameter", "skipping",
                "form field",
            ],
            Extract.configurationFile, Extract.settingNear),
        .init(
            .configurationInvalid,
            [
                "error creating bean with name '", "beancreationexception", "unsatisfieddependencyexception", "required a bean of type",
                "unable to start web server",
            ],
            Extract.quoted(after: "bean with name ")),
        .init(
            .fileMissing,
            [
                "no such file or directory", "enoent", "filenotfounderror", "filenotfoundexception", "could not find file",
                "nosuchfileexception", "(2: no such file", "os error 2)", "could not find a part of the path", "errno 2]", "cannot open ",
                "can't open file",
            ],
            with: [
                [
                    "no such file", "enoent", "filenotfound", "could not find", "nosuchfile", "os error 2", "errno 2]", "does not exist",
                    "can't open",
                ]
            ],
            unless: ["client: ", "request: ", "favicon", "optional", "skipping", "get /"], needs: .path, Extract.path),
    ]
}
