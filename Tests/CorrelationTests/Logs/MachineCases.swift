@testable import Correlation

/// Failures of files, limits, settings and programs.
enum MachineCases {
    static let files: [SignatureCase] = [
        .init(#"open /data/index.db: permission denied"#, .permissionDenied, path: "/data/index.db"),
        .init(#"Error: EACCES: permission denied, open '/data/uploads/a b.txt'"#, .permissionDenied, path: "/data/uploads/a b.txt"),
        .init(#"PermissionError: [Errno 13] Permission denied: '/var/log/app.log'"#, .permissionDenied, path: "/var/log/app.log"),
        .init(#"java.nio.file.AccessDeniedException: /var/lib/store/lock"#, .permissionDenied, path: "/var/lib/store/lock"),
        .init(
            #"Exception in thread "main" java.io.FileNotFoundException: /var/lib/archiver/index.db (Permission denied)"#, .permissionDenied,
            path: "/var/lib/archiver/index.db"),
        .init(
            #"System.UnauthorizedAccessException: Access to the path '/keys/key.xml' is denied."#, .permissionDenied, path: "/keys/key.xml"),
        .init(#"/bin/sh: can't create /data/out: Permission denied"#, .permissionDenied, path: "/data/out"),
        .init(
            #"mkdir: cannot create directory '/var/lib/postgresql/data/pgdata': Permission denied"#, .permissionDenied,
            path: "/var/lib/postgresql/data/pgdata"),
        .init(
            #"nginx: [emerg] mkdir() "/var/cache/nginx/client_temp" failed (30: Read-only file system)"#, .readOnlyFileSystem,
            path: "/var/cache/nginx/client_temp"),
        .init(#"OSError: [Errno 30] Read-only file system: '/app/cache'"#, .readOnlyFileSystem, path: "/app/cache"),
        .init(#"Error: EROFS: read-only file system, mkdir '/app/tmp'"#, .readOnlyFileSystem, path: "/app/tmp"),
        .init(#"write /spool/clips/seg.bin: no space left on device"#, .diskFull, path: "/spool/clips/seg.bin"),
        .init(#"PANIC:  could not write to file "pg_wal/xlogtemp.29": No space left on device"#, .diskFull),
        .init(
            "Error: failed to write /spool/clips/seg.bin\n\nCaused by:\n    No space left on device (os error 28)", .diskFull,
            path: "/spool/clips/seg.bin"),
        .init(#"open /etc/app/config.yaml: no such file or directory"#, .fileMissing, path: "/etc/app/config.yaml"),
        .init(#"accept4: too many open files; retrying in 1s"#, .tooManyOpenFiles),
        .init(#"failed to create fsnotify watcher: too many open files (inotify)"#, .processLimit),
        .init(#"Error: ENOSPC: System limit for number of file watchers reached, watch '/app/src'"#, .processLimit),
        .init(
            #"OpenJDK 64-Bit Server VM warning: Exception in thread "main" java.lang.OutOfMemoryError: unable to create new native thread"#,
            .processLimit),
        .init(#"bash: fork: retry: Resource temporarily unavailable"#, .processLimit),
    ]

    static let programs: [SignatureCase] = [
        .init(#"exec /app/server: exec format error"#, .execFormat),
        .init(
            #"/app/server: error while loading shared libraries: libpq.so.5: cannot open shared object file: No such file or directory"#,
            .libraryMissing, name: "libpq.so.5"),
        .init(
            #"Error loading shared library libstdc++.so.6: No such file or directory (needed by /app/server)"#, .libraryMissing,
            name: "libstdc++.so.6"),
        .init(
            "Traceback (most recent call last):\n  File \"/app/main.py\", line 3, in <module>\n    import yaml\nModuleNotFoundError: No module named 'yaml'",
            .libraryMissing, name: "yaml"),
        .init(
            "node:internal/modules/cjs/loader:1080\n  throw err;\n  ^\n\nError: Cannot find module 'express'\nRequire stack:\n- /app/server.js\n    at Module._resolveFilename (node:internal/modules/cjs/loader:1077:15)\n    at Object.<anonymous> (/app/server.js:1:17)",
            .libraryMissing, name: "express"),
        .init(
            #"Exception in thread "main" java.lang.NoClassDefFoundError: org/slf4j/LoggerFactory"#, .libraryMissing,
            name: "org/slf4j/LoggerFactory"),
        .init(
            #"Unhandled exception. System.IO.FileNotFoundException: Could not load file or assembly 'Shop.Core, Version=1.0.0.0'"#,
            .libraryMissing, name: "Shop.Core, Version=1.0.0.0"),
        .init(
            #"/usr/local/lib/ruby/3.3.0/rubygems.rb:1:in `require': cannot load such file -- pg (LoadError)"#, .libraryMissing, name: "pg"),
        .init(#"sh: 1: jq: not found"#, .commandNotFound, name: "jq"),
        .init(#"/entrypoint.sh: line 12: envsubst: command not found"#, .commandNotFound, name: "envsubst"),
        .init(#"exec: "serve": executable file not found in $PATH"#, .commandNotFound, name: "serve"),
        .init(
            "flag provided but not defined: -cache-ttl\nUsage of /app/server:\n  -listen string\n  -timeout string", .unknownFlag,
            name: "-cache-ttl"),
        .init(
            "Error: unknown flag: --cache-ttl\nUsage:\n  server [flags]\n\nFlags:\n  -h, --help   help for server", .unknownFlag,
            name: "--cache-ttl"),
        .init("usage: app [-h] [--port PORT]\napp: error: unrecognized arguments: --cache-ttl 5", .unknownFlag, name: "--cache-ttl"),
        .init(#"error: unexpected argument '--cache-ttl' found"#, .unknownFlag, name: "--cache-ttl"),
        .init(#"Unrecognized VM option 'UseConcMarkSweepGC'"#, .unknownFlag, name: "UseConcMarkSweepGC"),
        .init(#"java.lang.OutOfMemoryError: Java heap space"#, .heapExhausted, name: "OutOfMemoryError"),
        .init(#"FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory"#, .heapExhausted),
        .init(
            #"PHP Fatal error:  Allowed memory size of 134217728 bytes exhausted (tried to allocate 20480 bytes) in /app/x.php on line 3"#,
            .heapExhausted),
        .init("terminate called after throwing an instance of 'std::bad_alloc'\n  what():  std::bad_alloc", .heapExhausted),
        .init(#"[2026-11-23 18:39:24 +0000] [1] [ERROR] Worker (pid:7) was sent SIGKILL! Perhaps out of memory?"#, .childKilled),
        .init("Killed", .childKilled),
        .init(#"Segmentation fault (core dumped)"#, .segmentationFault),
        .init(
            "panic: runtime error: invalid memory address or nil pointer dereference\n[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x4a]\n\ngoroutine 1 [running]:\nmain.main()\n\t/src/main.go:12 +0x1d",
            .panic, name: "panic"),
        .init(#"Illegal instruction (core dumped)"#, .illegalInstruction),
        .init(#"server: src/index.c:42: load: Assertion `ptr != NULL' failed."#, .assertion),
    ]

    static let settings: [SignatureCase] = [
        .init(
            "Traceback (most recent call last):\n  File \"/app/settings.py\", line 34, in from_env\n    value = os.environ[\"SIGNING_KEY\"]\nKeyError: 'SIGNING_KEY'",
            .configurationMissing, name: "SIGNING_KEY"),
        .init(#"Error: Missing required environment variable: AVATAR_CDN_HOST"#, .configurationMissing, name: "AVATAR_CDN_HOST"),
        .init(#"environment variable DATABASE_URL is not set"#, .configurationMissing, name: "DATABASE_URL"),
        .init(#"DATABASE_URL must be set: NotPresent"#, .configurationMissing, name: "DATABASE_URL"),
        .init(#"required key STORE_DSN missing value"#, .configurationMissing, name: "STORE_DSN"),
        .init(
            #"java.lang.IllegalArgumentException: Could not resolve placeholder 'billing.url' in value "${billing.url}""#,
            .configurationMissing, name: "billing.url"),
        .init(#"Error: required flag(s) "config" not set"#, .configurationMissing, name: "config"),
        .init(#"app: error: the following arguments are required: --listen"#, .configurationMissing, name: "--listen"),
        .init(
            "Error: Database is uninitialized and superuser password is not specified.\n       You must specify POSTGRES_PASSWORD to a non-empty value for the superuser.",
            .configurationMissing),
        .init(#"/app/entry.sh: line 3: API_TOKEN: unbound variable"#, .configurationMissing, name: "API_TOKEN"),
        .init(#"sh: 2: TOKEN_FILE: parameter not set"#, .configurationMissing, name: "TOKEN_FILE"),
        .init(
            #"2026/11/23 18:39:24 FATAL config /etc/bridge/bridge.yaml: key 'flush_interval': time: unknown unit " sec" in duration "5 sec""#,
            .configurationInvalid, path: "/etc/bridge/bridge.yaml", name: "flush_interval"),
        .init(
            #"nginx: [emerg] unknown directive "proxy_passs" in /etc/nginx/conf.d/default.conf:7"#, .configurationInvalid,
            path: "/etc/nginx/conf.d/default.conf", name: "proxy_passs"),
        .init(
            #"error loading config from /etc/app/config.yaml: yaml: line 4: mapping values are not allowed in this context"#,
            .configurationInvalid, path: "/etc/app/config.yaml"),
        .init(
            #"FATAL:  unrecognized configuration parameter "max_conections" in file "/etc/postgresql/postgresql.conf" line 12"#,
            .configurationInvalid, path: "/etc/postgresql/postgresql.conf", name: "max_conections"),
        .init(#"*** FATAL CONFIG FILE ERROR (Redis 7.2.4) ***"#, .configurationInvalid),
        .init(
            #"parsing config file config.json: invalid character '}' looking for beginning of object key string"#, .configurationInvalid,
            path: "config.json"),
        .init(
            #"django.core.exceptions.ImproperlyConfigured: The SECRET_KEY setting must not be empty."#, .configurationMissing,
            name: "SECRET_KEY"),
    ]
}
