import Testing

@testable import Reporting

@Suite struct SafeTextTests {
    @Test(arguments: HostileText.numbers)
    func `nothing that drives a terminal survives`(number: Int) {
        let text = HostileText.samples[number]
        #expect(HostileText.dangerous(in: SafeText.line(text)).isEmpty)
        #expect(!SafeText.line(text).contains("\n"))
    }

    @Test(arguments: [
        ("plain text, 100 % ok", "plain text, 100 % ok"), ("\u{1B}[31m", "\\x1b[31m"), ("a\u{0}b", "a\\x00b"), ("\u{202E}x", "\\u{202e}x"),
        ("a\nb\r", "a\\nb\\r"), ("a\tb", "a b"), ("Größe 日本 ✔️", "Größe 日本 ✔️"), ("\u{E0041}", "\\u{e0041}"),
    ])
    func `what is unsafe becomes a visible escape, the rest stays`(text: String, expected: String) {
        #expect(SafeText.line(text) == expected)
    }

    @Test func `marks piled on one letter are cut to a few`() {
        let line = SafeText.line("e" + String(repeating: "\u{301}", count: 50))
        #expect(line.hasPrefix("e\u{301}\u{301}\u{301}\\u{301}"))
    }

    @Test(arguments: [
        ("abcdef", 6, "abcdef"), ("abcdefg", 6, "abcde…"), ("日本語日本語", 6, "日本…"), ("\u{1B}\u{1B}\u{1B}", 6, "\\x1b…"), ("", 6, ""),
    ])
    func `long text is cut to the cells it may take`(text: String, limit: Int, expected: String) {
        #expect(SafeText.line(text, limit: limit) == expected)
        #expect(SafeText.cellCount(of: SafeText.line(text, limit: limit)) <= limit)
    }
}
