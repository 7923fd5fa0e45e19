#if Server
import Crypto
import Logging
import SQLTypes

/// A certificate that nobody vouches for: it keeps what is sent from being read, and lets clients check the server that
/// are given the file to trust.
///
/// X.509 version 3, ECDSA on P-256 with SHA-256, for localhost and the loopback addresses, ten years.
/// - Source: RFC 5280; RFC 5758 (ecdsa-with-SHA256).
struct SelfSignedCertificate {
    let certificatePEM: String
    let keyPEM: String

    static func make() throws -> SelfSignedCertificate {
        let key = P256.Signing.PrivateKey()
        let body = tbsCertificate(publicKeyInfo: Array(key.publicKey.derRepresentation))
        let signature = Array(try key.signature(for: body).derRepresentation)
        let certificate = DER.sequence(body, algorithm, DER.bits(signature))
        return SelfSignedCertificate(
            certificatePEM: DER.pem("CERTIFICATE", certificate), keyPEM: key.pemRepresentation)
    }

    private static let algorithm = DER.sequence(DER.objectIdentifier([1, 2, 840, 10045, 4, 3, 2]))

    private static func tbsCertificate(publicKeyInfo: [UInt8]) -> [UInt8] {
        let serial = (0..<16).map { _ in UInt8.random(in: .min ... .max) }
        let commonName = DER.sequence(DER.objectIdentifier([2, 5, 4, 3]), DER.utf8("localhost"))
        let name = DER.sequence(DER.set(commonName))
        let today = CivilDate(daysSince2000: Int(Platform.secondsSince2000 / 86_400))
        let validity = DER.sequence(time(today, yearsLater: 0), time(today, yearsLater: 10))
        return DER.sequence(
            DER.explicit(0, DER.integer([2])), DER.integer(serial), algorithm, name, validity, name, publicKeyInfo,
            DER.explicit(3, extensions))
    }

    /// Midnight UTC of the first of the day's month, so that a clock that is a little behind trusts it, too.
    private static func time(_ date: CivilDate, yearsLater: Int) -> [UInt8] {
        func digits(_ number: Int, _ count: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, count - text.count)) + text
        }
        let year = date.year + yearsLater
        let rest = "\(digits(date.month, 2))01000000Z"
        return year < 2_050
            ? DER.utcTime(digits(year % 100, 2) + rest) : DER.generalizedTime(digits(year, 4) + rest)
    }

    private static var extensions: [UInt8] {
        let alternativeNames = DER.sequence(
            DER.element(0x82, Array("localhost".utf8)), DER.element(0x87, [127, 0, 0, 1]),
            DER.element(0x87, Array(repeating: 0, count: 15) + [1]))
        return DER.sequence(
            DER.sequence(
                DER.objectIdentifier([2, 5, 29, 19]), DER.boolean(true), DER.octets(DER.sequence(DER.boolean(true)))),
            DER.sequence(DER.objectIdentifier([2, 5, 29, 17]), DER.octets(alternativeNames)))
    }

    // MARK: Files

    /// `server.crt` and `server.key` of the directory, made if they are not there. Only the owner may read the key.
    static func files(
        in directory: String, log: Logger
    ) throws -> (certificate: String, key: String) {
        let certificate = directory + "/server.crt"
        let key = directory + "/server.key"
        if Platform.fileExists(certificate), Platform.fileExists(key) { return (certificate, key) }
        let made = try make()
        try Platform.writeFile(key, Array(made.keyPEM.utf8), mode: 0o600)
        try Platform.writeFile(certificate, Array(made.certificatePEM.utf8), mode: 0o644)
        log.info("self-signed certificate made", metadata: ["file": "\(certificate)"])
        return (certificate, key)
    }
}
#endif
