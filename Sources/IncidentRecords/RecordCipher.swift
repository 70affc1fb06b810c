import Crypto
public import Foundation
public import Investigation

/// Seals what a store writes with AES-256-GCM, each record bound to its place, so that nobody can read it, change it or swap it with
/// another. Records from before there was a key are read as they are, so who can write to the store can still put such in. Without keys everything is written as it is, and what was sealed earlier cannot be read.
///
/// A sealed record is one byte of format (1), four that name the key, twelve of nonce, the text, and sixteen of tag. Records that were
/// written without a key begin with `{` or another printable character, so both are told apart.
public struct RecordCipher: Sendable {
    private static let format: UInt8 = 1
    private static let headerLength = 5

    private let keys: EncryptionKeys?

    public init(_ keys: EncryptionKeys? = nil) {
        self.keys = keys
    }

    /// - Parameter place: where the record is kept, e.g. `journal 0191…/3`; it must be the same when it is opened.
    public func seal(_ plain: Data, at place: String) throws(StoreError) -> Data {
        guard let key = keys?.all.first else { return plain }
        do {
            let box = try AES.GCM.seal(plain, using: key.key, authenticating: Data(place.utf8))
            guard let combined = box.combined else { throw StoreError.corrupt("\(place) cannot be sealed") }
            return Data([Self.format]) + key.name + combined
        } catch {
            throw .corrupt("\(place) cannot be sealed")
        }
    }

    /// - Throws: `.corrupt` where the record was changed, belongs elsewhere, or is under a key that is not at hand.
    public func open(_ record: Data, at place: String) throws(StoreError) -> Data {
        guard record.first == Self.format else { return record }
        let name = record.dropFirst().prefix(4)
        guard let key = keys?.all.first(where: { $0.name == name }) else {
            let hex = name.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
            throw .corrupt("\(place) is sealed under the key \(hex), which is not among the encryption keys")
        }
        do {
            return try AES.GCM.open(.init(combined: record.dropFirst(Self.headerLength)), using: key.key, authenticating: Data(place.utf8))
        } catch {
            throw .corrupt("\(place) was changed or is damaged: its seal is broken")
        }
    }

    /// Fingerprints by which an equal request is found again: the first is to be kept, any may be met. They tell nothing of the request
    /// to whoever has no key.
    public func fingerprints(of request: Data) -> [Data] {
        guard let keys else { return [Data(SHA256.hash(data: request))] }
        return keys.all.map { Data(HMAC<SHA256>.authenticationCode(for: request, using: $0.key)) }
    }
}
