public import FastJSON

extension RawHTTP.Answer {
    /// The body, or `.missing` where it is no JSON.
    public var json: JSONValue { (try? JSONValue(parsing: body)) ?? .missing }

    /// Whether this is the error body that every error has, with this status.
    public func isProblem(_ expected: Int) -> Bool {
        status == expected && header("Content-Type") == "application/problem+json" && json["code"].int == expected
            && json["status"].int == expected && json["message"].string?.isEmpty == false && json["title"].string?.isEmpty == false
            && json["detail"].string == json["message"].string && json["type"].string == "about:blank" && json["instance"].string != nil
    }

    /// Whether the headers are there that every answer has.
    public var isHardened: Bool {
        header("X-Content-Type-Options") == "nosniff" && header("X-Frame-Options") == "DENY"
            && header("Content-Security-Policy") == "default-src 'none'; frame-ancestors 'none'" && header("Cache-Control") == "no-store"
            && header("Referrer-Policy") == "no-referrer" && header("X-Correlation-ID")?.isEmpty == false
    }
}
