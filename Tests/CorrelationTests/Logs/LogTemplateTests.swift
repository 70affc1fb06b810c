import Testing

@testable import Correlation

struct LogTemplateTests {
    @Test(arguments: [
        ("connect to 10.0.0.7:5432 failed with code 111", "connect to 10.0.0.7:5432 failed with code 111"),
        ("request 0b9a8c7d-1234-4abc-8def-0123456789ab took 15 ms", "request <id> took 15 ms"),
        ("offset 18446744073709 of cart-745ff47c4c-z6qxn", "offset <number> of cart-745ff47c4c-z6qxn"),
        ("commit deadbeef01 by user7", "commit <id> by user7"), ("", ""), ("größer 1234567 Ω", "größer <number> Ω"),
        ("session AbCdEf0123456789GhIjKl ends", "session <id> ends"),
    ])
    func `what is different each time is taken out, what a line is about stays`(_ line: String, _ template: String) {
        #expect(LogTemplate.of(line) == template)
    }
}
