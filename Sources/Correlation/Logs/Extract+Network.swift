/// Hosts and ports.
extension Extract {
    /// Any host of a dependency: the most telling place first, names before the addresses they stand for.
    static func hosts(_ text: LogText, _ subject: inout LogSubject) {
        guard subject.host == nil else { return }
        let candidates = endpoints(in: text)
        guard var best = candidates.first else { return }
        if best.isAddress, let named = candidates.first(where: { !$0.isAddress && $0.port == best.port && best.port != nil }) {
            best = named
        }
        if best.port == nil, let same = candidates.first(where: { $0.host == best.host && $0.port != nil }) { best = same }
        subject.fill(best)
        if subject.port == nil { subject.port = port(near: best.host, in: text) ?? poolPort(text) }
    }

    /// urllib3 names no port where it is the scheme's own.
    private static func poolPort(_ text: LogText) -> Int? {
        text.contains("httpsconnectionpool(") ? 443 : text.contains("httpconnectionpool(") ? 80 : nil
    }

    /// The first URL that is no link to documentation.
    static func url(_ text: LogText, _ subject: inout LogSubject) {
        if let found = urls(in: text).first {
            subject.fill(found.endpoint)
            subject.path = subject.path ?? found.path
        }
    }

    /// `upstream: "http://10.0.0.7:8080/x"` of nginx.
    static func upstream(_ text: LogText, _ subject: inout LogSubject) {
        guard let start = text.after("upstream: \""), let found = urls(in: text, from: start).first else { return }
        subject.fill(found.endpoint)
    }

    /// `connect to cart port 8080` of curl, `connect to cart (10.0.0.7) port 8080` of netcat.
    static func connectedHost(_ text: LogText, _ subject: inout LogSubject) {
        guard subject.host == nil, let start = text.after("connect to "), let endpoint = text.endpoint(at: start), isPlausible(endpoint)
        else { return }
        subject.fill(endpoint)
        if subject.port == nil { subject.port = port(near: endpoint.host, in: text) }
    }

    /// `please check server nacos ,port 9848` of Nacos.
    static func checkedServer(_ text: LogText, _ subject: inout LogSubject) {
        guard subject.host == nil, let start = text.after("check server "), let endpoint = text.endpoint(at: start), isPlausible(endpoint)
        else { return }
        subject.fill(endpoint)
        if subject.port == nil { subject.port = port(near: endpoint.host, in: text) }
    }

    /// The far end of `read tcp 10.0.0.1:3333->10.0.0.2:5432`.
    static func peer(_ text: LogText, _ subject: inout LogSubject) {
        if let start = text.after("->") { subject.fill(text.endpoint(at: start)) }
    }

    /// A host name that could not be resolved.
    static func names(_ text: LogText, _ subject: inout LogSubject) {
        guard subject.host == nil else { return }
        for start in leads(nameAutomaton, in: text) {
            guard let endpoint = text.endpoint(at: start), !endpoint.isAddress, isPlausible(endpoint, isMarked: true) else { continue }
            subject.fill(endpoint)
            // "lookup db on 10.96.0.10:53" names the server's port, never that of db.
            if subject.port == nil {
                subject.port =
                    endpoints(in: text).first { $0.host == endpoint.host && $0.port != nil }?.port ?? port(near: endpoint.host, in: text)
            }
            return
        }
        let start = text.runStart(before: text.hit.lowerBound) { $0 == 0x20 || $0 == UInt8(ascii: ":") }
        let begin = text.runStart(before: start) { LogText.isHostByte($0) || $0 == UInt8(ascii: ":") }
        if text.hasPrefix(" could not be resolved", at: start), let endpoint = text.endpoint(at: begin) { subject.fill(endpoint) }
    }

    /// The port a program wanted to listen on.
    static func bindAddress(_ text: LogText, _ subject: inout LogSubject) {
        guard subject.port == nil else { return }
        for lead in bindLeads {
            guard let start = text.after(lead), let port = listenPort(text, from: start, within: 60) else { continue }
            return subject.port = port
        }
        subject.port = listenPort(text, from: 0, within: text.count)
    }

    /// The first `:8080`, `port 8080` or `', 8080` behind a position.
    static func listenPort(_ text: LogText, from start: Int, within distance: Int) -> Int? {
        for index in start..<min(start + distance, text.count) {
            if text[index] == UInt8(ascii: ":"), LogText.isDigit(text[index + 1]),
                !LogText.isDigit(text[index - 1]) || text.isAddressEnd(index)
            {
                let digits = text.run(from: index + 1, while: LogText.isDigit)
                let next = text[digits.upperBound]
                let goesOn = (next == UInt8(ascii: ":") || next == UInt8(ascii: ".")) && LogText.isDigit(text[digits.upperBound + 1])
                if !goesOn, digits.count >= 2, let port = text.port(at: index + 1) { return port }
            }
            if text.hasPrefix("port", at: index), !LogText.isLetter(text[index - 1]), let port = portBehind(text, index + 4) { return port }
            if text[index] == UInt8(ascii: "'"), text.hasPrefix("', ", at: index), let port = text.port(at: index + 3) { return port }
        }
        return nil
    }

    private static func portBehind(_ text: LogText, _ start: Int) -> Int? {
        var index = text.hasPrefix("(s)", at: start) ? start + 3 : start
        while " =:\"'(*#".utf8.contains(text[index]), index < start + 6 { index += 1 }
        return index > start ? text.port(at: index) : nil
    }

    private static func port(near host: String, in text: LogText) -> Int? {
        guard let behind = text.after(host.lowercased()) else { return nil }
        for index in behind..<min(behind + 64, text.count) where text.hasPrefix("port", at: index) {
            if let port = portBehind(text, index + 4) { return port }
        }
        return nil
    }

    /// Every host that the text may speak of, the most telling place first.
    private static func endpoints(in text: LogText) -> [Endpoint] {
        var result: [Endpoint] = []
        let urls = urls(in: text).map(\.endpoint)
        // A proxy, or the address that a name stands for, tells more than the URL that was wanted.
        if let start = text.after("proxyconnect tcp: dial tcp "), let proxy = text.endpoint(at: start) { result.append(proxy) }
        result += urls
        // Nothing tells more than a name with its port.
        if let first = result.first, first.port != nil, !first.isAddress { return result }
        for start in leads(hostAutomaton, in: text) {
            guard let endpoint = text.endpoint(at: start) else { continue }
            let isMarked = LogText.isQuote(text[start]) || LogText.isQuote(text[start - 1]) || text[start - 1] == UInt8(ascii: "=")
            guard endpoint.port != nil || endpoint.isAddress || isMarked || isTelling(endpoint.host),
                isPlausible(endpoint, isMarked: isMarked)
            else { continue }
            result.append(endpoint)
            if endpoint.port != nil, !endpoint.isAddress { return result }
        }
        return result + tokens(in: text)
    }

    private static let hostAutomaton = NeedleAutomaton(hostLeads)
    private static let nameAutomaton = NeedleAutomaton(nameLeads)

    /// Positions behind the words of a list, in the order of the list.
    private static func leads(_ automaton: NeedleAutomaton, in text: LogText) -> [Int] {
        var hits: [NeedleAutomaton.Hit] = []
        automaton.search(text.bytes, into: &hits)
        return hits.sorted { $0.needle < $1.needle }.map(\.range.upperBound)
    }

    /// Whether a word can be a host: names of programs are hosts where a port follows or the place is sure.
    private static func isPlausible(_ endpoint: Endpoint, isMarked: Bool = false) -> Bool {
        let host = endpoint.host.lowercased()
        return !notHosts.contains(host) && (endpoint.port != nil || isMarked || !programNames.contains(host))
    }

    private static func isTelling(_ host: String) -> Bool {
        host.contains { $0 == "-" || $0 == "." || $0.isNumber } && !host.contains("_") && !host.contains("..")
    }

    /// `host:port` anywhere in the text.
    private static func tokens(in text: LogText) -> [Endpoint] {
        var result: [Endpoint] = []
        for colon in 0..<text.count where text.bytes[colon] == UInt8(ascii: ":") && LogText.isDigit(text[colon + 1]) && result.count < 8 {
            let begin = text.runStart(before: colon, while: LogText.isHostByte)
            guard begin < colon, text[begin - 1] != UInt8(ascii: "/") || text[begin - 2] == UInt8(ascii: "/"),
                text[begin - 1] != UInt8(ascii: ":"),
                text[begin - 1] != UInt8(ascii: "@"), let endpoint = text.endpoint(at: begin), let port = endpoint.port, port >= 80
            else { continue }
            let suffix = endpoint.host.split(separator: ".").last.map { $0.lowercased() } ?? ""
            let digits = text.run(from: colon + 1, while: LogText.isDigit)
            let isClock = text[digits.upperBound] == UInt8(ascii: ":") && LogText.isDigit(text[digits.upperBound + 1])
            guard !isClock, !sourceSuffixes.contains(suffix), isPlausible(endpoint) else { continue }
            result.append(endpoint)
        }
        return result
    }

    /// URLs of dependencies. User and password in them are dropped; JDBC's Oracle form counts too.
    static func urls(in text: LogText, from start: Int = 0) -> [(endpoint: Endpoint, path: String?)] {
        var result: [(Endpoint, String?)] = []
        var from = start
        while let behind = text.after("://", from: from), result.count < 8 {
            from = behind
            let schemeStart = text.runStart(before: behind - 3) {
                LogText.isAlphanumeric($0) || $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: ".")
            }
            let scheme = String(decoding: text.folded[schemeStart..<behind - 3], as: UTF8.self)
            let authority = text.run(from: behind) { $0 > 0x20 && !"/?#\"'`,)>\\".utf8.contains($0) }
            let login = authority.last { text.bytes[$0] == UInt8(ascii: "@") }
            guard let endpoint = text.endpoint(at: login.map { $0 + 1 } ?? behind), scheme != "file", !isDocumentation(endpoint.host),
                !text.hasPrefix("referrer: \"", at: schemeStart - 11)
            else { continue }
            let tail = text.run(from: authority.upperBound) { $0 > 0x20 && !"?#\"'`,)>;\\".utf8.contains($0) }
            var path: String? = tail.isEmpty || text[tail.lowerBound] != UInt8(ascii: "/") ? nil : text.string(tail)
            while path?.last == ":" || path?.last == "." { path?.removeLast() }
            result.append((Endpoint(host: endpoint.host, port: endpoint.port ?? defaultPorts[scheme]), path))
        }
        if let oracle = text.after("jdbc:oracle:thin:@") {
            let begin = text.run(from: oracle) { $0 == UInt8(ascii: "/") }.upperBound
            if let endpoint = text.endpoint(at: begin) { result.append((endpoint, nil)) }
        }
        return result
    }

    private static func isDocumentation(_ host: String) -> Bool {
        let host = host.lowercased()
        return ["docs.", "doc.", "help.", "aka.ms", "go.dev", "go.microsoft.com", "nodejs.org", "errors."].contains { host.hasPrefix($0) }
            || [
                "github.com", "curl.haxx.se", "curl.se", "stackoverflow.com", "readthedocs.io", "readthedocs.org", "npmjs.com",
                "python.org", "hibernate.org",
                "slf4j.org",
            ].contains { host.hasSuffix($0) }
    }
}

extension LogText {
    /// Whether the colon at a position closes an IPv4 address, so that a port and no time of day follows.
    func isAddressEnd(_ colon: Int) -> Bool {
        Endpoint.isAddress(string(runStart(before: colon) { Self.isDigit($0) || $0 == 0x2e }..<colon))
    }
}
