import TestSupport

/// Requests that the agent must refuse, each with the status it deserves.
enum BadAgentRequests {
    private static let evidence = "/api/v1/evidence"
    private static let pod = "/api/v1/pods/shop/cart"

    static let all =
        BadRequest.brokenBodies(postedTo: evidence) + members + types + names + queries + methods + paths
        + BadRequest.protocolAbuse(postingTo: evidence)

    private static let members: [BadRequest] = [
        .body("namespaces a string", to: evidence, "{\"namespaces\": \"shop\"}"),
        .body("namespaces of numbers", to: evidence, "{\"namespaces\": [1]}"),
        .body("a namespace that climbs", to: evidence, "{\"namespaces\": [\"../kube-system\"]}"),
        .body("a namespace in capitals", to: evidence, "{\"namespaces\": [\"Shop\"]}"),
        .body("a subject that is a string", to: evidence, "{\"subject\": \"Pod/cart\"}"),
        .body("a subject without kind", to: evidence, "{\"subject\": {\"name\": \"cart\"}}"),
        .body("a subject without name", to: evidence, "{\"subject\": {\"kind\": \"Pod\"}}"),
        .body(
            "a subject whose name climbs", to: evidence, "{\"subject\": {\"kind\": \"Pod\", \"namespace\": \"shop\", \"name\": \"../x\"}}"),
        .body("a subject whose name ends a line", to: evidence, "{\"subject\": {\"kind\": \"Pod\", \"name\": \"a\\r\\nX: y\"}}"),
    ]

    private static let types: [BadRequest] = [
        .body("no content type", to: evidence, "{}", 415, type: nil),
        .body("an empty content type", to: evidence, "{}", 415, type: ""),
        .body("plain text", to: evidence, "{}", 415, type: "text/plain"),
        .body("a form", to: evidence, "namespaces=shop", 415, type: "application/x-www-form-urlencoded"),
        .body("almost JSON", to: evidence, "{}", 415, type: "application/jsonx"),
    ]

    private static let names: [BadRequest] = [
        .line("a pod that climbs", "GET", "/api/v1/pods/shop/..%2F..%2Fetc", 400),
        .line("a pod that climbs, encoded", "GET", "/api/v1/pods/shop/%2e%2e", 400),
        .line("a namespace with an encoded slash", "GET", "/api/v1/pods/..%2Fx/cart", 400),
        .line("a namespace in capitals", "GET", "/api/v1/pods/SHOP/cart", 400),
        .line("a pod with a NUL", "GET", pod + "%00", 400),
        .line("a pod that ends a line", "GET", pod + "%0d%0aX:1", 400),
        .line("a pod that begins with a dash", "GET", "/api/v1/pods/shop/-cart", 400),
        .line("a pod with letters that no name has", "GET", "/api/v1/pods/shop/c%C3%A4rt", 400),
        .line("a pod with bad UTF-8", "GET", "/api/v1/pods/shop/%C3%28", 400),
        .line("a pod of 8,000 characters", "GET", "/api/v1/pods/shop/" + String(repeating: "a", count: 8_000), 400),
        .line("a pod that is not there", "GET", "/api/v1/pods/shop/ghost", 404),
        .line("the log of a pod that is not there", "GET", "/api/v1/pods/shop/ghost/logs", 404),
    ]

    private static let queries: [BadRequest] = [
        .line("a container that climbs", "GET", pod + "/logs?container=..%2Fx", 400),
        .line("a tail of 0", "GET", pod + "/logs?tail=0", 400),
        .line("a negative tail", "GET", pod + "/logs?tail=-1", 400),
        .line("a tail beyond the most", "GET", pod + "/logs?tail=1000000", 400),
        .line("a tail that is a word", "GET", pod + "/logs?tail=ten", 400),
        .line("an empty tail", "GET", pod + "/logs?tail=", 400),
        .line("previous as maybe", "GET", pod + "/logs?previous=maybe", 400),
        .line("since yesterday", "GET", pod + "/logs?since=yesterday", 400),
        .line("since a time to come", "GET", pod + "/logs?since=-5m", 400),
    ]

    private static let methods: [BadRequest] = [
        .line("DELETE of a pod", "DELETE", pod, 405),
        .line("PUT of a pod", "PUT", pod, 405, headers: "Content-Length: 0\r\n"),
        .line("PATCH of a pod", "PATCH", pod, 405),
        .line("POST to a log", "POST", pod + "/logs", 405, headers: "Content-Length: 0\r\n"),
        .line("GET of the evidence", "GET", evidence, 405),
        .line("TRACE", "TRACE", "/health", 405),
        .line("a WebDAV method", "PROPFIND", pod, 405),
        .line("a method that does not exist", "FOO", "/health", 400),
    ]

    private static let paths: [BadRequest] = [
        .line("the root", "GET", "/", 404),
        .line("nothing there", "GET", "/api/v2/pods", 404),
        .line("a path of the Kubernetes API", "GET", "/api/v1/namespaces/shop/secrets", 404),
        .line("a file of the system", "GET", "/../../../../etc/passwd", 404),
        .line("a host in the path", "GET", "//evil.example.com/health/x", 404),
        .line("an encoded slash in a fixed part", "GET", "/api%2Fv1%2Finventory", 404),
        .line("too deep", "GET", "/" + String(repeating: "a/", count: 2_000), 404),
    ]
}
