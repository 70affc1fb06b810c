@testable import Correlation

/// Answers of datastores, brokers, APIs and HTTP dependencies.
enum DatastoreCases {
    static let all: [SignatureCase] = [
        .init(
            #"org.postgresql.util.PSQLException: FATAL: password authentication failed for user "crm_app""#, .credentialsRejected,
            user: "crm_app"),
        .init(
            #"pymysql.err.OperationalError: (1045, "Access denied for user 'shop'@'10.244.1.3' (using password: YES)")"#,
            .credentialsRejected, user: "shop"),
        .init(
            #"redis.exceptions.AuthenticationError: WRONGPASS invalid username-password pair or user is disabled."#, .credentialsRejected),
        .init(#"ReplyError: NOAUTH Authentication required."#, .credentialsRejected),
        .init(#"MongoServerError: Authentication failed."#, .credentialsRejected),
        .init(
            #"org.apache.kafka.common.errors.SaslAuthenticationException: Authentication failed: Invalid username or password"#,
            .credentialsRejected),
        .init(
            #"pika.exceptions.ProbableAuthenticationError: ConnectionClosedByBroker: (403) 'ACCESS_REFUSED - Login was refused using authentication mechanism PLAIN. For details see the broker logfile.'"#,
            .credentialsRejected),
        .init(#"java.sql.SQLException: ORA-01017: invalid username/password; logon denied"#, .credentialsRejected),
        .init(#"Microsoft.Data.SqlClient.SqlException (0x80131904): Login failed for user 'sa'."#, .credentialsRejected, user: "sa"),
        .init(#"FATAL:  role "reporting" does not exist"#, .credentialsRejected, user: "reporting"),
        .init(
            #"FATAL:  no pg_hba.conf entry for host "10.244.1.5", user "app", database "shop", no encryption"#, .credentialsRejected,
            user: "app"),
        .init(
            #"psycopg2.OperationalError: connection to server at "loans-db", port 5432 failed: FATAL:  database "loans_v2" does not exist"#,
            .databaseMissing, host: "loans-db", port: 5432, name: "loans_v2"),
        .init(#"pymysql.err.OperationalError: (1049, "Unknown database 'shop_v3'")"#, .databaseMissing, name: "shop_v3"),
        .init(#"ERROR: relation "orders" does not exist at character 15"#, .databaseMissing, name: "orders"),
        .init(#"sqlalchemy.exc.ProgrammingError: (1146, "Table 'shop.orders' doesn't exist")"#, .databaseMissing, name: "shop.orders"),
        .init(#"sqlite3.OperationalError: no such table: users"#, .databaseMissing, name: "users"),
        .init(#"ORA-00942: table or view "SHOP"."ORDERS" does not exist"#, .databaseMissing),
        .init(#"Cannot open database "Shop" requested by the login. The login failed."#, .databaseMissing, name: "Shop"),
        .init(
            #"kafka.errors.UnknownTopicOrPartitionError: [Error 3] UnknownTopicOrPartitionError: This server does not host this topic-partition."#,
            .databaseMissing),
        .init(
            #"org.apache.kafka.common.errors.TimeoutException: Topic invoices not present in metadata after 60000 ms."#, .databaseMissing,
            name: "invoices"),
        .init(#"ERROR: permission denied for table orders"#, .databasePermissionDenied, name: "table"),
        .init(#"ERROR:  cannot execute INSERT in a read-only transaction"#, .databaseReadOnly),
        .init(#"redis.exceptions.ReadOnlyError: READONLY You can't write against a read only replica."#, .databaseReadOnly),
        .init(#"The MySQL server is running with the --read-only option so it cannot execute this statement"#, .databaseReadOnly),
        .init(#"etcdserver: mvcc: database space exceeded"#, .databaseReadOnly),
        .init(#"FATAL:  sorry, too many clients already"#, .poolExhausted),
        .init(
            #"java.sql.SQLTransientConnectionException: HikariPool-1 - Connection is not available, request timed out after 30000ms."#,
            .poolExhausted),
        .init(
            #"sqlalchemy.exc.TimeoutError: QueuePool limit of size 5 overflow 10 reached, connection timed out, timeout 30.00"#,
            .poolExhausted),
        .init(#"ERR max number of clients reached"#, .poolExhausted),
        .init(#"FATAL:  the database system is starting up"#, .dependencyStarting),
        .init(#"LOADING Redis is loading the dataset in memory"#, .dependencyStarting),
        .init(
            #"requests.exceptions.HTTPError: 503 Server Error: Service Unavailable for url: http://timetable-api:8080/api/stops"#,
            .httpStatus, host: "timetable-api", port: 8080, path: "/api/stops", name: "503"),
        .init(
            #"AxiosError: Request failed with status code 502 (GET http://checkout:8080/api/checkout)"#, .httpStatus, host: "checkout",
            port: 8080, name: "502"),
        .init(
            #"price request failed with status code 404 (GET http://price-api:8080/api/v2/prices): 404 page not found"#, .httpStatus,
            host: "price-api", port: 8080, path: "/api/v2/prices", name: "404"),
        .init(
            #"java.io.IOException: Server returned HTTP response code: 500 for URL: http://ledger:8080/entries"#, .httpStatus,
            host: "ledger", port: 8080, name: "500"),
        .init(
            #"GET http://cart:8080/api: 503 Service Unavailable: {"error":"dial tcp 10.1.1.1:6379: connect: connection refused"}"#,
            .httpStatus, host: "cart", port: 8080, name: "503"),
        .init(
            #"E1123 18:46:09.123456       1 reflector.go:147] k8s.io/client-go/informers/factory.go:150: Failed to watch *v1.Pod: failed to list *v1.Pod: pods is forbidden: User "system:serviceaccount:ops:agent" cannot list resource "pods" in API group "" at the cluster scope"#,
            .apiForbidden, user: "system:serviceaccount:ops:agent", name: "pods"),
        .init(
            #"{"level":"error","error":"deployments.apps \"web\" is forbidden: User \"system:serviceaccount:ci:deployer\" cannot patch resource \"deployments\" in API group \"apps\" in the namespace \"shop\"","msg":"Reconciler error"}"#,
            .apiForbidden, user: "system:serviceaccount:ci:deployer", name: "deployments.apps"),
        .init(#"error retrieving resource lock: the server has asked for the client to provide credentials"#, .apiUnauthorized),
        .init(#"no matches for kind "ServiceMonitor" in version "monitoring.coreos.com/v1""#, .apiResourceMissing, name: "ServiceMonitor"),
        .init(
            #"W1123 18:46:09.123456       7 controller.go:1108] Error obtaining Endpoints for Service "shop/web": no object matching key "shop/web" in local store"#,
            .serviceNotFound, name: "shop/web"),
        .init(
            #"2026/11/23 18:39:24 [error] 7#7: *3 no live upstreams while connecting to upstream, client: 10.1.1.1, server: _, request: "GET / HTTP/1.1", upstream: "http://backend/", host: "a""#,
            .noHealthyUpstream, host: "backend", port: 80),
        .init(#"leaderelection lost"#, .leaderElectionLost),
        .init(
            #"botocore.exceptions.ClientError: An error occurred (AccessDenied) when calling the ListObjects operation: User: arn:aws:sts::1:x is not authorized to perform: s3:ListBucket"#,
            .cloudAccessDenied),
        .init(#"google.auth.exceptions.DefaultCredentialsError: could not find default credentials"#, .cloudAccessDenied),
        .init(#"MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk."#, .databaseReadOnly),
        .init(#"waiting for orders-db:5432..."#, .waitingFor, host: "orders-db", port: 5432),
        .init(#"Postgres is unavailable - sleeping"#, .waitingFor, name: "Postgres"),
    ]
}
