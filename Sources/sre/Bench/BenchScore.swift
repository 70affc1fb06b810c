import IncidentModel

/// Right answers among those that count.
struct Tally: Encodable, Sendable, Hashable {
    private(set) var count = 0
    private(set) var total = 0

    mutating func add(_ isRight: Bool) {
        total += 1
        if isRight { count += 1 }
    }

    /// `nil` where nothing counts.
    var share: Double? { total > 0 ? Double(count) / Double(total) : nil }

    enum CodingKeys: String, CodingKey { case count, total, share }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(count, forKey: .count)
        try container.encode(total, forKey: .total)
        try container.encode(share, forKey: .share)
    }
}

/// The scores of a run, as `docs/snapshot-format.md` defines them.
struct BenchScore: Encodable, Sendable {
    /// The top answer's object is right.
    var componentAccuracy = Tally()
    /// The top answer's cause is right.
    var faultAccuracy = Tally()
    /// The top answer's object and cause are right.
    var jointAccuracy = Tally()
    /// One of the first three answers is right in both.
    var jointAccuracyAt3 = Tally()
    /// The right top answer names every fact of the label; of the cases whose label has facts.
    var facts = Tally()
    /// Healthy cases on which a cause of medium or high confidence was reported.
    var falseAlarms = Tally()
    /// Healthy cases on which none was.
    var healthySilent = Tally()
    /// Answers of high confidence that are right: what a reader acts on without checking.
    var highPrecision = Tally()
    var calibration = Calibration()

    enum CodingKeys: String, CodingKey {
        case componentAccuracy = "ca"
        case faultAccuracy = "fa"
        case jointAccuracy = "jra"
        case jointAccuracyAt3 = "jra_at_3"
        case facts
        case falseAlarms = "false_alarms"
        case healthySilent = "healthy_silent"
        case highPrecision = "high_precision"
        case calibration
    }

    /// Counts the answers to one labelled case.
    /// - Returns: whether the case was answered rightly: jointly, or with silence where it is healthy.
    @discardableResult
    mutating func add(_ answers: [RootCause], label: BenchLabel) -> Bool {
        if label.isHealthy {
            let isAlarm = answers.contains { $0.level >= .medium }
            falseAlarms.add(isAlarm)
            healthySilent.add(!isAlarm)
            if let top = answers.first { addClaim(top, isRight: false) }
            return !isAlarm
        }
        let top = answers.first
        let match = top.flatMap { top in label.rootCauses.first { $0.accepts(top) } }
        componentAccuracy.add(top.map { top in label.rootCauses.contains { $0.acceptsObject(of: top) } } ?? false)
        faultAccuracy.add(top.map { top in label.rootCauses.contains { $0.acceptsCause(of: top) } } ?? false)
        jointAccuracy.add(match != nil)
        jointAccuracyAt3.add(answers.prefix(3).contains { answer in label.rootCauses.contains { $0.accepts(answer) } })
        if label.rootCauses.contains(where: { !$0.facts.isEmpty }) {
            facts.add(top.map { top in match?.factsAreNamed(by: top) ?? false } ?? false)
        }
        if let top { addClaim(top, isRight: match != nil) }
        return match != nil
    }

    private mutating func addClaim(_ answer: RootCause, isRight: Bool) {
        calibration.add(confidence: answer.confidence, isRight: isRight)
        if answer.level == .high { highPrecision.add(isRight) }
    }
}

/// How well the top answer's confidence tells right from wrong. Abstentions have no confidence and do not count.
struct Calibration: Encodable, Sendable {
    private static let binCount = 10
    private var squaredError = 0.0
    private var answered = 0
    private var bins = Array(repeating: (count: 0, confidence: 0.0, right: 0), count: binCount)

    mutating func add(confidence: Double, isRight: Bool) {
        let confidence = min(max(confidence, 0), 1)
        squaredError += (confidence - (isRight ? 1 : 0)) * (confidence - (isRight ? 1 : 0))
        answered += 1
        let bin = min(Int(confidence * Double(Self.binCount)), Self.binCount - 1)
        bins[bin].count += 1
        bins[bin].confidence += confidence
        bins[bin].right += isRight ? 1 : 0
    }

    /// Mean squared distance of confidence and outcome (Brier 1950): 0 is perfect.
    var brierScore: Double? { answered > 0 ? squaredError / Double(answered) : nil }

    /// Expected calibration error over ten bins of equal width: 0 is perfect.
    var expectedError: Double? {
        guard answered > 0 else { return nil }
        return bins.reduce(0) { $0 + abs($1.confidence - Double($1.right)) } / Double(answered)
    }

    enum CodingKeys: String, CodingKey {
        case answered
        case brierScore = "brier_score"
        case expectedError = "expected_calibration_error"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(answered, forKey: .answered)
        try container.encode(brierScore, forKey: .brierScore)
        try container.encode(expectedError, forKey: .expectedError)
    }
}
