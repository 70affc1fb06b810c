import FoundationEssentials

/// The tar format, as far as archives of plain files need it: ustar, with long names of pax and GNU.
///
/// Everything that is not a regular file (links, devices, directories) is passed over, and so is every name that would leave
/// the directory it is unpacked into: nothing here ever names a file outside the archive.
enum TarArchive {
    enum Failure: Error {
        case tooManyEntries
        case damaged(String)
    }

    private static let blockSize = 512
    /// Bound on a pax header or a GNU long name: no path is longer.
    private static let largestHeader = 1 << 20

    // MARK: Reading

    /// The regular files by cleaned path; their contents share memory with `data`.
    static func files(in data: Data, limit: Int) throws(Failure) -> [String: Data] {
        var files: [String: Data] = [:]
        var position = data.startIndex
        var entries = 0
        var longName: String?
        var longSize: Int?
        while position + blockSize <= data.endIndex {
            let header = data[position..<position + blockSize]
            if header.allSatisfy({ $0 == 0 }) { return files }
            try checkSum(of: header)
            entries += 1
            guard entries <= limit else { throw .tooManyEntries }
            let type = header[header.startIndex + 156]
            let name = longName ?? self.name(in: header)
            guard let size = longSize ?? number(header, at: 124, count: 12), size >= 0, size <= data.endIndex - position - blockSize else {
                throw .damaged("it ends in the middle of \(printable(name))")
            }
            let start = position + blockSize
            let content = data[start..<start + size]
            position = min(start + (size + blockSize - 1) / blockSize * blockSize, data.endIndex)
            switch type {
            case UInt8(ascii: "x"):
                let records = try paxRecords(content)
                longName = records["path"] ?? longName
                longSize = records["size"].flatMap { Int($0) }
                continue
            case UInt8(ascii: "L"):
                guard size <= largestHeader else { throw .damaged("a file name is too long") }
                longName = text(content)
                continue
            case UInt8(ascii: "g"), UInt8(ascii: "K"): continue
            case UInt8(ascii: "0"), UInt8(ascii: "7"), 0:
                if let path = SnapshotPath.cleaned(name) { files[path] = content }
            default: break
            }
            longName = nil
            longSize = nil
        }
        throw .damaged("its end is missing")
    }

    private static func name(in header: Data) -> String {
        let name = text(field(header, at: 0, count: 100))
        guard text(field(header, at: 257, count: 5)) == "ustar" else { return name }
        // GNU's own header keeps other things where ustar has the prefix.
        guard header[header.startIndex + 263] == UInt8(ascii: "0") else { return name }
        let prefix = text(field(header, at: 345, count: 155))
        return prefix.isEmpty ? name : prefix + "/" + name
    }

    private static func field(_ header: Data, at offset: Int, count: Int) -> Data {
        header[header.startIndex + offset..<header.startIndex + offset + count]
    }

    private static func text(_ bytes: Data) -> String {
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }

    /// Octal digits, or GNU's big-endian binary form.
    private static func number(_ header: Data, at offset: Int, count: Int) -> Int? {
        let bytes = field(header, at: offset, count: count)
        if let first = bytes.first, first & 0x80 != 0 {
            guard first == 0x80 else { return nil }
            return bytes.dropFirst().reduce(Int?(0)) { value, byte in
                value.flatMap { $0 > Int.max >> 8 ? nil : $0 << 8 | Int(byte) }
            }
        }
        let digits = text(bytes).filter { $0 != " " }
        return digits.isEmpty ? 0 : Int(digits, radix: 8)
    }

    private static func checkSum(of header: Data) throws(Failure) {
        let stored = number(header, at: 148, count: 8)
        var sum = 0
        for (offset, byte) in header.enumerated() { sum += (148..<156).contains(offset) ? 32 : Int(byte) }
        guard stored == sum else { throw .damaged("a header is not valid tar") }
    }

    /// `<length> <key>=<value>\n` records.
    private static func paxRecords(_ data: Data) throws(Failure) -> [String: String] {
        guard data.count <= largestHeader else { throw .damaged("a header is too long") }
        var records: [String: String] = [:]
        var rest = data
        while let space = rest.firstIndex(of: UInt8(ascii: " ")) {
            guard let length = Int(String(decoding: rest[..<space], as: UTF8.self)), length > space - rest.startIndex + 1,
                length <= rest.count
            else { throw .damaged("a header is not valid pax") }
            let record = rest[(space + 1)..<(rest.startIndex + length)].dropLast()
            if let equals = record.firstIndex(of: UInt8(ascii: "=")) {
                records[String(decoding: record[..<equals], as: UTF8.self)] = String(decoding: record[(equals + 1)...], as: UTF8.self)
            }
            rest = rest[(rest.startIndex + length)...]
        }
        return records
    }

    private static func printable(_ name: String) -> String {
        String(name.unicodeScalars.prefix(200).map { $0.value < 0x20 || $0.value == 0x7F ? "?" : Character($0) })
    }

    // MARK: Writing

    /// An archive of files in path order with no times, owners or other traces of where it was made.
    static func archive(_ files: [String: Data]) -> Data {
        var archive = Data()
        for (path, content) in files.sorted(by: { $0.key < $1.key }) {
            if let (prefix, name) = split(path) {
                archive.append(header(prefix: prefix, name: name, size: content.count, type: "0"))
            } else {
                let record = paxRecord("path", path)
                archive.append(header(prefix: "", name: "PaxHeader", size: record.count, type: "x"))
                archive.append(padded(record))
                archive.append(
                    header(prefix: "", name: String(decoding: path.utf8.suffix(99), as: UTF8.self), size: content.count, type: "0"))
            }
            archive.append(padded(content))
        }
        archive.append(Data(repeating: 0, count: 2 * blockSize))
        return archive
    }

    /// Prefix and name as ustar stores a path, `nil` where it does not fit.
    private static func split(_ path: String) -> (prefix: String, name: String)? {
        let bytes = Array(path.utf8)
        if bytes.count <= 100 { return ("", path) }
        let slashes = bytes.indices.filter { bytes[$0] == UInt8(ascii: "/") }
        guard let slash = slashes.first(where: { bytes.count - $0 - 1 <= 100 }), slash <= 155, slash > 0 else { return nil }
        return (String(decoding: bytes[..<slash], as: UTF8.self), String(decoding: bytes[(slash + 1)...], as: UTF8.self))
    }

    private static func header(prefix: String, name: String, size: Int, type: Character) -> Data {
        var header = [UInt8](repeating: 0, count: blockSize)
        func put(_ text: String, at offset: Int, count: Int) {
            for (index, byte) in text.utf8.prefix(count).enumerated() { header[offset + index] = byte }
        }
        put(name, at: 0, count: 100)
        put("0000644", at: 100, count: 8)
        put("0000000", at: 108, count: 8)
        put("0000000", at: 116, count: 8)
        put(octal(size, digits: 11), at: 124, count: 12)
        put("00000000000", at: 136, count: 12)
        put(String(type), at: 156, count: 1)
        put("ustar", at: 257, count: 6)
        put("00", at: 263, count: 2)
        put(prefix, at: 345, count: 155)
        for index in 148..<156 { header[index] = UInt8(ascii: " ") }
        let sum = header.reduce(0) { $0 + Int($1) }
        put(octal(sum, digits: 6) + "\0 ", at: 148, count: 8)
        return Data(header)
    }

    private static func octal(_ value: Int, digits: Int) -> String {
        let text = String(value, radix: 8)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }

    private static func padded(_ content: Data) -> Data {
        content + Data(repeating: 0, count: (blockSize - content.count % blockSize) % blockSize)
    }

    private static func paxRecord(_ key: String, _ value: String) -> Data {
        let payload = " \(key)=\(value)\n"
        var length = payload.utf8.count
        // The length counts its own digits.
        while length != payload.utf8.count + String(length).utf8.count { length = payload.utf8.count + String(length).utf8.count }
        return Data("\(length)\(payload)".utf8)
    }
}
