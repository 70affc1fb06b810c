internal import FoundationEssentials
internal import IncidentModel

/// The lines of a CSV text as cells, read one by one; quoted cells may hold commas and doubled quotes, but no line breaks.
struct CSVLines {
    /// One cell as its bytes.
    struct Cell {
        let bytes: [UInt8]

        var text: String { String(decoding: bytes, as: UTF8.self) }

        /// Its number; `nil` for an empty cell, for words, and for what is no finite number.
        var number: Double? {
            let trimmed = bytes.drop { $0 <= 0x20 }
            guard let first = trimmed.first, trimmed.count <= 40 else { return nil }
            guard (0x30...0x39).contains(first) || first == UInt8(ascii: "-") || first == UInt8(ascii: "+") || first == UInt8(ascii: ".")
            else { return nil }
            var text = String(decoding: trimmed, as: UTF8.self)
            while let last = text.utf8.last, last <= 0x20 { text.removeLast() }
            return Double(text).flatMap { $0.isFinite ? $0 : nil }
        }

        /// Seconds since 1970, from seconds, milliseconds and finer, or an RFC 3339 time.
        var time: Double? {
            guard var seconds = number else {
                var text = text
                while let last = text.utf8.last, last <= 0x20 { text.removeLast() }
                return (RFC3339.parse(text) ?? RFC3339.parse(text + "Z"))?.timeIntervalSince1970
            }
            // Seconds reach 1e11 in the year 5138.
            while abs(seconds) > 1e11 { seconds /= 1_000 }
            return seconds
        }
    }

    private let bytes: UnsafeRawBufferPointer
    private var position = 0
    /// Cells of one line beyond which nothing is kept.
    private static let mostCells = 20_000

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// How many lines are left, about.
    var remainingLines: Int { bytes[position...].reduce(0) { $0 + ($1 == 0x0A ? 1 : 0) } + 1 }

    mutating func next() -> [Cell]? {
        guard position < bytes.count else { return nil }
        var cells: [Cell] = []
        var cell: [UInt8] = []
        var isQuoted = false
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == 0x0A { break }
            switch byte {
            case UInt8(ascii: "\""):
                if isQuoted, position < bytes.count, bytes[position] == byte {
                    cell.append(byte)
                    position += 1
                } else {
                    isQuoted.toggle()
                }
            case UInt8(ascii: ",") where !isQuoted:
                if cells.count < Self.mostCells { cells.append(Cell(bytes: cell)) }
                cell = []
            case 0x0D: continue
            default: if cell.count < 1_024 { cell.append(byte) }
            }
        }
        if cells.count < Self.mostCells { cells.append(Cell(bytes: cell)) }
        return cells
    }
}
