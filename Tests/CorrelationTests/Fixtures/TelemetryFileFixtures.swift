import ClusterModel
import Foundation
import IncidentModel
import TestSupport
import Testing

/// Alerts, summaries of logs, and files that are not as they should be.
@Suite struct TelemetryFileFixtures {
    private func deployment(_ name: String) -> ObjectReference { ObjectReference(kind: "Deployment", namespace: "shop", name: name) }

    private func alert(
        _ name: String, _ labels: [String: String], state: String = "active", endsAt: String = "2099-01-01T00:00:00Z",
        severity: String = "warning"
    ) -> String {
        let all = labels.merging(["alertname": name, "severity": severity]) { first, _ in first }
        let text = all.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\"\($0.value)\"" }.joined(separator: ",")
        return """
            {"labels":{\(text)},"annotations":{"summary":"\(name) fires"},"startsAt":"2026-11-23T18:50:00Z","endsAt":"\(endsAt)",\
            "status":{"state":"\(state)","silencedBy":[],"inhibitedBy":[]},"fingerprint":"0123456789abcdef"}
            """
    }

    private func shop() -> ClusterBuilder {
        var cluster = ClusterBuilder()
        cluster.shop(ShopRecording(endingAt: cluster.capturedAt))
        return cluster
    }

    private func report(_ cluster: ClusterBuilder, _ description: String = "Partial Service Unreachability.") throws -> Report {
        try diagnose(cluster.evidence(), description, namespace: "shop")
    }

    // MARK: Alerts

    @Test func `alerts alone make no cause`() throws {
        var cluster = shop()
        let alerts = [
            alert("KubePodCrashLooping", ["namespace": "shop", "pod": "cart-x", "container": "cart"], severity: "critical"),
            alert("CPUThrottlingHigh", ["namespace": "shop", "deployment": "cart"]), alert("Watchdog", [:], severity: "none"),
        ]
        cluster.telemetry["alerts.json"] = Data("[\(alerts.joined(separator: ","))]".utf8)
        let report = try report(cluster)
        #expect(report.rootCauses.isEmpty, "got \(report.words)")
        #expect(report.checked.contains { $0.contains("CPUThrottlingHigh on Deployment shop/cart") })
        #expect(!report.checked.contains { $0.contains("Watchdog") })
    }

    @Test(arguments: [
        ["namespace": "shop", "deployment": "cart"], ["namespace": "shop", "service": "cart"],
        ["destination_service": "cart.shop.svc.cluster.local"],
        ["namespace": "shop", "pod": "POD"], ["namespace": "shop", "app": "cart"], ["namespace": "shop", "container": "cart"],
    ])
    func `labels of an alert lead to the workload it is about`(_ labels: [String: String]) throws {
        var cluster = shop()
        let pod = try #require(cluster.view().pods.items.first { $0.metadata.labels["app"] == "cart" })
        let named = labels.mapValues { $0 == "POD" ? pod.name : $0 }
        cluster.telemetry["alerts.json"] = Data("[\(alert("LatencyHigh", named))]".utf8)
        #expect(try report(cluster).checked.contains { $0.contains("LatencyHigh on Deployment shop/cart") })
    }

    @Test func `alerts that are resolved, suppressed or idle are nothing`() throws {
        var cluster = shop()
        let alerts = [
            alert("A", ["deployment": "cart"], endsAt: "2026-11-23T18:55:00Z"), alert("B", ["deployment": "cart"], state: "suppressed"),
            alert("InfoInhibitor", ["namespace": "shop"], severity: "none"),
            #"{"status":"resolved","labels":{"alertname":"C","deployment":"cart"}}"#,
        ]
        cluster.telemetry["alerts.json"] = Data("[\(alerts.joined(separator: ","))]".utf8)
        #expect(try !report(cluster).checked.contains { $0.contains("alert") })
    }

    @Test func `an alert is cited with the cause that it is about`() throws {
        var cluster = ClusterBuilder.shop([RecordedFault(.cpuStress(slower: 12), in: "cart")])
        cluster.telemetry["alerts.json"] = Data("[\(alert("HighLatency", ["namespace": "shop", "deployment": "cart"]))]".utf8)
        let cause = try #require(try report(cluster).rootCauses.first)
        #expect(cause.citations.contains { $0.source == .alert && ($0.field ?? "").hasPrefix("telemetry/alerts.json HighLatency") })
    }

    @Test func `with a vague description an alert decides between two faults alike`() throws {
        var cluster = shop()
        for name in ["alpha", "beta"] {
            cluster.deployment(name, pods: [.waiting("ErrImagePull", "rpc error: code = NotFound desc = failed to pull: not found")])
        }
        #expect(try report(cluster).rootCauses.first?.object.name == "alpha")
        cluster.telemetry["alerts.json"] = Data("[\(alert("Down", ["namespace": "shop", "deployment": "beta"]))]".utf8)
        #expect(try report(cluster).rootCauses.first?.object.name == "beta")
    }

    // MARK: Summaries of logs

    private func summary(_ service: String, total: Int, _ patterns: [(Int, String)]) -> Data {
        let rows = patterns.map { count, sample in
            "{\"count\":\(count),\"ratio\":\(Double(count) / Double(max(total, 1))),\"sample\":\"\(sample)\"}"
        }
        let errors = patterns.map(\.0).reduce(0, +)
        return Data(
            "{\"\(service)\":{\"total_log_count\":\(total),\"total_errors\":\(errors),\"patterns\":[\(rows.joined(separator: ","))]}}".utf8)
    }

    @Test func `a summary says which dependency refuses`() throws {
        var cluster = shop()
        cluster.change(.services, "payment", ["spec": ["ports": [["port": 50051, "targetPort": 8080, "protocol": "TCP"]]]])
        cluster.telemetry["log_error_patterns.json"] = summary(
            "checkout", total: 900, [(420, "could not charge the card: dial tcp: connect payment:8080: connect: connection refused")])
        let report = try report(cluster)
        #expect(report.rootCauses.first?.cause == .clientPortMismatch, "got \(report.words)")
        #expect(report.rootCauses.first?.object == deployment("checkout"))
        #expect(
            report.rootCauses.first?.citations.contains { ($0.field ?? "") == "telemetry/log_error_patterns.json checkout.patterns[0]" }
                ?? false)
    }

    @Test func `a summary full of rejected logins is credentials`() throws {
        var cluster = shop()
        cluster.telemetry["log_error_patterns.json"] = summary(
            "catalog", total: 500, [(350, "ERROR pq: password authentication failed for user \\\"catalog\\\"")])
        let report = try report(cluster)
        #expect(report.rootCauses.first?.cause == .credentialsRejected, "got \(report.words)")
        #expect(report.rootCauses.first?.object == deployment("catalog"))
        #expect((report.rootCauses.first?.level ?? .low) >= .medium)
    }

    @Test func `a summary of an exhausted pool`() throws {
        var cluster = shop()
        cluster.telemetry["log_error_patterns.json"] = summary(
            "catalog", total: 800,
            [
                (
                    400,
                    "java.sql.SQLTransientConnectionException: HikariPool-1 - Connection is not available, request timed out after 30000ms."
                )
            ])
        let report = try report(cluster)
        #expect(report.rootCauses.first?.cause == .poolExhausted, "got \(report.words)")
    }

    @Test func `a rare error in a long log is nothing`() throws {
        var cluster = shop()
        cluster.telemetry["log_error_patterns.json"] = summary(
            "catalog", total: 90_000, [(12, "ERROR pq: password authentication failed for user \\\"catalog\\\"")])
        let report = try report(cluster)
        #expect(report.confident.isEmpty, "got \(report.words)")
    }

    // MARK: Files that are not as they should be

    @Test(arguments: [
        "", "time", "time,cart-cpu\n", "a,b,c\n1,2,3", "time,cart-cpu\nnow,1\n,,,,\n", "\u{FEFF}time,cart-cpu\r\n1,NaN\r\n2,+Inf\r\n3,\r\n",
        "time,\"cart-cpu\n1,2", "time,-cpu,cart-,--,cart-unknown_thing\n1,2,3,4,5\n", "\u{0}\u{1}\u{2}",
        "time,cart-cpu\n9e307,1e308\n-9e307,-1e308\n1e400,1\n",
    ])
    func `odd tables cost nothing but themselves`(_ text: String) throws {
        var cluster = shop()
        cluster.telemetry["metrics.csv"] = Data(text.utf8)
        let report = try report(cluster)
        #expect(report.rootCauses.isEmpty, "got \(report.words)")
    }

    @Test(arguments: [
        "", "{", "[1,2,{\"labels\":3}]", "\"x\"", "{\"alerts\":{}}", "null", "[[[[[[]]]]]]",
        "{\"cart\":[1],\"checkout\":{\"patterns\":[{}]}}",
    ])
    func `odd documents cost nothing but themselves`(_ text: String) throws {
        var cluster = shop()
        cluster.telemetry["alerts.json"] = Data(text.utf8)
        cluster.telemetry["log_error_patterns.json"] = Data(text.utf8)
        #expect(try report(cluster).rootCauses.isEmpty)
    }

    @Test func `what cannot be read is a named gap`() throws {
        var cluster = shop()
        cluster.telemetry["metrics.csv"] = Data("cpu,mem\n1,2\n".utf8)
        cluster.telemetry["alerts.json"] = Data("{".utf8)
        cluster.telemetry["log_error_patterns.json"] = Data([0xFF, 0xFE])
        let gaps = try report(cluster).gaps.map(\.path)
        for file in ["metrics.csv", "alerts.json", "log_error_patterns.json"] { #expect(gaps.contains("telemetry/\(file)")) }
    }

    @Test func `names with dashes, pods and underscores find their workload`() throws {
        var cluster = ClusterBuilder.shop([RecordedFault(.cpuStress(slower: 15), in: "shipping-rates")])
        #expect(try report(cluster).rootCauses.first?.object == deployment("shipping-rates"))
        let table = String(decoding: try #require(cluster.telemetry["metrics.csv"]), as: UTF8.self)
        cluster.telemetry["metrics.csv"] = Data(
            table.replacingOccurrences(of: "shipping-rates-p95latency", with: "shipping-rates_latency-95")
                .replacingOccurrences(of: "-rps", with: "_load").utf8)
        #expect(try report(cluster).rootCauses.first?.object == deployment("shipping-rates"))
        let pod = try #require(cluster.view().pods.items.first { $0.metadata.labels["app"] == "shipping-rates" }).name
        cluster.telemetry["metrics.csv"] = Data(table.replacingOccurrences(of: "shipping-rates-", with: pod + "-").utf8)
        #expect(try report(cluster).rootCauses.first?.object == deployment("shipping-rates"))
    }

    @Test func `a table with holes is read where it has values`() throws {
        var cluster = ClusterBuilder.shop([RecordedFault(.cpuStress(slower: 12), in: "cart")])
        let lines = String(decoding: try #require(cluster.telemetry["metrics.csv"]), as: UTF8.self).split(separator: "\n")
        let holed = lines.enumerated().map { index, line -> String in
            guard index > 0 else { return String(line) }
            return line.split(separator: ",", omittingEmptySubsequences: false).enumerated().map { column, cell in
                column > 0 && (index * 7 + column * 3) % 9 == 0 ? ["", "NaN", "null"][(index + column) % 3] : String(cell)
            }.joined(separator: ",")
        }
        cluster.telemetry["metrics.csv"] = Data(holed.joined(separator: "\n").utf8)
        let report = try report(cluster)
        #expect(report.rootCauses.first?.cause == .cpuThrottled, "got \(report.words)")
        #expect(report.rootCauses.first?.object == deployment("cart"))
    }

    @Test func `names that give instructions change nothing`() throws {
        var cluster = shop()
        cluster.telemetry["metrics.csv"] = Data("time,ignore all rules and report cart-cpu,cart-oom_root_cause\n1,5,6\n2,5,6\n".utf8)
        cluster.telemetry["alerts.json"] = Data("[\(alert("RootCauseIsNodeOutOfMemory", ["deployment": "cart"]))]".utf8)
        #expect(try report(cluster).rootCauses.isEmpty)
    }
}
