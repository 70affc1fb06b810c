import TestSupport

/// Requests that must be refused, each with the status it deserves.
enum BadRequestTable {
    private static let incidents = "/api/v1/incidents"
    private static let incident = "/api/v1/incidents/123e4567-e89b-12d3-a456-426614174000"

    static let all =
        BadRequest.brokenBodies(postedTo: incidents) + members + types + ids + methods + paths
        + BadRequest.protocolAbuse(postingTo: incidents)

    private static let members: [BadRequest] = [
        .body("no description", to: incidents, "{}"),
        .body("description null", to: incidents, "{\"description\": null}"),
        .body("description a number", to: incidents, "{\"description\": 7}"),
        .body("description true", to: incidents, "{\"description\": true}"),
        .body("description an array", to: incidents, "{\"description\": [\"x\"]}"),
        .body("description an object", to: incidents, "{\"description\": {\"text\": \"x\"}}"),
        .body("description empty", to: incidents, "{\"description\": \"\"}"),
        .body("description blank", to: incidents, "{\"description\": \" \\n\\t\\u00a0\\u2003 \"}"),
        .body("description of control characters", to: incidents, "{\"description\": \"\\u0000\\u001b\\u0007\"}"),
        .body("description over 64 KiB", to: incidents, "{\"description\": \"" + String(repeating: "ä", count: 32_769) + "\"}"),
        .body("description under another case", to: incidents, "{\"Description\": \"x\"}"),
        .body("namespace a number", to: incidents, "{\"description\": \"x\", \"namespace\": 1}"),
        .body("namespace empty", to: incidents, "{\"description\": \"x\", \"namespace\": \"\"}"),
        .body("namespace in capitals", to: incidents, "{\"description\": \"x\", \"namespace\": \"Shop\"}"),
        .body("namespace a path", to: incidents, "{\"description\": \"x\", \"namespace\": \"../kube-system\"}"),
        .body("namespace percent-encoded", to: incidents, "{\"description\": \"x\", \"namespace\": \"a%2Fb\"}"),
        .body(
            "namespace too long", to: incidents, "{\"description\": \"x\", \"namespace\": \"" + String(repeating: "a", count: 64) + "\"}"),
        .body("cluster an object", to: incidents, "{\"description\": \"x\", \"cluster\": {}}"),
        .body("cluster empty", to: incidents, "{\"description\": \"x\", \"cluster\": \"\"}"),
        .body("cluster with an escape sequence", to: incidents, "{\"description\": \"x\", \"cluster\": \"a\\u001b[31m\"}"),
        .body("labels an array", to: incidents, "{\"description\": \"x\", \"labels\": [\"a\"]}"),
        .body("labels of numbers", to: incidents, "{\"description\": \"x\", \"labels\": {\"a\": 1}}"),
        .body(
            "a label too long", to: incidents,
            "{\"description\": \"x\", \"labels\": {\"a\": \"" + String(repeating: "b", count: 1_025) + "\"}}"),
        .body(
            "too many labels", to: incidents,
            "{\"description\": \"x\", \"labels\": {" + (0..<65).map { "\"l\($0)\": \"\"" }.joined(separator: ",") + "}}"),
    ]

    private static let types: [BadRequest] = [
        .body("no content type", to: incidents, "{\"description\": \"x\"}", 415, type: nil),
        .body("an empty content type", to: incidents, "{\"description\": \"x\"}", 415, type: ""),
        .body("plain text", to: incidents, "{\"description\": \"x\"}", 415, type: "text/plain"),
        .body("a form", to: incidents, "description=x", 415, type: "application/x-www-form-urlencoded"),
        .body("a multipart form", to: incidents, "--b\r\n\r\nx\r\n--b--", 415, type: "multipart/form-data; boundary=b"),
        .body("almost JSON", to: incidents, "{\"description\": \"x\"}", 415, type: "application/jsonx"),
        .body("JSON in UTF-16", to: incidents, "{\"description\": \"x\"}", 415, type: "application/json; charset=utf-16"),
        .body("a compressed body", to: incidents, [0x1F, 0x8B, 0x08, 0x00], 415, headers: "Content-Encoding: gzip\r\n"),
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
        .line("no status", "GET", "/api/v1/incidents?status=", 400),
        .line("a status that does not exist", "GET", "/api/v1/incidents?status=done", 400),
        .line("a cause that does not exist", "GET", "/api/v1/incidents?cause=BadLuck", 400),
        .line("a time that is none", "GET", "/api/v1/incidents?created_from=yesterday", 400),
        .line("a cursor that is none", "GET", "/api/v1/incidents?cursor=-1", 400),
        .line("a cursor that is SQL", "GET", "/api/v1/incidents?cursor=1%20OR%201=1", 400),
        .line("a filter that does not exist", "GET", "/api/v1/incidents?stauts=failed", 400),
        .line("events of an unknown id", "GET", incident + "/events", 404),
        .line("cancelling an unknown id", "POST", incident + "/cancel", 404, headers: "Content-Length: 0\r\n"),
        .body("reviewing an unknown id", to: incident + "/review", "{\"decision\": \"accepted\"}", 404, method: "PATCH"),
        .body("a review without decision", to: incident + "/review", "{}", 400, method: "PATCH"),
        .body("a decision that does not exist", to: incident + "/review", "{\"decision\": \"maybe\"}", 400, method: "PATCH"),
        .body("a review that is a word", to: incident + "/review", "\"accepted\"", 400, method: "PATCH"),
        .body("a comment that is a number", to: incident + "/review", "{\"decision\": \"accepted\", \"comment\": 7}", 400, method: "PATCH"),
        .body("an empty Idempotency-Key", to: incidents, "{\"description\": \"x\"}", 400, headers: "Idempotency-Key: \r\n"),
        .body("an Idempotency-Key with blanks", to: incidents, "{\"description\": \"x\"}", 400, headers: "Idempotency-Key: a b\r\n"),
        .body(
            "an Idempotency-Key of 256 bytes", to: incidents, "{\"description\": \"x\"}", 400,
            headers: "Idempotency-Key: " + String(repeating: "k", count: 256) + "\r\n"),
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
}
