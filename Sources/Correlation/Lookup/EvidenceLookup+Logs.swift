internal import ClusterModel
internal import FoundationEssentials
public import IncidentModel

extension EvidenceLookup {
    /// Replicas fail alike: the logs of more of them say nothing new.
    private static let mostPods = 3
    /// Longest log that is looked through, from its end.
    private static let mostLines = 2_000
    private static let mostWords = 16

    /// Lines of the logs of a pod or of the pods of a workload or Service, oldest first; lines that say the same are one, the last of them.
    /// - Parameters:
    ///   - container: nil for all.
    ///   - pattern: words of which a line has to have one, separated by `|`, in any case; nil for all lines.
    ///   - minutes: how far back from the moment of the evidence; nil for all.
    public func logs(of object: ObjectReference, container: String?, pattern: String?, minutes: Double?) -> [Piece] {
        let words = (pattern ?? "").lowercased().split(separator: "|").map { $0.filter { $0 != "*" } }.filter { !$0.isEmpty }
            .prefix(Self.mostWords)
        let earliest = minutes.map { view.now.addingTimeInterval(-$0 * 60) }
        return chosenPods(of: object).flatMap { pod in
            view.logs(of: pod).filter { container == nil || $0.container == container }.flatMap { log in
                merged(lines(of: log), pod, log).filter { piece in
                    if let earliest, let time = piece.citation.time, time < earliest { return false }
                    let text = piece.citation.text.lowercased()
                    return words.isEmpty || words.contains(where: text.contains)
                }
            }
        }
    }

    /// Pods in trouble first.
    private func chosenPods(of object: ObjectReference) -> [Pod] {
        let pods = pods(of: object).filter { !view.logs(of: $0).isEmpty }
        return Array((pods.filter { !$0.isReady } + pods.filter(\.isReady)).prefix(Self.mostPods))
    }

    /// The pods of an object whose logs would be looked at, if they were read.
    public func podsForLogs(of object: ObjectReference) -> [ObjectReference] {
        let pods = pods(of: object)
        return (pods.filter { !$0.isReady } + pods.filter(\.isReady)).prefix(Self.mostPods).map(\.reference)
    }

    private func lines(of log: ContainerLog) -> [LogLine] {
        let raw = log.text.split(whereSeparator: \.isNewline).suffix(Self.mostLines)
        return raw.enumerated().compactMap { number, text in
            let bytes = Array(text.utf8.prefix(LogReader.maximumLineLength))
            let record = bytes.withUnsafeBufferPointer { LogRecord($0, number: number + 1, now: view.now) }
            return record.isBlank ? nil : record.line
        }
    }

    private func merged(_ lines: [LogLine], _ pod: Pod, _ log: ContainerLog) -> [Piece] {
        var counts: [String: Int] = [:]
        var last: [String: LogLine] = [:]
        for line in lines {
            let template = LogTemplate.of(line.text)
            counts[template, default: 0] += 1
            last[template] = line
        }
        return last.sorted { $0.value.number < $1.value.number }.map { template, line in
            let times = counts[template].map { $0 > 1 ? " (\($0) times)" : "" } ?? ""
            let run = log.isPrevious ? "[run before] " : ""
            let citation = Citation.log(pod, log.container, line)
            return Piece(citation, shown: run + Citation.cut(template) + times, weight: weight(line, of: lines))
        }
    }

    // What a program says last is often why it ended.
    private func weight(_ line: LogLine, of lines: [LogLine]) -> Int {
        switch line.level {
        case .fatal?, .error?: 3
        case .warning?: 2
        case .info?, .debug?: 0
        case nil: line.number > (lines.last?.number ?? 0) - 5 ? 2 : 1
        }
    }
}
