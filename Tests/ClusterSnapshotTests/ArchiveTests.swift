import Foundation
import Testing

@testable import ClusterSnapshot

@Suite struct ArchiveTests {
    @Test func `what is packed unpacks to the same bytes`() throws {
        let data = Data((0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
        let packed = try Gzip.pack(data)
        #expect(packed.count < data.count)
        #expect(try Gzip.unpack(packed, limit: data.count) == data)
        #expect(try Gzip.unpack(Gzip.pack(Data()), limit: 0).isEmpty)
    }

    @Test func `members one after another are one file`() throws {
        let packed = try Gzip.pack(Data("one".utf8)) + Gzip.pack(Data("two".utf8)) + Data(repeating: 0, count: 64)
        #expect(try Gzip.unpack(packed, limit: 100) == Data("onetwo".utf8))
    }

    @Test func `a decompression bomb ends in an error`() throws {
        let bomb = try Gzip.pack(Data(repeating: 0, count: 8 << 20))
        #expect(bomb.count < 20_000)
        #expect { try Gzip.unpack(bomb, limit: 1 << 20) } throws: { if case Gzip.Failure.tooLarge = $0 { true } else { false } }
    }

    @Test(arguments: [0, 1, 5, 20, -1, -9]) func `a cut gzip file is damaged`(count: Int) throws {
        let packed = try Gzip.pack(Data((0..<5_000).map { UInt8(truncatingIfNeeded: $0 &* $0) }))
        let kept = count < 0 ? packed.count + count : count
        #expect(throws: Gzip.Failure.self) { try Gzip.unpack(packed.prefix(kept), limit: 1 << 20) }
        var broken = packed
        broken[broken.count - 6] ^= 0xFF
        #expect(throws: Gzip.Failure.self) { try Gzip.unpack(broken, limit: 1 << 20) }
    }

    @Test func `names of every length come back`() throws {
        let lengths = [1, 99, 100, 101, 200, 255, 300, 1_000]
        let files = Dictionary(
            uniqueKeysWithValues: lengths.map { length -> (String, Data) in
                let path = String(String(repeating: "abcdefghi/", count: 120).prefix(length - 1)) + "z"
                return (path.replacing("//", with: "/"), Data("\(length)".utf8))
            })
        #expect(try TarArchive.files(in: TarArchive.archive(files), limit: 100) == files)
    }

    @Test func `a name of one long component goes through pax`() throws {
        let files = ["logs/" + String(repeating: "p", count: 180) + ".log": Data("x".utf8), "ümlaut.json": Data()]
        #expect(try TarArchive.files(in: TarArchive.archive(files), limit: 100) == files)
    }

    @Test func `the same files always give the same bytes`() {
        let files = ["b": Data("2".utf8), "a": Data("1".utf8), "c/d": Data("3".utf8)]
        #expect(TarArchive.archive(files) == TarArchive.archive(files))
        #expect(TarArchive.archive(files).count % 512 == 0)
    }

    @Test(arguments: ["../evil", "/etc/passwd", "a/../../evil", "a/\u{1}b", "..", "a\\..\\b"])
    func `a name that leaves the archive is ignored`(name: String) throws {
        let archive = TarArchive.archive(["good": Data("ok".utf8), name: Data("evil".utf8)])
        #expect(try TarArchive.files(in: archive, limit: 10) == ["good": Data("ok".utf8)])
    }

    @Test(arguments: Array("123456")) func `links and devices are ignored`(type: Character) throws {
        let archive = Self.retyped(TarArchive.archive(["link": Data(), "plain": Data("x".utf8)]), first: type)
        #expect(try TarArchive.files(in: archive, limit: 10).keys.sorted() == ["plain"])
    }

    @Test func `more entries than allowed, a broken header and a missing end are errors`() throws {
        let archive = TarArchive.archive(["a": Data("1".utf8), "b": Data("2".utf8)])
        #expect { try TarArchive.files(in: archive, limit: 1) } throws: {
            if case TarArchive.Failure.tooManyEntries = $0 { true } else { false }
        }
        var broken = archive
        broken[3] = 0x41
        #expect(throws: TarArchive.Failure.self) { try TarArchive.files(in: broken, limit: 9) }
        #expect(throws: TarArchive.Failure.self) { try TarArchive.files(in: archive.prefix(512), limit: 9) }
        #expect(throws: TarArchive.Failure.self) { try TarArchive.files(in: archive.prefix(1_024), limit: 9) }
        #expect(throws: TarArchive.Failure.self) { try TarArchive.files(in: Data(repeating: 7, count: 4_096), limit: 9) }
    }

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/bin/tar")), arguments: ["gnu", "pax", "ustar"])
    func `archives of the system's tar are read, and ours by it`(format: String) async throws {
        let directory = try TemporaryDirectory()
        var names = ["snapshot/snapshot.json", "snapshot/api/v1/pods.json"]
        if format != "ustar" { names.append("snapshot/logs/shop/" + String(repeating: "n", count: 120) + "/c.log") }
        for name in names { try directory.write("text of \(name)", to: name) }
        let made = try await Command.run(
            "/bin/tar", ["--format=\(format)", "-cf", directory.file("x.tar"), "-C", directory.path, "snapshot"])
        #expect(made.status == 0, "\(made.errors)")
        let files = try TarArchive.files(in: Data(contentsOf: URL(filePath: directory.file("x.tar"))), limit: 100)
        #expect(files.keys.sorted() == names.sorted())
        #expect(files[names[1]] == Data("text of \(names[1])".utf8))

        try TarArchive.archive(files).write(to: URL(filePath: directory.file("ours.tar")))
        let listed = try await Command.run("/bin/tar", ["-tf", directory.file("ours.tar")])
        #expect(listed.output.split(separator: "\n").map(String.init) == names.sorted())
    }

    /// Changes the type of the first entry and mends the checksum.
    private static func retyped(_ archive: Data, first type: Character) -> Data {
        var bytes = [UInt8](archive)
        bytes[156] = type.asciiValue ?? 0
        for index in 148..<156 { bytes[index] = 0x20 }
        let sum = bytes[..<512].reduce(0) { $0 + Int($1) }
        let digits = String(sum, radix: 8)
        for (index, byte) in (String(repeating: "0", count: 6 - digits.count) + digits).utf8.enumerated() { bytes[148 + index] = byte }
        bytes[154] = 0
        return Data(bytes)
    }
}
