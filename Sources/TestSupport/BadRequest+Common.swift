extension BadRequest {
    /// Bodies that are no JSON object of a request, or too large, posted to a path that takes one.
    public static func brokenBodies(postedTo path: String) -> [BadRequest] {
        [
            .body("no body", to: path, ""),
            .body("an open brace", to: path, "{"),
            .body("a string that does not end", to: path, "{\"description\": \"x"),
            .body("null", to: path, "null"),
            .body("an array", to: path, "[{\"description\": \"x\"}]"),
            .body("a string", to: path, "\"cart is down\""),
            .body("a number", to: path, "42"),
            .body("single quotes", to: path, "{'description': 'x'}"),
            .body("NaN", to: path, "{\"description\": NaN}"),
            .body("a comment", to: path, "{\"description\": \"x\" /* why */}"),
            .body("a trailing comma", to: path, "{\"description\": \"x\",}"),
            .body("two documents", to: path, "{\"description\": \"x\"}{\"description\": \"y\"}"),
            .body("garbage behind the document", to: path, "{\"description\": \"x\"} rubbish"),
            .body("half a surrogate pair", to: path, "{\"description\": \"\\ud800\"}"),
            .body("bad UTF-8 in a string", to: path, Array("{\"description\": \"".utf8) + [0xC3, 0x28, 0xFF] + Array("\"}".utf8)),
            .body("UTF-16", to: path, [0xFF, 0xFE, 0x7B, 0x00, 0x7D, 0x00]),
            .body("NUL bytes", to: path, [UInt8](repeating: 0, count: 64)),
            .body("a raw control character in a string", to: path, "{\"description\": \"a\u{1}b\"}"),
            .body("arrays 5,000 deep", to: path, String(repeating: "[", count: 5_000) + String(repeating: "]", count: 5_000)),
            .body(
                "objects 100,000 deep", to: path,
                String(repeating: "{\"a\":", count: 100_000) + "1" + String(repeating: "}", count: 100_000)),
            .body("more than 1 MiB", to: path, "{\"description\": \"" + String(repeating: "a", count: 1_048_576) + "\"}", 413),
            .raw(
                "a length beyond the limit, announced only",
                "POST \(path) HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 99999999999\r\n\r\n{}", 413),
            .raw(
                "chunks of more than 1 MiB",
                "POST \(path) HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + String(repeating: "10000\r\n" + String(repeating: " ", count: 65_536) + "\r\n", count: 17) + "0\r\n\r\n", 413),
        ]
    }

    /// Requests that break the rules of HTTP itself.
    /// - Parameter path: one that takes a JSON body.
    public static func protocolAbuse(postingTo path: String) -> [BadRequest] {
        [
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
            .raw("a length that is a word", "POST \(path) HTTP/1.1\r\nHost: h\r\nContent-Length: ten\r\n\r\n", 400),
            .raw("a negative length", "POST \(path) HTTP/1.1\r\nHost: h\r\nContent-Length: -5\r\n\r\n", 400),
            .raw("two lengths", "POST \(path) HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}", 400),
            .raw(
                "a length and chunks",
                "POST \(path) HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
            .raw(
                "a chunk size that is no number",
                "POST \(path) HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n{}\r\n",
                400),
            .raw(
                "a body that breaks off",
                "POST \(path) HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"desc", 400,
                closesSending: true),
            .raw("a head that breaks off", "GET /health HTTP/1.1\r\nHost: h\r\nX-Unfinished: ", 400, closesSending: true),
        ]
    }
}
