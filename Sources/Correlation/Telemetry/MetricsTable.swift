internal import FoundationEssentials
internal import IncidentModel

/// `metrics.csv`: one row a scrape, one column a series. Whatever cannot be read is left out and named.
struct MetricsTable: Sendable {
    let series: [TimeSeries]
    let gaps: [EvidenceGap]

    static let path = "telemetry/metrics.csv"
    static let empty = MetricsTable(series: [], gaps: [])
    /// More than this is no recording of one incident.
    private static let mostBytes = 256 << 20
    private static let mostColumns = 4_000
    private static let longestName = 253
    /// Values kept, 32 MB of them; of longer tables every n-th row is read.
    private static let mostCells = 4_000_000

    private init(series: [TimeSeries], gaps: [EvidenceGap]) {
        self.series = series
        self.gaps = gaps
    }

    init(_ data: Data) {
        guard data.count <= Self.mostBytes else {
            self.init(series: [], gaps: [EvidenceGap(path: Self.path, reason: "\(data.count) bytes are more than is read")])
            return
        }
        self = data.withUnsafeBytes { Self.read($0) }
    }

    private static func read(_ bytes: UnsafeRawBufferPointer) -> MetricsTable {
        var lines = CSVLines(bytes)
        guard let header = lines.next()?.map({ $0.text.trimmedCell }), header.count > 1 else {
            return MetricsTable(series: [], gaps: [EvidenceGap(path: path, reason: "it has no header with a time and a series")])
        }
        guard let time = header.firstIndex(where: { ["time", "timestamp", "ts", "date", "datetime", ""].contains($0.lowercased()) }) else {
            return MetricsTable(series: [], gaps: [EvidenceGap(path: path, reason: "no column is called time")])
        }
        var gaps: [EvidenceGap] = []
        if header.count > mostColumns {
            gaps.append(EvidenceGap(path: path, reason: "only the first \(mostColumns) of \(header.count) columns are read"))
        }
        let columns = header.indices.prefix(mostColumns).filter {
            $0 != time && !header[$0].isEmpty && header[$0].utf8.count <= longestName
        }
        let rows = lines.remainingLines
        let stride = max(1, rows * columns.count / mostCells)
        if stride > 1 { gaps.append(EvidenceGap(path: path, reason: "of \(rows) rows every \(stride)th is read")) }
        let (table, unread) = cells(&lines, columns, time: time, stride: stride, width: header.count)
        if unread > 0 { gaps.append(EvidenceGap(path: path, reason: "\(unread) rows have no time that can be read")) }
        let order = table.map(\.time).enumerated().sorted { ($0.element, $0.offset) < ($1.element, $1.offset) }.map(\.offset)
        let series = columns.indices.map { column -> TimeSeries in
            let kept = order.filter { table[$0].values[column].isFinite }
            return TimeSeries(
                name: header[columns[column]], times: kept.map { table[$0].time }, values: kept.map { table[$0].values[column] })
        }
        return MetricsTable(series: series.filter { !$0.values.isEmpty }, gaps: gaps)
    }

    private typealias Row = (time: Double, values: [Double])

    private static func cells(
        _ lines: inout CSVLines, _ columns: [Int], time: Int, stride: Int, width: Int
    ) -> (rows: [Row], unread: Int) {
        var rows: [Row] = []
        var unread = 0
        var number = 0
        while let cells = lines.next() {
            number += 1
            guard number % stride == 0 else { continue }
            guard cells.count > 1 || width == 1 else { continue }
            guard cells.indices.contains(time), let moment = cells[time].time else {
                unread += 1
                continue
            }
            rows.append((moment, columns.map { cells.indices.contains($0) ? cells[$0].number ?? .nan : .nan }))
        }
        return (rows, unread)
    }
}

extension String {
    /// Without the blanks, quotes and byte order mark around a cell.
    fileprivate var trimmedCell: String {
        var text = self[...]
        while let last = text.unicodeScalars.last, last.value <= 0x20 { text.unicodeScalars.removeLast() }
        while let first = text.unicodeScalars.first, first.value <= 0x20 || first.value == 0xFEFF { text.unicodeScalars.removeFirst() }
        return String(text)
    }
}
