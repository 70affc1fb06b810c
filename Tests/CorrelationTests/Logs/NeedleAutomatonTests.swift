import Testing

@testable import Correlation

@Suite struct NeedleAutomatonTests {
    @Test func `literals are found where they overlap, whatever their case`() {
        let automaton = NeedleAutomaton(["connection refused", "refused", "on refused"])
        #expect(find(automaton, "CONNECTION Refused") == [0: 0..<18, 1: 11..<18])
    }

    @Test func `start and end of the text can be part of a literal`() {
        let automaton = NeedleAutomaton([NeedleAutomaton.start + "killed" + NeedleAutomaton.end, "ok" + NeedleAutomaton.end])
        #expect(find(automaton, "Killed") == [0: 0..<6])
        #expect(find(automaton, "Killed it").isEmpty)
        #expect(find(automaton, "redis ok") == [1: 6..<8])
        #expect(find(automaton, "\u{1}killed\u{2}").isEmpty, "markers in the text are no markers")
    }

    @Test func `a literal counts only where a word starts`() {
        let automaton = NeedleAutomaton(["emfile", "exception", "404"])
        #expect(find(automaton, "memfile").isEmpty)
        #expect(find(automaton, "memfile EMFILE")[0] == 8..<14)
        #expect(find(automaton, "UnknownHostException")[1] == 11..<20)
        #expect(find(automaton, "1404").isEmpty)
    }

    private func find(_ automaton: NeedleAutomaton, _ text: String) -> [Int: Range<Int>] {
        var hits: [NeedleAutomaton.Hit] = []
        automaton.search(Array(text.utf8), into: &hits)
        return Dictionary(uniqueKeysWithValues: hits.map { ($0.needle, $0.range) })
    }
}
