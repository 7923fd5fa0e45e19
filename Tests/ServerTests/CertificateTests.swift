#if Server
import Logging
import NIOSSL
import PGWire
import SQLTypes
import Testing

@testable import Server

struct CertificateTests {
    /// BoringSSL reads it, its key fits, and it is for this machine.
    @Test func selfSignedCertificate() throws {
        let made = try SelfSignedCertificate.make()
        let certificate = try #require(NIOSSLCertificate.fromPEMBytes(Array(made.certificatePEM.utf8)).first)
        let key = try NIOSSLPrivateKey(bytes: Array(made.keyPEM.utf8), format: .pem)
        #expect(try certificate.extractPublicKey().toSPKIBytes().count > 64)
        #expect(certificate.notValidAfter - certificate.notValidBefore > 9 * 365 * 86_400)
        #expect(
            throws: Never.self,
            performing: {
                _ = try NIOSSLContext(
                    configuration: .makeServerConfiguration(
                        certificateChain: [.certificate(certificate)], privateKey: .privateKey(key)))
            })
    }

    @Test(
        arguments: [
            (DER.integer([0, 0x80]), [0x02, 2, 0, 0x80]), (DER.integer([0]), [0x02, 1, 0]),
            (DER.objectIdentifier([1, 2, 840, 10045, 4, 3, 2]), [0x06, 8, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, 2]),
            (Array(DER.octets(Array(repeating: 7, count: 300)).prefix(4)), [0x04, 0x82, 1, 44]),
        ] as [([UInt8], [UInt8])])
    func der(bytes: [UInt8], expected: [UInt8]) { #expect(bytes == expected) }

    @Test func withoutPasswordsOnLoopbackOnly() {
        var configuration = ServerConfiguration()
        configuration.method = .trust
        #expect(throws: Never.self) { try configuration.validate() }
        configuration.host = "0.0.0.0"
        #expect(throws: SQLError.self) { try configuration.validate() }
        configuration.method = .md5
        #expect(throws: Never.self) { try configuration.validate() }
    }
}
#endif
