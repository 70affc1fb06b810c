import Foundation
import IncidentModel
import Testing

@testable import Reporting

@Suite struct MarkdownReportTests {
    @Test func `the report has cause, object, evidence, fix and commands`() {
        let text = MarkdownReport.render(SampleIncident.configMapMissing)
        for part in [
            "**ConfigMapNotFound** on `Deployment shop/cart`, confidence **high** (97 %)", "### Evidence", "`CreateContainerConfigError:",
            "### Fix", "- `kubectl -n shop get configmap cart-config`", "from `2` to `3`", "## Could not be read",
            "nodes: forbidden", "### Suggested change, not executed", "```yaml\napiVersion: v1\nkind: ConfigMap",
        ] {
            #expect(text.contains(part), "missing: \(part)\n\(text)")
        }
    }

    @Test(arguments: HostileText.numbers)
    func `hostile text makes neither markup nor HTML nor links`(number: Int) {
        let sample = HostileText.samples[number]
        let text = MarkdownReport.render(HostileText.incident(sample))
        #expect(HostileText.dangerous(in: text).isEmpty)
        for line in MarkdownScanner.outsideBlocks(text) {
            let outside = MarkdownScanner.outsideCode(line)
            for mark in ["<", "[", "]", "&", "@", "://", "www.", "!", "|", "~", "$", "\\", "{", "_"] {
                #expect(!outside.contains(mark), "\(mark) in \(outside.prefix(200))")
            }
        }
    }

    @Test func `only lines of the report's own making begin a heading, list or quote`() {
        for sample in HostileText.samples {
            for line in MarkdownScanner.outsideBlocks(MarkdownReport.render(HostileText.incident(sample))) where line.hasPrefix("#") {
                let known = [
                    "# Incident", "## Root cause", "## Less likely", "## Elsewhere", "## Checked", "## Could not", "## Next", "### ",
                ]
                #expect(known.contains { line.hasPrefix($0) })
            }
        }
    }

    @Test(arguments: [
        ("plain words, and more.", "plain words, and more."), ("see shop/cart now", "see `shop/cart` now"), ("it is 3", "it is 3"),
        ("1. one", "`1.` one"), ("- item", "`-` item"), ("a`b", "``a`b``"), ("`x`", "`` `x` ``"), ("read-only isn't", "read-only isn't"),
        ("Größe 日本", "Größe 日本"), ("---", "`---`"), ("www.evil.example", "`www.evil.example`"), ("", ""),
    ])
    func `words stay words and everything else becomes code`(text: String, expected: String) {
        #expect(MarkdownText.sentence(text) == expected)
    }

    @Test func `a code span of blanks is left out`() {
        #expect(MarkdownText.code("  ") == "")
    }
}

/// Finds what a Markdown renderer would interpret: all but the code spans (CommonMark 6.1).
enum MarkdownScanner {
    /// The lines that stand in no fenced block: one ends at a line of nothing but as many backticks, or more, as it began with (4.5).
    static func outsideBlocks(_ text: String) -> [Substring] {
        var fence: Int?
        return text.split(separator: "\n").filter { line in
            let ticks = line.prefix { $0 == "`" }.count
            if let open = fence {
                if ticks >= open, line.dropFirst(ticks).allSatisfy({ $0 == " " }) { fence = nil }
                return false
            }
            guard ticks >= 3, !line.dropFirst(ticks).contains("`") else { return true }
            fence = ticks
            return false
        }
    }

    static func outsideCode(_ line: Substring) -> String {
        var outside = ""
        var rest = line
        while let start = rest.firstIndex(of: "`") {
            outside += rest[..<start]
            let fence = rest[start...].prefix { $0 == "`" }
            var after = rest[fence.endIndex...]
            var end: Substring.Index?
            while let next = after.firstIndex(of: "`") {
                let run = after[next...].prefix { $0 == "`" }
                if run.count == fence.count {
                    end = run.endIndex
                    break
                }
                after = after[run.endIndex...]
            }
            guard let end else { return outside + fence + rest[fence.endIndex...] }
            rest = rest[end...]
        }
        return outside + rest
    }
}
