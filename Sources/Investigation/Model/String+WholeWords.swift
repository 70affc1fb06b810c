extension StringProtocol {
    /// Whether `word` occurs in this text with no character beside it that would make it a part of a longer word.
    func contains(whole word: String, unlessBeside continues: (Character) -> Bool) -> Bool {
        var rest = self[...]
        while let found = rest.firstRange(of: word) {
            let before = self[..<found.lowerBound].last
            let after = self[found.upperBound...].first
            if ![before, after].contains(where: { $0.map(continues) ?? false }) { return true }
            rest = self[found.upperBound...]
        }
        return false
    }
}
