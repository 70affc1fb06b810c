import FastJSON
import Foundation

/// A snapshot whose names, messages and log lines try to drive terminals, pages and parsers.
enum HostileSnapshot {
    static let attack =
        "\u{1B}[2J\u{1B}]0;owned\u{7}\u{9B}31m\u{202E}txt.exe\u{200B}\u{0}<script>alert(1)</script>[x](http://evil.example)`|\"},{\"a\":1\r\n"

    /// Writes it below `folder`.
    /// - Returns: its path.
    static func write(to folder: TemporaryFolder) throws -> String {
        let text = JSONText.quote(attack)
        let long = JSONText.quote(attack + String(repeating: "A", count: 200_000))
        try folder.write(
            #"{"format":"cluster-snapshot","version":1,"captured_at":"2026-11-23T12:00:00Z","kubernetes_version":"v1.36.2","scope":"cluster","#
                + #""gaps":[{"path":\#(text),"reason":\#(text)}]}"#, to: "snapshot/snapshot.json")
        try folder.write(#"{"gitVersion":"v1.36.2"}"#, to: "snapshot/version.json")
        let container = #"{"name":"app","image":\#(text),"env":[{"name":"X","value":\#(text)}]}"#
        try folder.write(
            #"{"kind":"PodList","items":[{"metadata":{"name":"cart-0","namespace":"shop","uid":"u1","labels":{"app":"cart"},"annotations":{"n":\#(text)}},"#
                + #""spec":{"containers":[\#(container)]},"status":{"phase":"Running","conditions":[{"type":"Ready","status":"False","message":\#(text)}],"#
                + #""containerStatuses":[{"name":"app","ready":false,"restartCount":9,"image":\#(text),"state":{"waiting":{"reason":"CrashLoopBackOff","#
                + #""message":\#(long)}},"lastState":{"terminated":{"exitCode":1,"reason":"Error","message":\#(text)}}}]}},"#
                + #"{"metadata":{"name":\#(text),"namespace":"shop","uid":"u2"},"spec":{"containers":[\#(container)]},"status":{"phase":"Pending","#
                + #""containerStatuses":[{"name":\#(text),"state":{"waiting":{"reason":"ImagePullBackOff","message":\#(text)}}}]}}]}"#,
            to: "snapshot/api/v1/pods.json")
        try folder.write(
            #"{"kind":"EventList","items":[{"metadata":{"name":"e","namespace":"shop"},"involvedObject":{"kind":"Pod","namespace":"shop","name":"cart-0","uid":"u1"},"#
                + #""type":"Warning","reason":"BackOff","message":\#(text),"count":3,"lastTimestamp":"2026-11-23T11:59:00Z"}]}"#,
            to: "snapshot/api/v1/events.json")
        let line = attack.replacing("\r\n", with: "")
        try folder.write(
            "2026-11-23T11:58:00Z panic: \(line)\n2026-11-23T11:58:01Z \(String(repeating: "B", count: 100_000))\n{\"level\":\"error\",\"msg\":\(text)}\n",
            to: "snapshot/logs/shop/cart-0/app.log")
        return folder.url.appending(path: "snapshot").path
    }
}
