@testable import Correlation

/// Last words of widely used servers and frameworks, whole.
enum ServerCases {
    static let all: [SignatureCase] = [
        .init(
            #"""
            2026-11-23T18:39:21.510681345Z chmod: changing permissions of '/var/lib/postgresql/data': Operation not permitted
            2026-11-23T18:39:21.510681345Z The files belonging to this database system will be owned by user "postgres".
            2026-11-23T18:39:21.510681345Z initdb: error: could not change permissions of directory "/var/lib/postgresql/data": Operation not permitted
            """#, .permissionDenied, path: "/var/lib/postgresql/data"),
        .init(
            #"""
            2026-11-23T18:39:21.510681345Z initdb: error: directory "/var/lib/postgresql/data" exists but is not empty
            2026-11-23T18:39:21.510681345Z initdb: detail: It contains a lost+found directory, perhaps due to it being a mount point.
            2026-11-23T18:39:21.510681345Z initdb: hint: Using a mount point directly as the data directory is not recommended.
            """#, .configurationInvalid, path: "/var/lib/postgresql/data"),
        .init(
            #"""

            PostgreSQL Database directory appears to contain a database; Skipping initialization

            2026-11-23 18:39:21.510 UTC [1] FATAL:  database files are incompatible with server
            2026-11-23 18:39:21.510 UTC [1] DETAIL:  The data directory was initialized by PostgreSQL version 15, which is not compatible with this version 16.2.
            """#, .fatalMessage),
        .init(
            #"""
            2026-11-23 18:39:21.510 UTC [1] LOG:  listening on IPv4 address "0.0.0.0", port 5432
            2026-11-23 18:39:21.510 UTC [55] ERROR:  could not extend file "base/16384/16397": No space left on device
            2026-11-23 18:39:21.510 UTC [55] HINT:  Check free disk space.
            2026-11-23 18:39:21.610 UTC [30] PANIC:  could not write to file "pg_wal/xlogtemp.30": No space left on device
            2026-11-23 18:39:21.710 UTC [1] LOG:  server process (PID 30) was terminated by signal 6: Aborted
            """#, .diskFull, path: "pg_wal/xlogtemp.30"),
        .init(
            #"""
            2026-11-23 18:39:21+00:00 [Note] [Entrypoint]: Entrypoint script for MySQL Server 8.0.36-1.el8 started.
            2026-11-23 18:39:21+00:00 [ERROR] [Entrypoint]: Database is uninitialized and password option is not specified
                You need to specify one of the following as an environment variable:
                - MYSQL_ROOT_PASSWORD
                - MYSQL_ALLOW_EMPTY_PASSWORD
                - MYSQL_RANDOM_ROOT_PASSWORD
            """#, .configurationMissing),
        .init(
            #"""
            {"@timestamp":"2026-11-23T18:39:21.510Z", "log.level":"ERROR", "message":"node validation exception\n[1] bootstrap checks failed. You must address the points described in the following [1] lines before starting Elasticsearch.\nbootstrap check failure [1] of [1]: max virtual memory areas vm.max_map_count [65530] is too low, increase to at least [262144]", "ecs.version": "1.2.0","service.name":"ES_ECS","event.dataset":"elasticsearch.server","process.thread.name":"main","log.logger":"org.elasticsearch.bootstrap.Elasticsearch"}
            """#, .processLimit),
        .init(
            #"""
            1:M 23 Nov 2026 18:39:21.204 # Bad file format reading the append only file appendonly.aof.1.incr.aof: make a backup of your AOF file, then use ./redis-check-aof --fix <filename>
            """#, .fatalMessage),
        .init(
            #"""
            1:C 23 Nov 2026 18:39:21.204 * oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo
            1:C 23 Nov 2026 18:39:21.204 * Redis version=7.2.4, bits=64
            1:M 23 Nov 2026 18:39:21.204 # Can't open or create append-only dir appendonlydir: Permission denied
            """#, .permissionDenied),
        .init(
            #"""
            ts=2026-11-23T18:39:21.510Z caller=main.go:487 level=error msg="Error loading config (--config.file=/etc/prometheus/prometheus.yml)" file=/etc/prometheus/prometheus.yml err="parsing YAML file /etc/prometheus/prometheus.yml: yaml: unmarshal errors:\n  line 7: field scrape_intervall not found in type config.plain"
            """#, .configurationInvalid, path: "/etc/prometheus/prometheus.yml"),
        .init(
            #"""
            time=2026-11-23T18:39:21.510Z level=ERROR source=query_logger.go:113 msg="Error opening query log file" component=activeQueryTracker file=/prometheus/queries.active err="open /prometheus/queries.active: permission denied"
            panic: Unable to create mmap-ed active query log

            goroutine 1 [running]:
            github.com/prometheus/prometheus/promql.NewActiveQueryTracker({0x7ffd, 0xb}, 0x14, {0x3c5, 0xc0})
            	/app/promql/query_logger.go:145 +0x345
            main.main()
            	/app/cmd/prometheus/main.go:783 +0x8553
            """#, .permissionDenied, path: "/prometheus/queries.active"),
        .init(
            #"""
            GF_PATHS_DATA='/var/lib/grafana' is not writable.
            You may have issues with file permissions, more information here: http://docs.grafana.org/installation/docker/#migrate-to-v51-or-later
            mkdir: can't create directory '/var/lib/grafana/plugins': Permission denied
            """#, .permissionDenied, path: "/var/lib/grafana/plugins"),
        .init(
            #"""
            /etc/coredns/Corefile:5 - Error during parsing: Unknown directive 'forwrd'
            """#, .configurationInvalid, name: "forwrd"),
        .init(
            #"""
            2026-11-23T18:39:21Z ERR Cannot create service error="kubernetes service not found: shop/web" ingress=web namespace=shop providerName=kubernetes
            """#, .serviceNotFound, name: "shop/web"),
        .init(
            #"""
            2026-11-23T18:39:21.510681Z	warning	envoy config external/envoy/source/extensions/config_subscription/grpc/grpc_stream.h:152	StreamAggregatedResources gRPC config stream to xds-grpc closed since 40s ago: 14, connection error: desc = "transport: Error while dialing: dial tcp 10.96.20.3:15012: connect: connection refused"
            2026-11-23T18:39:23.510681Z	warn	Envoy proxy is NOT ready: config not received from XDS server (is Istiod running?): cds updates: 0 successful, 0 rejected; lds updates: 0 successful, 0 rejected
            """#, .connectionRefused, host: "10.96.20.3", port: 15012),
        .init(
            #"""
            Traceback (most recent call last):
              File "/usr/local/lib/python3.12/site-packages/django/db/backends/base/base.py", line 275, in ensure_connection
                self.connect()
            psycopg2.OperationalError: connection to server at "shop-db" (10.96.5.5), port 5432 failed: FATAL:  password authentication failed for user "shop"
            connection to server at "shop-db" (10.96.5.5), port 5432 failed: FATAL:  password authentication failed for user "shop"


            The above exception was the direct cause of the following exception:

            Traceback (most recent call last):
              File "/app/manage.py", line 22, in <module>
                main()
            django.db.utils.OperationalError: connection to server at "shop-db" (10.96.5.5), port 5432 failed: FATAL:  password authentication failed for user "shop"
            """#, .credentialsRejected, host: "shop-db", port: 5432, user: "shop"),
        .init(
            #"""
            Traceback (most recent call last):
              File "/app/main.py", line 9, in <module>
                settings = Settings()
                           ^^^^^^^^^^
              File "/usr/local/lib/python3.12/site-packages/pydantic_settings/main.py", line 84, in __init__
                super().__init__(
            pydantic_core._pydantic_core.ValidationError: 1 validation error for Settings
            database_url
              Field required [type=missing, input_value={}, input_type=dict]
                For further information visit https://errors.pydantic.dev/2.6/v/missing
            """#, .configurationMissing, name: "database_url"),
        .init(
            #"""
            INFO  [alembic.runtime.migration] Context impl PostgresqlImpl.
            ERROR [alembic.util.messaging] Can't locate revision identified by 'a1b2c3'
            FAILED: Can't locate revision identified by 'a1b2c3'
            """#, .schemaMigrationFailed),
        .init(
            #"""

            > shop@1.0.0 start
            > node server.js

            node:events:495
                  throw er; // Unhandled 'error' event
                  ^

            Error: listen EADDRINUSE: address already in use :::3000
                at Server.setupListenHandle [as _listen2] (node:net:1817:16)
                at listenInCluster (node:net:1865:12)
            Emitted 'error' event on Server instance at:
                at emitErrorNT (node:net:1844:8) {
              code: 'EADDRINUSE',
              errno: -98,
              syscall: 'listen',
              address: '::',
              port: 3000
            }

            Node.js v20.11.1
            npm ERR! code ELIFECYCLE
            npm ERR! errno 1
            """#, .addressInUse, port: 3000),
        .init(
            #"""
            [2026-11-23 18:39:21 +0000] [1] [INFO] Starting gunicorn 21.2.0
            [2026-11-23 18:39:21 +0000] [1] [INFO] Listening at: http://0.0.0.0:8000 (1)
            [2026-11-23 18:39:21 +0000] [7] [INFO] Booting worker with pid: 7
            [2026-11-23 18:39:21 +0000] [7] [ERROR] Exception in worker process
            Traceback (most recent call last):
              File "/usr/local/lib/python3.12/site-packages/gunicorn/arbiter.py", line 609, in spawn_worker
                worker.init_process()
              File "/app/wsgi.py", line 3, in <module>
                import stripe
            ModuleNotFoundError: No module named 'stripe'
            [2026-11-23 18:39:21 +0000] [7] [INFO] Worker exiting (pid: 7)
            [2026-11-23 18:39:22 +0000] [1] [ERROR] Worker (pid:7) exited with code 3
            [2026-11-23 18:39:22 +0000] [1] [ERROR] Shutting down: Master
            [2026-11-23 18:39:22 +0000] [1] [ERROR] Reason: Worker failed to boot.
            """#, .libraryMissing, name: "stripe"),
        .init(
            #"""
            => Booting Puma
            => Rails 7.1.3 application starting in production
            Exiting
            /usr/local/bundle/gems/activesupport-7.1.3/lib/active_support/encrypted_configuration.rb:57:in `rescue in read_env_key': Missing `secret_key_base` for 'production' environment, set this string with `bin/rails credentials:edit` (ArgumentError)
            	from /usr/local/bundle/gems/railties-7.1.3/lib/rails/application.rb:700:in `secret_key_base'
            	from /app/config/environment.rb:5:in `<main>'
            """#, .configurationMissing),
        .init(
            #"""
            {"level":"error","ts":"2026-11-23T18:39:21Z","logger":"setup","msg":"unable to start manager","error":"error listening on :8443: listen tcp :8443: bind: address already in use","stacktrace":"main.main\n\t/workspace/main.go:110\nruntime.main\n\t/usr/local/go/src/runtime/proc.go:267"}
            """#, .addressInUse, port: 8443),
        .init(
            #"""
            E1123 18:46:09.123456       1 leaderelection.go:369] Failed to update lock: Put "https://10.96.0.1:443/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/x?timeout=5s": context deadline exceeded
            I1123 18:46:09.223456       1 leaderelection.go:285] failed to renew lease kube-system/x: timed out waiting for the condition
            E1123 18:46:09.323456       1 main.go:12] "leader election lost"
            """#, .leaderElectionLost),
        .init(
            #"""
            2026-11-23 18:39:21.510 ERROR 1 --- [main] o.s.b.SpringApplication : Application run failed

            org.springframework.beans.factory.BeanCreationException: Error creating bean with name 'flywayInitializer' defined in class path resource: Validate failed: Migrations have failed validation
            	at org.springframework.beans.factory.support.AbstractAutowireCapableBeanFactory.initializeBean(AbstractAutowireCapableBeanFactory.java:1770)
            Caused by: org.flywaydb.core.api.exception.FlywayValidateException: Validate failed: Migrations have failed validation
            Migration checksum mismatch for migration version 3
            -> Applied to database : 123
            	at org.flywaydb.core.Flyway.doValidate(Flyway.java:292)
            """#, .schemaMigrationFailed),
        .init(
            #"""
            wait-for-it.sh: waiting 30 seconds for orders-db:5432
            wait-for-it.sh: timeout occurred after waiting 30 seconds for orders-db:5432
            """#, .connectionTimeout, host: "orders-db", port: 5432),
        .init(
            #"""
            Server:    10.96.0.10
            Address 1: 10.96.0.10 kube-dns.kube-system.svc.cluster.local

            nslookup: can't resolve 'orders-dbb'
            waiting for orders-dbb
            """#, .nameNotFound, host: "orders-dbb"),
        .init(
            #"""
            Error: Handshake terminated by server: 403 (ACCESS-REFUSED) with message "ACCESS_REFUSED - Login was refused using authentication mechanism PLAIN. For details see the broker logfile."
                at afterStartOk (/app/node_modules/amqplib/lib/connection.js:210:12)
            """#, .credentialsRejected),
    ]
}
