/// Requests that must be refused, each with the status it deserves.
enum BadRequestTable {
    private static let incident = "/api/v1/incidents/123e4567-e89b-12d3-a456-426614174000"

    static let all = bodies + members + types + ids + methods + paths + protocolAbuse

    private static let bodies: [BadRequest] = [
        .body("no body", ""),
        .body("an open brace", "{"),
        .body("a string that does not end", "{\"description\": \"x"),
        .body("null", "null"),
        .body("an array", "[{\"description\": \"x\"}]"),
        .body("a string", "\"cart is down\""),
        .body("a number", "42"),
        .body("single quotes", "{'description': 'x'}"),
        .body("NaN", "{\"description\": NaN}"),
        .body("a comment", "{\"description\": \"x\" /* why */}"),
        .body("a trailing comma", "{\"description\": \"x\",}"),
        .body("two documents", "{\"description\": \"x\"}{\"description\": \"y\"}"),
        .body("garbage behind the document", "{\"description\": \"x\"} rubbish"),
        .body("half a surrogate pair", "{\"description\": \"\\ud800\"}"),
        .body("bad UTF-8 in a string", Array("{\"description\": \"".utf8) + [0xC3, 0x28, 0xFF] + Array("\"}".utf8)),
        .body("UTF-16", [0xFF, 0xFE, 0x7B, 0x00, 0x7D, 0x00]),
        .body("NUL bytes", [UInt8](repeating: 0, count: 64)),
        .body("a raw control character in a string", "{\"description\": \"a\u{1}b\"}"),
        .body("arrays 5,000 deep", String(repeating: "[", count: 5_000) + String(repeating: "]", count: 5_000)),
        .body("objects 100,000 deep", String(repeating: "{\"a\":", count: 100_000) + "1" + String(repeating: "}", count: 100_000)),
        .body("more than 1 MiB", "{\"description\": \"" + String(repeating: "a", count: 1_048_576) + "\"}", 413),
        .raw(
            "a length beyond the limit, announced only",
            "POST /api/v1/incidents HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 99999999999\r\n\r\n{}", 413),
        .raw(
            "chunks of more than 1 MiB",
            "POST /api/v1/incidents HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                + String(repeating: "10000\r\n" + String(repeating: " ", count: 65_536) + "\r\n", count: 17) + "0\r\n\r\n", 413),
    ]

    private static let members: [BadRequest] = [
        .body("no description", "{}"),
        .body("description null", "{\"description\": null}"),
        .body("description a number", "{\"description\": 7}"),
        .body("description true", "{\"description\": true}"),
        .body("description an array", "{\"description\": [\"x\"]}"),
        .body("description an object", "{\"description\": {\"text\": \"x\"}}"),
        .body("description empty", "{\"description\": \"\"}"),
        .body("description blank", "{\"description\": \" \\n\\t\\u00a0\\u2003 \"}"),
        .body("description of control characters", "{\"description\": \"\\u0000\\u001b\\u0007\"}"),
        .body("description over 64 KiB", "{\"description\": \"" + String(repeating: "ä", count: 32_769) + "\"}"),
        .body("description under another case", "{\"Description\": \"x\"}"),
        .body("namespace a number", "{\"description\": \"x\", \"namespace\": 1}"),
        .body("namespace empty", "{\"description\": \"x\", \"namespace\": \"\"}"),
        .body("namespace in capitals", "{\"description\": \"x\", \"namespace\": \"Shop\"}"),
        .body("namespace a path", "{\"description\": \"x\", \"namespace\": \"../kube-system\"}"),
        .body("namespace percent-encoded", "{\"description\": \"x\", \"namespace\": \"a%2Fb\"}"),
        .body("namespace too long", "{\"description\": \"x\", \"namespace\": \"" + String(repeating: "a", count: 64) + "\"}"),
        .body("cluster an object", "{\"description\": \"x\", \"cluster\": {}}"),
        .body("cluster empty", "{\"description\": \"x\", \"cluster\": \"\"}"),
        .body("cluster with an escape sequence", "{\"description\": \"x\", \"cluster\": \"a\\u001b[31m\"}"),
        .body("labels an array", "{\"description\": \"x\", \"labels\": [\"a\"]}"),
        .body("labels of numbers", "{\"description\": \"x\", \"labels\": {\"a\": 1}}"),
        .body("labels without name", "{\"description\": \"x\", \"labels\": {\"\": \"a\"}}"),
        .body("a label too long", "{\"description\": \"x\", \"labels\": {\"a\": \"" + String(repeating: "b", count: 1_025) + "\"}}"),
        .body(
            "too many labels",
            "{\"description\": \"x\", \"labels\": {" + (0..<65).map { "\"l\($0)\": \"\"" }.joined(separator: ",") + "}}"),
    ]

    private static let types: [BadRequest] = [
        .body("no content type", "{\"description\": \"x\"}", 415, type: nil),
        .body("an empty content type", "{\"description\": \"x\"}", 415, type: ""),
        .body("plain text", "{\"description\": \"x\"}", 415, type: "text/plain"),
        .body("a form", "description=x", 415, type: "application/x-www-form-urlencoded"),
        .body("a multipart form", "--b\r\n\r\nx\r\n--b--", 415, type: "multipart/form-data; boundary=b"),
        .body("almost JSON", "{\"description\": \"x\"}", 415, type: "application/jsonx"),
        .body("JSON in UTF-16", "{\"description\": \"x\"}", 415, type: "application/json; charset=utf-16"),
        .body("a compressed body", [0x1F, 0x8B, 0x08, 0x00], 415, headers: "Content-Encoding: gzip\r\n"),
    ]

    private static let ids: [BadRequest] = [
        .line("an id that is a word", "GET", "/api/v1/incidents/abc", 400),
        .line("an id one digit short", "GET", "/api/v1/incidents/123e4567-e89b-12d3-a456-42661417400", 400),
        .line("an id in braces", "GET", "/api/v1/incidents/%7B123e4567-e89b-12d3-a456-426614174000%7D", 400),
        .line("an id with a NUL", "GET", incident + "%00", 400),
        .line("an id that climbs", "GET", "/api/v1/incidents/..", 400),
        .line("an id that climbs, encoded", "GET", "/api/v1/incidents/..%2F..%2Fetc%2Fpasswd", 400),
        .line("an id that climbs, encoded twice", "GET", "/api/v1/incidents/%252e%252e%252f", 400),
        .line("an id with bad UTF-8", "GET", "/api/v1/incidents/%C3%28", 400),
        .line("an id of 8,000 characters", "GET", "/api/v1/incidents/" + String(repeating: "a", count: 8_000), 400),
        .line("an id that is a query", "GET", "/api/v1/incidents/'%20OR%20'1'='1", 400),
        .line("an unknown id", "GET", incident, 404),
        .line("the journal of an unknown id", "GET", incident + "/journal", 404),
        .line("the report of an unknown id", "GET", incident + "/report.md", 404),
        .line("the journal of no id", "GET", "/api/v1/incidents/x/journal", 400),
        .line("after a word", "GET", incident + "/journal?after=x", 400),
        .line("after a negative number", "GET", incident + "/journal?after=-1", 400),
        .line("after a huge number", "GET", incident + "/journal?after=99999999999999999999", 400),
        .line("a limit of 0", "GET", "/api/v1/incidents?limit=0", 400),
        .line("a limit beyond the most", "GET", "/api/v1/incidents?limit=201", 400),
        .line("a limit in scientific notation", "GET", "/api/v1/incidents?limit=1e1", 400),
        .line("an empty limit", "GET", "/api/v1/incidents?limit=", 400),
    ]

    private static let methods: [BadRequest] = [
        .line("DELETE of the incidents", "DELETE", "/api/v1/incidents", 405),
        .line("PUT of the incidents", "PUT", "/api/v1/incidents", 405, headers: "Content-Length: 0\r\n"),
        .line("PATCH of an incident", "PATCH", incident, 405),
        .line("POST to an incident", "POST", incident, 405, headers: "Content-Length: 0\r\n"),
        .line("POST to health", "POST", "/health", 405, headers: "Content-Length: 0\r\n"),
        .line("TRACE", "TRACE", "/health", 405),
        .line("OPTIONS that is no preflight", "OPTIONS", "/api/v1/incidents", 405),
        .line("a WebDAV method", "PROPFIND", "/api/v1/incidents", 405),
        .line("a method that does not exist", "FOO", "/health", 400),
        .line("a method in lower case", "get", "/health", 400),
    ]

    private static let paths: [BadRequest] = [
        .line("the root", "GET", "/", 404),
        .line("nothing there", "GET", "/api/v2/incidents", 404),
        .line("a file of the system", "GET", "/../../../../etc/passwd", 404),
        .line("a file of the system, encoded", "GET", "/%2e%2e/%2e%2e/etc/passwd", 404),
        .line("a host in the path", "GET", "//evil.example.com/health/x", 404),
        .line("an encoded slash in a fixed part", "GET", "/api%2Fv1%2Fincidents", 404),
        .line("a path that turns back", "GET", "/api/v1/incidents/../../../health", 404),
        .line("a backslash", "GET", "/api\\v1\\incidents", 404),
        .line("another case", "GET", "/API/V1/INCIDENTS", 404),
        .line("too deep", "GET", "/" + String(repeating: "a/", count: 2_000), 404),
    ]

    private static let protocolAbuse: [BadRequest] = [
        .raw("no HTTP at all", "hello?\r\n\r\n", 400),
        .raw("binary rubbish", [0x00, 0x01, 0x02, 0xFF, 0xFE, 0x0D, 0x0A, 0x0D, 0x0A], 400),
        .raw("a TLS hello", [0x16, 0x03, 0x01, 0x00, 0x05, 0x01, 0x00, 0x00, 0x01, 0x03, 0x0D, 0x0A], 400),
        .raw("a version from the future", "GET /health HTTP/9.9\r\nHost: h\r\n\r\n", 400),
        .raw("a header without colon", "GET /health HTTP/1.1\r\nHost: h\r\nnonsense\r\n\r\n", 400),
        .raw("a space before the colon", "GET /health HTTP/1.1\r\nHost : h\r\n\r\n", 400),
        .raw("a header name that is no token", "GET /health HTTP/1.1\r\nHost: h\r\nX(y): z\r\n\r\n", 400),
        .raw("a NUL in a header", "GET /health HTTP/1.1\r\nHost: h\r\nX-A: a\u{0}b\r\n\r\n", 400),
        .line("a header of 40 KB", "GET", "/health", 431, headers: "X-Large: " + String(repeating: "a", count: 40_000) + "\r\n"),
        .line("2,000 headers", "GET", "/health", 431, headers: (0..<2_000).map { "X-\($0): a\r\n" }.joined()),
        .raw("a length that is a word", "POST /api/v1/incidents HTTP/1.1\r\nHost: h\r\nContent-Length: ten\r\n\r\n", 400),
        .raw("a negative length", "POST /api/v1/incidents HTTP/1.1\r\nHost: h\r\nContent-Length: -5\r\n\r\n", 400),
        .raw("two lengths", "POST /api/v1/incidents HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}", 400),
        .raw(
            "a length and chunks",
            "POST /api/v1/incidents HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        .raw(
            "a chunk size that is no number",
            "POST /api/v1/incidents HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n{}\r\n",
            400),
        .raw(
            "a body that breaks off",
            "POST /api/v1/incidents HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"desc", 400,
            closesSending: true),
        .raw("a head that breaks off", "GET /health HTTP/1.1\r\nHost: h\r\nX-Unfinished: ", 400, closesSending: true),
    ]
}
