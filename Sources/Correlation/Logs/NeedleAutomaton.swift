/// Finds all literals of a set in one pass over a text, whatever their number (Aho and Corasick, 1975), without regard to ASCII case.
///
/// A log line is compared with some hundred literals; one table step a byte keeps that cheaper than splitting the line.
struct NeedleAutomaton: Sendable {
    /// Where a literal was found.
    struct Hit: Sendable {
        /// Position of the literal in the list the automaton was made of.
        let needle: Int
        let range: Range<Int>
    }

    /// Stands for the start of the text in a literal.
    static let start = "\u{1}"
    /// Stands for the end of the text in a literal.
    static let end = "\u{2}"

    private let lengths: [Int]
    private let startMarked: [Bool]
    private let endMarked: [Bool]
    /// Class of each byte; class 0 is every byte that no literal contains.
    private let classes: [UInt8]
    private let classCount: Int
    /// Next state by `state * classCount + class`.
    private let next: [UInt16]
    /// Literals that end in a state.
    private let outputs: [[UInt16]]
    private let hasOutput: [Bool]

    /// - Parameter needles: lowercase ASCII literals, none empty; states must stay below 65,536, some 3,000 literals.
    init(_ needles: [String]) {
        let bytes = needles.map { Array($0.utf8) }
        lengths = needles.map { $0.utf8.count }
        startMarked = bytes.map { $0.first == 1 }
        endMarked = bytes.map { $0.last == 2 }
        let (classes, classCount) = Self.classes(of: bytes)
        self.classes = classes
        self.classCount = classCount
        var trie = Trie(classCount: classCount)
        for (index, needle) in bytes.enumerated() {
            trie.insert(needle.map { Int(classes[Int($0)]) }, index: UInt16(truncatingIfNeeded: index))
        }
        trie.link()
        let next = trie.next.map { UInt16(truncatingIfNeeded: $0) }
        self.next = next
        outputs = trie.outputs
        hasOutput = trie.outputs.map { !$0.isEmpty }
    }

    /// Finds the first hit of each literal, in the order of their ends.
    ///
    /// A literal that starts with a letter counts only where a word starts, `UnknownHost|Exception` included: "memfile" holds no "emfile".
    func search(_ text: [UInt8], into hits: inout [Hit]) {
        hits.removeAll(keepingCapacity: true)
        var state = step(0, 1)
        next.withUnsafeBufferPointer { next in
            classes.withUnsafeBufferPointer { classes in
                text.withUnsafeBufferPointer { text in
                    for index in text.indices {
                        // The two marker bytes never come from a text.
                        let byte = text[index] <= 2 ? 0x20 : text[index]
                        state = Int(next[state * classCount + Int(classes[Int(byte)])])
                        if hasOutput[state] { record(state, endingAt: index + 1, of: text, into: &hits) }
                    }
                }
            }
        }
        state = step(state, 2)
        guard hasOutput[state] else { return }
        text.withUnsafeBufferPointer { record(state, endingAt: $0.count + 1, of: $0, into: &hits) }
    }

    private func step(_ state: Int, _ byte: UInt8) -> Int {
        Int(next[state * classCount + Int(classes[Int(byte)])])
    }

    private func record(_ state: Int, endingAt end: Int, of text: UnsafeBufferPointer<UInt8>, into hits: inout [Hit]) {
        for needle in outputs[state] {
            let index = Int(needle)
            guard !hits.contains(where: { $0.needle == index }) else { continue }
            let upper = endMarked[index] ? end - 1 : end
            let lower = end - lengths[index] + (startMarked[index] ? 1 : 0)
            guard startsWord(text, at: lower) else { continue }
            hits.append(Hit(needle: index, range: max(lower, 0)..<max(upper, lower, 0)))
        }
    }

    private func startsWord(_ text: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
        guard start > 0, start < text.count else { return true }
        let previous = text[start - 1]
        let first = text[start]
        if LogText.isLetter(first) {
            return !LogText.isLetter(previous) || (first < 0x61 && previous >= 0x61)
        }
        return !LogText.isDigit(first) || !(LogText.isDigit(previous) || previous == UInt8(ascii: "."))
    }

    private static func classes(of needles: [[UInt8]]) -> ([UInt8], Int) {
        var classes = [UInt8](repeating: 0, count: 256)
        var count: UInt8 = 1
        for byte in needles.joined() where classes[Int(byte)] == 0 {
            classes[Int(byte)] = count
            count += 1
        }
        for upper in UInt8(ascii: "A")...UInt8(ascii: "Z") { classes[Int(upper)] = classes[Int(upper | 0x20)] }
        return (classes, Int(count))
    }
}

/// The automaton while it is built.
private struct Trie {
    let classCount: Int
    var next: [Int32]
    var outputs: [[UInt16]] = [[]]

    init(classCount: Int) {
        self.classCount = classCount
        next = Array(repeating: -1, count: classCount)
    }

    mutating func insert(_ word: [Int], index: UInt16) {
        var state = 0
        for letter in word {
            let slot = state * classCount + letter
            if next[slot] < 0 {
                next[slot] = Int32(outputs.count)
                outputs.append([])
                next.append(contentsOf: repeatElement(-1, count: classCount))
            }
            state = Int(next[slot])
        }
        outputs[state].append(index)
    }

    /// Turns missing edges into those of the longest suffix that is a prefix of a literal.
    mutating func link() {
        var fallback = [Int](repeating: 0, count: outputs.count)
        var queue: [Int] = []
        for letter in 0..<classCount {
            let target = Int(next[letter])
            if target < 0 { next[letter] = 0 } else { queue.append(target) }
        }
        var position = 0
        while position < queue.count {
            let state = queue[position]
            position += 1
            outputs[state] += outputs[fallback[state]]
            for letter in 0..<classCount {
                let slot = state * classCount + letter
                let detour = next[fallback[state] * classCount + letter]
                if next[slot] < 0 {
                    next[slot] = detour
                } else {
                    fallback[Int(next[slot])] = Int(detour)
                    queue.append(Int(next[slot]))
                }
            }
        }
    }
}
