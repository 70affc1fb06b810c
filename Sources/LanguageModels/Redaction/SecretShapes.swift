import Foundation

/// What looks like a credential or a personal datum by its shape alone. Errs on the side of hiding: what is hidden by mistake is restored in
/// the answer, what is not hidden cannot be taken back.
enum SecretShapes {
    /// A shape that is replaced, with the word of its placeholder.
    struct Hit {
        let range: Range<Int>
        let word: String
    }

    /// Shortest random text that is taken for a key: 20 characters of 64 are 120 bits.
    private static let shortestKey = 20
    /// Random letters and digits have about 5 bits a character at this length, words and numbers about 3 to 3.5.
    private static let leastEntropy = 3.6
    private static let shortestHex = 32
    /// From here on one digit is enough, where the text is as random as keys of this length are.
    private static let longKey = 36
    private static let longEntropy = 4.2

    /// The hits of a text, in order, not overlapping.
    static func hits(in bytes: [UInt8], addresses: Bool) -> [Hit] {
        var hits: [Hit] = []
        var index = 0
        while index < bytes.count {
            if let hit = number(at: index, bytes) {
                hits.append(hit)
                index = hit.range.upperBound
                continue
            }
            let end = wordEnd(index, bytes)
            guard end > index else {
                index += 1
                continue
            }
            hits += word(index..<end, bytes, addresses)
            index = end
        }
        return hits
    }

    // MARK: Words

    private static func word(_ range: Range<Int>, _ bytes: [UInt8], _ addresses: Bool) -> [Hit] {
        let range = trimmed(range, bytes)
        let word = bytes[range]
        guard word.count >= 3 else { return [] }
        let mails = word.split { "=/:?&,".utf8.contains($0) }.filter(isMail).map { Hit(range: $0.startIndex..<$0.endIndex, word: "mail") }
        let hosts = addresses ? word.split { "=/?@,".utf8.contains($0) }.filter(isAddress) : []
        let found = mails + hosts.map { Hit(range: $0.startIndex..<$0.endIndex, word: "ip") }
        guard found.isEmpty else {
            // What stands beside them may be a key all the same.
            let keys = keys(in: word).filter { key in !found.contains { $0.range.overlaps(key.range) } }
            return (found + keys).sorted { $0.range.lowerBound < $1.range.lowerBound }
        }
        return keys(in: word)
    }

    private static func keys(in word: ArraySlice<UInt8>) -> [Hit] {
        if isDigestOrUID(word) { return [] }
        let range = word.startIndex..<word.endIndex
        if isKey(word) { return [Hit(range: range, word: "key")] }
        // `name=value`, `value:ro` and paths: the value alone may be one.
        return word.split { "=:".utf8.contains($0) }.flatMap { part in
            isKey(part) ? [part] : part.split(separator: UInt8(ascii: "/"))
        }
        .filter { $0.count < word.count && isKey($0) && !isDigestOrUID($0) && !isDigestPart($0, word) }
        .map { Hit(range: $0.startIndex..<$0.endIndex, word: "key") }
    }

    /// Long, of several kinds of characters, and random; or long and hexadecimal.
    private static func isKey(_ word: ArraySlice<UInt8>) -> Bool {
        if word.count >= shortestHex, word.allSatisfy(isHex), word.contains(where: isDigit), word.contains(where: { $0 >= 0x41 }) {
            return true
        }
        guard word.count >= shortestKey, word.allSatisfy({ isAlphanumeric($0) || "+/_-=.~".utf8.contains($0) }) else { return false }
        let upper = word.count { (0x41...0x5A).contains($0) }
        let lower = word.count { (0x61...0x7A).contains($0) }
        let digits = word.count(where: isDigit)
        // Names of Kubernetes have no upper case, classes of programs few digits.
        guard upper >= 3, lower >= 3, digits >= 1 else { return false }
        let isLong = word.count >= longKey
        return digits >= 2 ? entropy(word) >= leastEntropy : isLong && entropy(word) >= longEntropy
    }

    /// Bits a character, by Shannon.
    private static func entropy(_ word: ArraySlice<UInt8>) -> Double {
        var counts = [Int](repeating: 0, count: 256)
        for byte in word { counts[Int(byte)] += 1 }
        let total = Double(word.count)
        return counts.reduce(0) { sum, count in
            guard count > 0 else { return sum }
            let share = Double(count) / total
            return sum - share * log2(share)
        }
    }

    /// Image digests and UIDs are public names.
    private static func isDigestOrUID(_ word: ArraySlice<UInt8>) -> Bool {
        let text = String(decoding: word, as: UTF8.self)
        if let mark = text.range(of: "sha256:") { return text[mark.upperBound...].utf8.allSatisfy(isHex) }
        let groups = text.split(separator: "-", omittingEmptySubsequences: false)
        return groups.map(\.utf8.count) == [8, 4, 4, 4, 12] && groups.allSatisfy { $0.utf8.allSatisfy(isHex) }
    }

    private static func isDigestPart(_ part: ArraySlice<UInt8>, _ word: ArraySlice<UInt8>) -> Bool {
        let before = word[word.startIndex..<part.startIndex]
        return String(decoding: before.suffix(7), as: UTF8.self) == "sha256:"
    }

    private static func isMail(_ word: ArraySlice<UInt8>) -> Bool {
        let parts = word.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        guard parts.count == 2, let domain = parts.last, !(parts.first?.isEmpty ?? true) else { return false }
        let labels = domain.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return labels.count >= 2 && labels.allSatisfy { !$0.isEmpty } && (labels.last?.count ?? 0) >= 2
            && (labels.last?.allSatisfy { isLetter($0) } ?? false)
    }

    private static func isAddress(_ word: ArraySlice<UInt8>) -> Bool {
        let host = word.count { $0 == UInt8(ascii: ":") } == 1 ? word.prefix { $0 != UInt8(ascii: ":") } : word
        let parts = host.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        if parts.count == 4, parts.allSatisfy({ UInt8(String(decoding: $0, as: UTF8.self)) != nil }) { return true }
        let groups = word.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        return (3...8).contains(groups.count) && groups.allSatisfy { $0.count <= 4 && $0.allSatisfy(isHex) }
            && groups.contains { $0.contains { $0 >= 0x41 } } && word.count >= 6
    }

    // MARK: Numbers

    /// Phone numbers in international form, and card numbers that pass their check sum.
    private static func number(at start: Int, _ bytes: [UInt8]) -> Hit? {
        let isPlus = bytes[start] == UInt8(ascii: "+")
        guard isPlus || isDigit(bytes[start]), start == 0 || !isWordByte(bytes[start - 1]) else { return nil }
        var end = start + (isPlus ? 1 : 0)
        var digits: [UInt8] = []
        // The longest run of groups that is a number: `(5 times)` may follow.
        var found: Hit?
        while end < bytes.count, digits.count < 20 {
            if isDigit(bytes[end]) {
                digits.append(bytes[end] - 0x30)
                let isGroupEnd = end + 1 >= bytes.count || !(isAlphanumeric(bytes[end + 1]))
                if isGroupEnd, let word = kind(digits, isPlus) { found = Hit(range: start..<end + 1, word: word) }
            } else if !" -()".utf8.contains(bytes[end]) || end + 1 >= bytes.count
                || !(isDigit(bytes[end + 1]) || "()".utf8.contains(bytes[end + 1]))
            {
                break
            }
            end += 1
        }
        return found
    }

    private static func kind(_ digits: [UInt8], _ isPlus: Bool) -> String? {
        if isPlus { return (8...15).contains(digits.count) ? "phone" : nil }
        return (13...19).contains(digits.count) && isCard(digits) ? "card" : nil
    }

    /// The check sum of Luhn (ISO/IEC 7812), and a beginning that cards have.
    private static func isCard(_ digits: [UInt8]) -> Bool {
        guard let first = digits.first, (2...6).contains(first) else { return false }
        let sum = digits.reversed().enumerated().reduce(0) { sum, pair in
            let digit = Int(pair.element)
            return sum + (pair.offset % 2 == 0 ? digit : digit < 5 ? digit * 2 : digit * 2 - 9)
        }
        return sum % 10 == 0
    }

    // MARK: Bytes

    private static func wordEnd(_ start: Int, _ bytes: [UInt8]) -> Int {
        var end = start
        while end < bytes.count, isWordByte(bytes[end]) { end += 1 }
        return end
    }

    private static func trimmed(_ range: Range<Int>, _ bytes: [UInt8]) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while end > start, ".:-/".utf8.contains(bytes[end - 1]) { end -= 1 }
        while start < end, ".:-/".utf8.contains(bytes[start]) { start += 1 }
        return start..<end
    }

    private static func isWordByte(_ byte: UInt8) -> Bool { isAlphanumeric(byte) || "@._-+/=:~%".utf8.contains(byte) }
    private static func isAlphanumeric(_ byte: UInt8) -> Bool { isDigit(byte) || isLetter(byte) }
    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    private static func isHex(_ byte: UInt8) -> Bool { isDigit(byte) || (0x61...0x66).contains(byte | 0x20) }
}
