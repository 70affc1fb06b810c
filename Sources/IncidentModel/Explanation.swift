/// A report in a model's words. It adds no facts: each sentence cites the evidence it rests on, and code has dropped those that do not.
public struct Explanation: Codable, Sendable, Hashable {
    public struct Sentence: Codable, Sendable, Hashable {
        public var text: String
        /// Citations of root causes: `1.e2` is `e2` of the first one.
        public var evidence: [String]

        public init(text: String, evidence: [String]) {
            self.text = text
            self.evidence = evidence
        }
    }

    /// Provider and model.
    public var model: String
    public var summary: [Sentence]
    public var timeline: [Sentence]
    public var impact: [Sentence]
    public var nextSteps: [Sentence]
    /// Sentences that were dropped because the evidence does not carry them.
    public var dropped: Int

    public init(
        model: String, summary: [Sentence] = [], timeline: [Sentence] = [], impact: [Sentence] = [], nextSteps: [Sentence] = [],
        dropped: Int = 0
    ) {
        self.model = model
        self.summary = summary
        self.timeline = timeline
        self.impact = impact
        self.nextSteps = nextSteps
        self.dropped = dropped
    }

    /// The parts in the order in which they are read, with their titles; empty ones are left out.
    public var sections: [(title: String, sentences: [Sentence])] {
        [("Summary", summary), ("Timeline", timeline), ("Impact", impact), ("Next steps", nextSteps)].filter { !$0.1.isEmpty }
    }

    enum CodingKeys: String, CodingKey {
        case model, summary, timeline, impact
        case nextSteps = "next_steps"
        case dropped
    }
}
