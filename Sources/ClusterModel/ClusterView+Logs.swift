extension ClusterView {
    /// The logs of a pod as one text: each line prefixed with `[container]`, or `[container previous]` for the run before.
    /// - Parameter lastLines: lines kept of each run of each container, counted from the end.
    public func combinedLog(of pod: Pod, lastLines: Int) -> String {
        logs(of: pod).map { log in
            let name = log.isPrevious ? "\(log.container) previous" : log.container
            return log.text.split(whereSeparator: \.isNewline).suffix(max(0, lastLines)).map { "[\(name)] \($0)\n" }.joined()
        }.joined()
    }
}
