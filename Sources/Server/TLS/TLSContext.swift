#if Server
import Logging
import NIOCore
import NIOSSL
import SQLTypes

/// The server's certificate and key, ready for connections.
enum TLSContext {
    /// - Returns: nil: TLS is off.
    static func make(_ configuration: ServerConfiguration.TLS, log: Logger) throws(SQLError) -> NIOSSLContext? {
        do {
            switch configuration {
            case .off: return nil
            case .files(let certificate, let key):
                return try context(
                    NIOSSLCertificate.fromPEMFile(certificate), try NIOSSLPrivateKey(file: key, format: .pem))
            case .selfSignedInMemory: return try context(SelfSignedCertificate.make())
            case .selfSigned(let directory):
                let files = try SelfSignedCertificate.files(in: directory, log: log)
                return try context(
                    NIOSSLCertificate.fromPEMFile(files.certificate),
                    try NIOSSLPrivateKey(file: files.key, format: .pem))
            }
        } catch let error as SQLError {
            throw error
        } catch {
            throw SQLError(.ioError, "cannot use the certificate or key for TLS", detail: "\(error)")
        }
    }

    private static func context(_ own: SelfSignedCertificate) throws -> NIOSSLContext {
        try context(
            NIOSSLCertificate.fromPEMBytes(Array(own.certificatePEM.utf8)),
            try NIOSSLPrivateKey(bytes: Array(own.keyPEM.utf8), format: .pem))
    }

    private static func context(
        _ chain: [NIOSSLCertificate], _ key: NIOSSLPrivateKey
    ) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        // After its goodbye the server need not wait for the client's (RFC 8446, 6.1): an idle client sends none.
        configuration.shutdownTimeout = .milliseconds(100)
        return try NIOSSLContext(configuration: configuration)
    }
}
#endif
