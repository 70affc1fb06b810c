import Testing

@testable import Correlation

@Suite struct StackTraceTests {
    @Test func `the deepest Java cause decides, with the first own frame of it`() throws {
        let found = try first(
            """
            2026-11-23 18:39:24.433 ERROR 1 --- [           main] o.s.boot.SpringApplication : Application run failed
            java.lang.IllegalStateException: Failed to execute ApplicationRunner
            \tat org.springframework.boot.SpringApplication.callRunner(SpringApplication.java:798)
            \tat com.example.pricing.Main.main(Main.java:22)
            Caused by: java.lang.NullPointerException: Cannot invoke "Rule.base()" because "rule" is null
            \tat java.base/java.util.ArrayList.forEach(ArrayList.java:1596)
            \tat com.example.pricing.RuleTable.index(RuleTable.java:118)
            \t... 7 more
            """)
        #expect(found.signature == .uncaughtException)
        #expect(found.name == "java.lang.NullPointerException")
        #expect(found.detail == #"NullPointerException: Cannot invoke "Rule.base()" because "rule" is null"#)
        #expect(found.frame == "com.example.pricing.RuleTable.index(RuleTable.java:118)")
        #expect(found.isFatal)
        #expect(found.line.text.hasPrefix("Caused by: java.lang.NullPointerException"))
    }

    @Test func `a deepest cause without known words gives way to one that has them`() throws {
        let found = try first(
            """
            Exception in thread "main" org.springframework.data.redis.RedisConnectionFailureException: Unable to connect to cart-redis:6379; connection refused
            \tat com.example.Cart.main(Cart.java:9)
            Caused by: java.util.concurrent.CompletionException: null
            \t... 3 more
            """)
        #expect(found.signature == .connectionRefused)
        #expect(found.host == "cart-redis")
    }

    @Test func `a Python error raised from another is about the first`() throws {
        let found = try first(
            """
            Traceback (most recent call last):
              File "/usr/lib/python3.12/site-packages/redis/connection.py", line 264, in connect
                sock = self._connect()
            ConnectionRefusedError: [Errno 111] Connection refused

            The above exception was the direct cause of the following exception:

            Traceback (most recent call last):
              File "/app/worker.py", line 12, in <module>
                queue.open("redis://jobs:6379/0")
            app.errors.StartupError: cannot open queue redis://jobs:6379/0
            """)
        #expect(found.signature == .connectionRefused)
        #expect(found.host == "jobs")
        #expect(found.port == 6379)
        #expect(found.isFatal)
    }

    @Test func `a Python error raised while handling another is about the last`() throws {
        let found = try first(
            """
            Traceback (most recent call last):
              File "/app/cache.py", line 3, in get
                return self.items["PRICE_LIST"]
            KeyError: 'PRICE_LIST'

            During handling of the above exception, another exception occurred:

            Traceback (most recent call last):
              File "/app/main.py", line 64, in <module>
                main()
              File "/app/transform.py", line 133, in normalise
                return (x - lo) / (hi - lo)
            ZeroDivisionError: float division by zero
            """)
        #expect(found.signature == .uncaughtException)
        #expect(found.detail == "ZeroDivisionError: float division by zero")
        #expect(found.frame == "/app/transform.py:133 in normalise")
    }

    @Test func `a Python error raised while a dependency failed is about the dependency`() throws {
        let found = try first(
            """
            Traceback (most recent call last):
              File "/app/queue.py", line 8, in open
                sock.connect(address)
            ConnectionRefusedError: [Errno 111] Connection refused

            During handling of the above exception, another exception occurred:

            Traceback (most recent call last):
              File "/app/main.py", line 12, in <module>
                raise StartupError("no queue at jobs:6379")
            app.errors.StartupError: no queue at jobs:6379
            """)
        #expect(found.signature == .connectionRefused)
        #expect(found.host == "jobs")
    }

    @Test func `a lower case key that is missing in a map is no setting`() throws {
        let found = try first(
            "Traceback (most recent call last):\n  File \"/app/a.py\", line 3, in get\n    x[\"price\"]\nKeyError: 'price'")
        #expect(found.signature == .uncaughtException)
        #expect(found.name == "KeyError")
    }

    @Test func `a Go panic names its first own frame`() throws {
        let found = try first(
            """
            panic: runtime error: index out of range [3] with length 3

            goroutine 41 [running]:
            runtime.gopanic({0x1, 0x2})
            \t/usr/local/go/src/runtime/panic.go:770 +0x132
            github.com/example/bidder/auction.(*Ranker).Top(0xc0001a2000, 0x4)
            \t/src/auction/ranker.go:87 +0x1d4
            created by github.com/example/bidder/auction.(*Loop).Start in goroutine 1
            exit status 2
            """)
        #expect(found.signature == .panic)
        #expect(found.frame == "/src/auction/ranker.go:87")
        #expect(found.detail == "panic: runtime error: index out of range [3] with length 3")
    }

    @Test func `a Go panic over an error is about the error`() throws {
        let found = try first(
            "panic: dial tcp: lookup orders-db on 10.96.0.10:53: no such host\n\ngoroutine 1 [running]:\nmain.main()\n\t/src/main.go:9 +0x1"
        )
        #expect(found.signature == .nameNotFound)
        #expect(found.host == "orders-db")
        #expect(found.frame == "/src/main.go:9")
    }

    @Test func `a Rust panic has its message on the next line`() throws {
        let found = try first(
            "thread 'main' panicked at src/config.rs:12:5:\nindex out of bounds: the len is 3\nnote: run with `RUST_BACKTRACE=1` environment variable to display a backtrace"
        )
        #expect(found.signature == .panic || found.signature == .uncaughtException)
        #expect(found.detail?.contains("index out of bounds") == true)
        #expect(found.isFatal)
    }

    @Test func `a Node error follows its source line`() throws {
        let found = try first(
            """
            /app/config.js:14
              throw new TypeError(`bad ${name}`);
              ^

            TypeError: Cannot read properties of undefined (reading 'url')
                at load (/app/config.js:14:9)
                at Module._compile (node:internal/modules/cjs/loader:1376:14)

            Node.js v20.11.1
            """)
        #expect(found.signature == .uncaughtException)
        #expect(found.name == "TypeError")
        #expect(found.frame == "load (/app/config.js:14:9)")
    }

    @Test func `a Node error with a cause is about the cause`() throws {
        let found = try first(
            """
            TypeError: fetch failed
                at node:internal/deps/undici/undici:12500:13
                at async start (/app/server.js:9:3) {
              [cause]: Error: getaddrinfo ENOTFOUND orders-api
                  at GetAddrInfoReqWrap.onlookup (node:dns:109:26) {
                errno: -3008,
                code: 'ENOTFOUND'
              }
            }
            """)
        #expect(found.signature == .nameNotFound)
        #expect(found.host == "orders-api")
    }

    @Test func `a .NET inner exception decides`() throws {
        let found = try first(
            """
            Unhandled exception. System.AggregateException: One or more errors occurred.
             ---> System.IO.IOException: Read-only file system : '/app/data'
               at System.IO.FileSystem.CreateDirectory(String fullPath)
               at Shop.Store.Open(String path) in /src/Store.cs:line 31
               --- End of inner exception stack trace ---
               at Shop.Program.Main(String[] args) in /src/Program.cs:line 9
            """)
        #expect(found.signature == .readOnlyFileSystem)
        #expect(found.path == "/app/data")
        #expect(found.frame?.contains("/src/Store.cs:line 31") == true)
    }

    @Test func `a Ruby error has type and message`() throws {
        let found = try first(
            "/app/server.rb:12:in `total': undefined method `*' for nil (NoMethodError)\n\tfrom /app/server.rb:30:in `<main>'")
        #expect(found.signature == .uncaughtException)
        #expect(found.detail == "NoMethodError: undefined method `*' for nil")
    }

    @Test func `a stack inside a JSON line is read as one`() throws {
        let text =
            #"{"level":60,"time":1795458772401,"msg":"startup failed","err":{"type":"Error","message":"boot","stack":"Error: boot\n    at start (/app/main.js:3:9)\nCaused by: Error: connect ECONNREFUSED 10.0.4.9:6379"}}"#
        let found = try first(text)
        #expect(found.signature == .connectionRefused)
        #expect(found.host == "10.0.4.9")
        #expect(found.isFatal)
    }

    @Test func `an exception that was logged and survived is not fatal`() throws {
        var lines = [
            "2026-11-23T18:00:00Z ERROR handler failed", "2026-11-23T18:00:00Z java.lang.IllegalStateException: odd cart",
            "2026-11-23T18:00:00Z \tat com.example.Cart.add(Cart.java:7)",
        ]
        lines += (1...8).map { "2026-11-23T18:0\($0):00Z INFO order \($0) stored" }
        let found = try first(lines.joined(separator: "\n"))
        #expect(found.signature == .loggedException)
        #expect(!found.isFatal)
        #expect(found.isRecovered)
    }

    @Test func `lines buffered before a crash and written after it change nothing`() throws {
        let found = try first(
            """
            2026-11-23T18:39:24.433833518Z 2026-11-23 18:39:24.433 ERROR 1 --- [main] c.e.App : Application run failed
            2026-11-23T18:39:24.433859428Z java.lang.IllegalStateException: no rules
            2026-11-23T18:39:24.433863103Z \tat com.example.App.main(App.java:22)
            2026-11-23T18:39:24.433894219Z 2026-11-23 18:39:24.432  INFO 1 --- [main] c.e.App : Warming up
            """)
        #expect(found.signature == .uncaughtException)
        #expect(found.isFatal)
    }

    private func first(_ text: String) throws -> LogFinding {
        try #require(LogReading(text, now: logTestTime).findings.first)
    }
}
