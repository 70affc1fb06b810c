@testable import Correlation

/// Failures of connections, names and certificates in the words of many runtimes.
enum NetworkCases {
    static let refused: [SignatureCase] = [
        .init(
            #"2026/11/23 18:39:24 ERROR db: dial tcp 10.96.12.7:5432: connect: connection refused"#, .connectionRefused, host: "10.96.12.7",
            port: 5432),
        .init(
            #"Get "http://route-planner:8000/api/plan": dial tcp 10.96.1.2:8000: connect: connection refused"#, .connectionRefused,
            host: "route-planner", port: 8000),
        .init(
            #"{"level":50,"time":1795458772401,"msg":"request failed","err":{"type":"Error","message":"connect ECONNREFUSED 10.0.4.9:6379","code":"ECONNREFUSED","address":"10.0.4.9","port":6379}}"#,
            .connectionRefused, host: "10.0.4.9", port: 6379),
        .init(#"Error: connect ECONNREFUSED 127.0.0.1:27017"#, .connectionRefused, host: "127.0.0.1", port: 27017),
        .init(
            #"java.net.ConnectException: Connection refused: inventory/10.96.3.4:8080"#, .connectionRefused, host: "inventory", port: 8080),
        .init(
            #"org.postgresql.util.PSQLException: Connection to orders-db:5432 refused. Check that the hostname and port are correct."#,
            .connectionRefused, host: "orders-db", port: 5432),
        .init(
            #"io.netty.channel.AbstractChannel$AnnotatedConnectException: Connection refused: no further information: redis-master/10.1.2.3:6379"#,
            .connectionRefused, host: "redis-master", port: 6379),
        .init(
            #"2026-11-23 18:39:24,433 WARN  [Producer clientId=producer-1] Connection to node -1 (kafka-0.kafka/10.4.5.6:9092) could not be established. Broker may not be available. (org.apache.kafka.clients.NetworkClient)"#,
            .connectionRefused, host: "kafka-0.kafka", port: 9092),
        .init(
            #"redis.exceptions.ConnectionError: Error 111 connecting to session-cache:6379. Connection refused."#, .connectionRefused,
            host: "session-cache", port: 6379),
        .init(
            #"psycopg2.OperationalError: connection to server at "orders-db" (10.96.7.7), port 5432 failed: Connection refused"#,
            .connectionRefused, host: "orders-db", port: 5432),
        .init(
            "psycopg2.OperationalError: could not connect to server: Connection refused\n\tIs the server running on host \"orders-db\" (10.96.7.7) and accepting\n\tTCP/IP connections on port 5432?",
            .connectionRefused, host: "orders-db", port: 5432),
        .init(
            #"pymysql.err.OperationalError: (2003, "Can't connect to MySQL server on 'shop-mysql' ([Errno 111] Connection refused)")"#,
            .connectionRefused, host: "shop-mysql"),
        .init(
            #"ERROR 2003 (HY000): Can't connect to MySQL server on 'shop-mysql:3306' (111)"#, .connectionRefused, host: "shop-mysql",
            port: 3306),
        .init(
            #"requests.exceptions.ConnectionError: HTTPConnectionPool(host='timetable-api', port=8080): Max retries exceeded with url: /api/stops (Caused by NewConnectionError('<urllib3.connection.HTTPConnection object at 0x7f00>: Failed to establish a new connection: [Errno 111] Connection refused'))"#,
            .connectionRefused, host: "timetable-api", port: 8080),
        .init(
            #"aiohttp.client_exceptions.ClientConnectorError: Cannot connect to host tax:8000 ssl:default [Connect call failed ('10.96.1.1', 8000)] [Errno 111] Connection refused"#,
            .connectionRefused, host: "tax", port: 8000),
        .init(
            #"pymongo.errors.ServerSelectionTimeoutError: mongo-0.mongo:27017: [Errno 111] Connection refused (configured timeouts: socketTimeoutMS: 20000.0ms)"#,
            .connectionRefused, host: "mongo-0.mongo", port: 27017),
        .init(
            "fail: Shop.Worker[0]\n      Call failed\n      System.Net.Http.HttpRequestException: Connection refused (price-list:8080)\n       ---> System.Net.Sockets.SocketException (111): Connection refused\n         at System.Net.Http.HttpConnectionPool.ConnectToTcpHostAsync(String host, Int32 port)",
            .connectionRefused, host: "price-list", port: 8080),
        .init(
            #"Npgsql.NpgsqlException (0x80004005): Failed to connect to 10.96.44.3:5432"#
                + "\n ---> System.Net.Sockets.SocketException (111): Connection refused", .connectionRefused, host: "10.96.44.3", port: 5432
        ),
        .init(
            #"StackExchange.Redis.RedisConnectionException: It was not possible to connect to the redis server(s). UnableToConnect on cart-redis:6379/Interactive, Initializing/NotStarted"#,
            .connectionRefused, host: "cart-redis", port: 6379),
        .init(
            #"E, [2026-11-23T18:39:24.433859 #1] ERROR -- : Errno::ECONNREFUSED: Failed to open TCP connection to seat-map:8080 (Connection refused - connect(2) for "seat-map" port 8080)"#,
            .connectionRefused, host: "seat-map", port: 8080),
        .init(#"PDOException: SQLSTATE[HY000] [2002] Connection refused"#, .connectionRefused),
        .init(
            #"Warning: stream_socket_client(): Unable to connect to tcp://queue:5672 (Connection refused)"#, .connectionRefused,
            host: "queue", port: 5672),
        .init(
            #"curl: (7) Failed to connect to config-server port 8888 after 3 ms: Connection refused"#, .connectionRefused,
            host: "config-server", port: 8888),
        .init(#"wget: can't connect to remote host (10.96.0.44): Connection refused"#, .connectionRefused, host: "10.96.0.44"),
        .init(#"nc: connect to orders-db port 5432 (tcp) failed: Connection refused"#, .connectionRefused, host: "orders-db", port: 5432),
        .init(#"Could not connect to Redis at cart-redis:6379: Connection refused"#, .connectionRefused, host: "cart-redis", port: 6379),
        .init(
            #"2026/11/23 18:39:24 [error] 7#7: *35 connect() failed (111: Connection refused) while connecting to upstream, client: 10.244.0.1, server: _, request: "GET /api/items HTTP/1.1", upstream: "http://10.96.3.3:8080/api/items", host: "shop.example.org", referrer: "https://shop.example.org/""#,
            .connectionRefused, host: "10.96.3.3", port: 8080),
        .init(
            #"error trying to connect: tcp connect error: Connection refused (os error 111) for url (http://metastore:9083/api/ping)"#,
            .connectionRefused, host: "metastore", port: 9083),
        .init(
            #"rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial tcp 10.96.9.9:50051: connect: connection refused""#,
            .connectionRefused, host: "10.96.9.9", port: 50051),
        .init(
            #"grpc._channel._InactiveRpcError: failed to connect to all addresses; last error: UNKNOWN: ipv4:10.96.9.9:50051: Failed to connect to remote host: Connection refused"#,
            .connectionRefused, host: "10.96.9.9", port: 50051),
        .init(
            #"%3|1795458772.401|FAIL|rdkafka#producer-1| [thrd:kafka:9092/bootstrap]: kafka:9092/bootstrap: Connect to ipv4#10.96.1.9:9092 failed: Connection refused (after 2ms in state CONNECT)"#,
            .connectionRefused, host: "kafka", port: 9092),
        .init(
            "ERROR: ORA-12541: TNS:no listener, connecting to jdbc:oracle:thin:@//claims-oracle:1521/CLAIMS", .connectionRefused,
            host: "claims-oracle", port: 1521),
        .init(
            "waiting for policy-db:5432: dial tcp 10.96.180.108:5432: connect: connection refused", .connectionRefused, host: "policy-db",
            port: 5432),
    ]

    static let timeouts: [SignatureCase] = [
        .init(#"dial tcp 10.96.12.7:5432: i/o timeout"#, .connectionTimeout, host: "10.96.12.7", port: 5432),
        .init(
            #"Get "http://billing:8080/invoices": context deadline exceeded (Client.Timeout exceeded while awaiting headers)"#,
            .connectionTimeout, host: "billing", port: 8080),
        .init(#"Error: connect ETIMEDOUT 10.200.7.15:443"#, .connectionTimeout, host: "10.200.7.15", port: 443),
        .init(
            #"Unable to connect to appointment-store:6379: java.net.SocketTimeoutException: Connect timed out"#, .connectionTimeout,
            host: "appointment-store", port: 6379),
        .init(
            #"org.apache.http.conn.ConnectTimeoutException: Connect to partner.example.org:443 [partner.example.org/203.0.113.7] failed: Connect timed out"#,
            .connectionTimeout, host: "partner.example.org", port: 443),
        .init(
            #"requests.exceptions.ConnectTimeout: HTTPSConnectionPool(host='api.example.org', port=443): Max retries exceeded with url: / (Caused by ConnectTimeoutError('Connection to api.example.org timed out. (connect timeout=5)'))"#,
            .connectionTimeout, host: "api.example.org", port: 443),
        .init(
            #"OSError: [Errno 113] No route to host: ('10.0.9.9', 6379) redis://10.0.9.9:6379"#, .connectionTimeout, host: "10.0.9.9",
            port: 6379),
        .init(
            #"2026/11/23 18:39:24 [error] 7#7: *9 upstream timed out (110: Operation timed out) while connecting to upstream, client: 10.244.0.1, server: _, request: "GET / HTTP/1.1", upstream: "http://cms:8080/", host: "x""#,
            .connectionTimeout, host: "cms", port: 8080),
        .init(#"MongoServerSelectionError: connection timed out, servers: mongo:27017"#, .connectionTimeout, host: "mongo", port: 27017),
        .init(
            #"curl: (28) Failed to connect to 10.3.3.3 port 80 after 130000 ms: Connection timed out"#, .connectionTimeout,
            host: "10.3.3.3", port: 80),
    ]

    static let names: [SignatureCase] = [
        .init(#"dial tcp: lookup basket-store on 10.96.0.10:53: no such host"#, .nameNotFound, host: "basket-store"),
        .init(
            #"Get "http://tsdb.weather.svc.cluster.lcoal:9090/api": dial tcp: lookup tsdb.weather.svc.cluster.lcoal on 10.96.0.10:53: no such host"#,
            .nameNotFound, host: "tsdb.weather.svc.cluster.lcoal", port: 9090),
        .init(
            "2026-11-23 18:39:24.433 ERROR 1 --- [main] c.e.App : Application run failed\norg.springframework.beans.factory.BeanCreationException: Error creating bean with name 'dataSource'\n\tat org.springframework.beans.X.create(X.java:10)\nCaused by: org.postgresql.util.PSQLException: The connection attempt failed.\n\tat org.postgresql.core.v3.ConnectionFactoryImpl.open(ConnectionFactoryImpl.java:331)\nCaused by: java.net.UnknownHostException: orders-db\n\tat java.base/sun.nio.ch.NioSocketImpl.connect(NioSocketImpl.java:567)\n\t... 41 more",
            .nameNotFound, host: "orders-db"),
        .init(#"Error: getaddrinfo ENOTFOUND cart-redis"#, .nameNotFound, host: "cart-redis"),
        .init(
            #"{"level":"error","msg":"cannot reach queue","error":"getaddrinfo ENOTFOUND rabbit.jobs"}"#, .nameNotFound, host: "rabbit.jobs"
        ),
        .init(
            #"requests.exceptions.ConnectionError: HTTPConnectionPool(host='taxx', port=8000): Max retries exceeded with url: / (Caused by NameResolutionError("<urllib3.connection.HTTPConnection object at 0x7f>: Failed to resolve 'taxx' ([Errno -2] Name or service not known)"))"#,
            .nameNotFound, host: "taxx", port: 8000),
        .init(
            #"psycopg2.OperationalError: could not translate host name "orders-dbb" to address: Name or service not known"#, .nameNotFound,
            host: "orders-dbb"),
        .init(#"curl: (6) Could not resolve host: config-servr"#, .nameNotFound, host: "config-servr"),
        .init(#"wget: bad address 'config-servr:8888'"#, .nameNotFound, host: "config-servr", port: 8888),
        .init(#"System.Net.Http.HttpRequestException: Name or service not known (pricess:80)"#, .nameNotFound, host: "pricess", port: 80),
        .init(
            #"2026/11/23 18:39:24 [emerg] 1#1: host not found in upstream "stock-api:8080" in /etc/nginx/conf.d/default.conf:12"#,
            .nameNotFound, host: "stock-api", port: 8080),
        .init(#"java.net.UnknownHostException: points-api: Name or service not known"#, .nameNotFound, host: "points-api"),
        .init(
            #"Failed to open TCP connection to seat-mapp:8080 (getaddrinfo: Name or service not known)"#, .nameNotFound, host: "seat-mapp",
            port: 8080),
        .init(
            #"PDO::__construct(): php_network_getaddresses: getaddrinfo for shop-mysql failed: Name or service not known"#, .nameNotFound,
            host: "shop-mysql"),
        .init(
            #"redis.exceptions.ConnectionError: Error -2 connecting to cart-rediss:6379. Name or service not known."#, .nameNotFound,
            host: "cart-rediss", port: 6379),
        .init(
            #"org.apache.kafka.common.config.ConfigException: Couldn't resolve server kafka-x:9092 from bootstrap.servers as DNS resolution failed for kafka-x"#,
            .nameNotFound, host: "kafka-x"),
        .init(#"dial tcp: lookup orders-db on 10.96.0.10:53: server misbehaving"#, .nameServerFailure, host: "orders-db"),
        .init(
            #"dial tcp: lookup orders-db on 10.96.0.10:53: read udp 10.244.1.7:41234->10.96.0.10:53: i/o timeout"#, .nameServerFailure,
            host: "orders-db"),
        .init(#"Error: getaddrinfo EAI_AGAIN orders-db"#, .nameServerFailure, host: "orders-db"),
        .init(
            #"psycopg2.OperationalError: could not translate host name "orders-db" to address: Temporary failure in name resolution"#,
            .nameServerFailure, host: "orders-db"),
    ]

    static let transport: [SignatureCase] = [
        .init(
            #"Get "https://vault:8200/v1/sys/health": tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-11-23T18:00:00Z is after 2026-11-01T00:00:00Z"#,
            .certificateInvalid, host: "vault", port: 8200, name: "expired"),
        .init(
            #"Post "https://hooks:8443/": x509: certificate signed by unknown authority"#, .certificateInvalid, host: "hooks", port: 8443,
            name: "untrusted"),
        .init(
            #"javax.net.ssl.SSLHandshakeException: PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid certification path to requested target"#,
            .certificateInvalid, name: "untrusted"),
        .init(
            #"Error: certificate has expired { code: 'CERT_HAS_EXPIRED' } https://vault:8200/"#, .certificateInvalid, host: "vault",
            port: 8200, name: "expired"),
        .init(
            #"requests.exceptions.SSLError: HTTPSConnectionPool(host='vault', port=8200): Max retries exceeded with url: / (Caused by SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate (_ssl.c:1000)')))"#,
            .certificateInvalid, host: "vault", port: 8200, name: "untrusted"),
        .init(
            #"System.Security.Authentication.AuthenticationException: The remote certificate is invalid because of errors in the certificate chain: NotTimeValid, RemoteCertificateChainErrors"#,
            .certificateInvalid),
        .init(#"Get "https://cart:8080/": http: server gave HTTP response to HTTPS client"#, .protocolMismatch, host: "cart", port: 8080),
        .init(
            #"read tcp 10.244.1.9:41234->10.96.3.3:5432: read: connection reset by peer"#, .connectionLost, host: "10.96.3.3", port: 5432),
        .init(
            #"2026/11/23 18:39:24 [error] 7#7: *2 upstream prematurely closed connection while reading response header from upstream, client: 10.1.1.1, server: _, request: "GET / HTTP/1.1", upstream: "http://10.2.3.4:8080/", host: "a""#,
            .connectionLost, host: "10.2.3.4", port: 8080),
        .init(#"listen tcp 0.0.0.0:80: bind: permission denied"#, .privilegedPort, port: 80),
        .init(#"Error: listen EACCES: permission denied 0.0.0.0:80"#, .privilegedPort, port: 80),
        .init(#"2026/11/23 18:39:24 [emerg] 1#1: bind() to 0.0.0.0:80 failed (13: Permission denied)"#, .privilegedPort, port: 80),
        .init(#"java.net.BindException: Permission denied (Bind failed) binding to 0.0.0.0:443"#, .privilegedPort, port: 443),
        .init(#"listen tcp :8080: bind: address already in use"#, .addressInUse, port: 8080),
        .init(#"Error: listen EADDRINUSE: address already in use :::3000"#, .addressInUse, port: 3000),
        .init(
            #"[Errno 98] error while attempting to bind on address ('0.0.0.0', 8000): address already in use"#, .addressInUse, port: 8000),
        .init(
            "***************************\nAPPLICATION FAILED TO START\n***************************\n\nDescription:\n\nWeb server failed to start. Port 8080 was already in use.",
            .addressInUse, port: 8080),
        .init(#"System.IO.IOException: Failed to bind to address http://[::]:8080: address already in use."#, .addressInUse, port: 8080),
        .init(
            #"1:M 23 Nov 2026 18:39:24.100 # Warning: Could not create server TCP listening socket *:6379: bind: Address already in use"#,
            .addressInUse, port: 6379),
        .init(#"Address already in use - bind(2) for "0.0.0.0" port 3000 (Errno::EADDRINUSE)"#, .addressInUse, port: 3000),
        .init(#"dial tcp 10.96.3.3:5432: connect: cannot assign requested address"#, .addressUnavailable),
    ]
}
