import Foundation
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// When certificates end: those of files, and the one that a server shows.
enum CertificateCheck {
    /// A month is what a person needs to renew one by hand, and a third of what automatic ones live.
    private static let warningDays = 30.0
    private static let connectSeconds: Int64 = 5

    static func file(_ path: String, subject: String, now: Date = Date()) -> DoctorFinding {
        guard let chain = try? NIOSSLCertificate.fromPEMFile(path), let first = chain.first else {
            return .problem(subject, "\(path) holds no PEM certificate that can be read", fix: "mount the certificate, or correct the path")
        }
        return finding(first, subject: subject, place: path, now: now)
    }

    /// Shakes hands with a server and looks at its certificate; whether it is trusted, other calls tell.
    static func server(_ host: String, port: Int, subject: String, now: Date = Date()) async -> DoctorFinding? {
        let promise = MultiThreadedEventLoopGroup.singleton.any().makePromise(of: NIOSSLCertificate?.self)
        let seen = Once(promise)
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .noHostnameVerification
        do {
            let context = try NIOSSLContext(configuration: configuration)
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connectTimeout(.seconds(connectSeconds))
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let isName = !host.contains(":") && host.contains { $0.isLetter }
                        try channel.pipeline.syncOperations.addHandler(
                            NIOSSLClientHandler(
                                context: context, serverHostname: isName ? host : nil,
                                customVerificationCallback: { chain, verified in
                                    seen.succeed(chain.first)
                                    verified.succeed(.certificateVerified)
                                }))
                    }
                }
                .connect(host: host, port: port).get()
            channel.closeFuture.whenComplete { _ in seen.succeed(nil) }
            channel.eventLoop.scheduleTask(in: .seconds(connectSeconds)) { seen.succeed(nil) }
            let certificate = try await promise.futureResult.get()
            channel.close(promise: nil)
            return certificate.map { finding($0, subject: subject, place: "\(host):\(port)", now: now) }
        } catch {
            // That it cannot be reached is another finding.
            seen.succeed(nil)
            return nil
        }
    }

    private static func finding(_ certificate: NIOSSLCertificate, subject: String, place: String, now: Date) -> DoctorFinding {
        let end = Date(timeIntervalSince1970: TimeInterval(certificate.notValidAfter))
        let start = Date(timeIntervalSince1970: TimeInterval(certificate.notValidBefore))
        let days = end.timeIntervalSince(now) / 86_400
        let day = end.formatted(.iso8601.year().month().day())
        if start > now { return .problem(subject, "the certificate of \(place) is not valid yet", fix: "check the clocks, or wait") }
        if days < 0 {
            return .problem(subject, "the certificate of \(place) ended on \(day)", fix: "renew it; files are read again by themselves")
        }
        let words = "the certificate of \(place) is valid until \(day)"
        return days < warningDays
            ? .warning(subject, "\(words), in \(Int(days)) days", fix: "renew it; files are read again by themselves") : .ok(subject, words)
    }

    /// A promise that is kept once, whoever comes first.
    private final class Once: Sendable {
        private let promise: EventLoopPromise<NIOSSLCertificate?>
        private let isDone = Mutex(false)

        init(_ promise: EventLoopPromise<NIOSSLCertificate?>) { self.promise = promise }

        func succeed(_ certificate: NIOSSLCertificate?) {
            let isFirst = isDone.withLock { isDone in
                defer { isDone = true }
                return !isDone
            }
            if isFirst { promise.succeed(certificate) }
        }
    }
}
