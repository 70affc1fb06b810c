// Cases for rules.yml; nothing compiles this.

func childProcess() {
    // ruleid: no-child-process
    let child = Process()
    // ok: no-child-process
    let other = ProcessInfo.processInfo
}

func crash() throws {
    // ruleid: no-crash-on-input
    let first = try! parse()
    // ruleid: no-crash-on-input
    let second = parsed as! String
    // ruleid: no-crash-on-input
    fatalError("no")
    // ok: no-crash-on-input
    let third = try parse() as? String
}

// ruleid: no-unchecked-concurrency
final class Shared: @unchecked Sendable {}
// ok: no-unchecked-concurrency
final class Other: Sendable {}

func certificates() {
    // ruleid: no-unverified-certificate
    configuration.certificateVerification = .none
    // ok: no-unverified-certificate
    configuration.certificateVerification = .fullVerification
}

func write() {
    // ruleid: cluster-is-only-read
    request.method = .PATCH
    // ruleid: cluster-is-only-read
    let method = "DELETE"
    // ok: cluster-is-only-read
    request.method = .GET
}

func statements() throws {
    // ruleid: no-values-in-sql
    try db.execute(sql: "DELETE FROM incidents WHERE id = '\(id)'")
    // ok: no-values-in-sql
    try db.execute(sql: "DELETE FROM incidents WHERE id = ?", arguments: [id])
    // ok: no-values-in-sql
    try db.execute(sql: "PRAGMA user_version = \(Self.version)")
}

func hashes() {
    // ruleid: no-weak-hash
    let weak = Insecure.MD5.hash(data: data)
    // ok: no-weak-hash
    let good = SHA256.hash(data: data)
}

func output() {
    // ruleid: no-loose-output
    print("listening")
    // ok: no-loose-output
    Terminal.print("listening")
}
