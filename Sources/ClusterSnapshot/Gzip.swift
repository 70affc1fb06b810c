import CZlib
import FoundationEssentials

/// Gzip compression of whole buffers.
enum Gzip {
    enum Failure: Error {
        case tooLarge
        case damaged(String)
    }

    static let magic: [UInt8] = [0x1F, 0x8B]

    private static let chunkSize = 1 << 18
    /// 15 bits of window; 16 more ask zlib for the gzip wrapping.
    private static let windowBits: Int32 = 15 + 16

    /// Unpacks `data`, all members of it.
    /// - Throws: `.tooLarge` as soon as more than `limit` bytes come out.
    static func unpack(_ data: Data, limit: Int) throws(Failure) -> Data {
        var stream = z_stream()
        guard inflateInit2_(&stream, windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw .damaged("zlib did not start")
        }
        defer { inflateEnd(&stream) }
        let result: Result<Data, Failure> = data.withUnsafeBytes { input in
            stream.next_in = UnsafeMutablePointer(mutating: input.bindMemory(to: UInt8.self).baseAddress)
            stream.avail_in = UInt32(clamping: input.count)
            return Result { () throws(Failure) in try inflateAll(&stream, limit: limit) }
        }
        return try result.get()
    }

    private static func inflateAll(_ stream: inout z_stream, limit: Int) throws(Failure) -> Data {
        var output = Data()
        var chunk = [UInt8](repeating: 0, count: chunkSize)
        while true {
            let (status, count) = chunk.withUnsafeMutableBufferPointer { buffer in
                stream.next_out = buffer.baseAddress
                stream.avail_out = UInt32(buffer.count)
                let status = inflate(&stream, Z_NO_FLUSH)
                return (status, buffer.count - Int(stream.avail_out))
            }
            guard output.count + count <= limit else { throw .tooLarge }
            output.append(contentsOf: chunk[..<count])
            switch status {
            case Z_STREAM_END:
                // Another member may follow; zeros or other padding end the file.
                guard stream.avail_in > 2, let next = stream.next_in, next[0] == magic[0], next[1] == magic[1] else { return output }
                inflateReset(&stream)
            case Z_OK where count > 0 || stream.avail_in > 0: continue
            case Z_OK, Z_BUF_ERROR: throw .damaged("the compressed data ends in the middle")
            default: throw .damaged(stream.msg.map { String(cString: $0) } ?? "zlib error \(status)")
            }
        }
    }

    /// Packs `data`; the same bytes always give the same result, for no time or name is stored.
    static func pack(_ data: Data) throws(Failure) -> Data {
        var stream = z_stream()
        let size = Int32(MemoryLayout<z_stream>.size)
        guard deflateInit2_(&stream, 9, Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size) == Z_OK else {
            throw .damaged("zlib did not start")
        }
        defer { deflateEnd(&stream) }
        guard let inputCount = UInt32(exactly: data.count) else { throw .tooLarge }
        return data.withUnsafeBytes { input in
            stream.next_in = UnsafeMutablePointer(mutating: input.bindMemory(to: UInt8.self).baseAddress)
            stream.avail_in = inputCount
            return deflateAll(&stream)
        }
    }

    private static func deflateAll(_ stream: inout z_stream) -> Data {
        var output = Data()
        var chunk = [UInt8](repeating: 0, count: chunkSize)
        var status = Z_OK
        while status == Z_OK {
            let count = chunk.withUnsafeMutableBufferPointer { buffer in
                stream.next_out = buffer.baseAddress
                stream.avail_out = UInt32(buffer.count)
                status = deflate(&stream, Z_FINISH)
                return buffer.count - Int(stream.avail_out)
            }
            output.append(contentsOf: chunk[..<count])
        }
        return output
    }
}
