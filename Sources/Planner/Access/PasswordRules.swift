import Catalog
package import SQLSyntax
package import SQLTypes

/// What can be a password, and the forms in which it can be given.
/// - Source: Redshift developer guide, "CREATE USER".
enum PasswordRules {
    private static let lengths = 8...64
    private static let md5Prefix = "md5"
    private static let sha256Prefix = "sha256|"
    private static let digestBytes = 32

    static func checked(_ password: Password) throws(SQLError) -> NewPassword {
        let text = password.text
        let position = password.position.character
        if text.hasPrefix(md5Prefix), text.utf8.count == md5Prefix.utf8.count + 32 {
            let digits = text.dropFirst(md5Prefix.count)
            guard Hexadecimal.bytes(digits) != nil else { throw invalid("the MD5 digest is not valid", position) }
            return .verifiers(PasswordVerifiers(md5: digits.lowercased()))
        }
        guard text.hasPrefix(sha256Prefix) else {
            try checkClearText(text, position)
            return .clearText(password, withMD5: true)
        }
        let parts = text.dropFirst(sha256Prefix.count).split(separator: "|", omittingEmptySubsequences: false)
        if parts.count == 2 {
            guard let digest = Hexadecimal.bytes(parts[0]), let salt = Hexadecimal.bytes(parts[1]),
                digest.count == digestBytes, salt.count == digestBytes
            else {
                throw invalid("the SHA-256 digest and its salt must be 64 hexadecimal digits each", position)
            }
            return .verifiers(PasswordVerifiers(sha256: .init(salt: salt, digest: digest)))
        }
        let clear = String(text.dropFirst(sha256Prefix.count))
        try checkClearText(clear, position)
        return .clearText(Password(clear, at: password.position), withMD5: false)
    }

    private static func checkClearText(_ text: String, _ position: Int?) throws(SQLError) {
        let bytes = Array(text.utf8)
        guard lengths.contains(bytes.count) else {
            throw invalid("password must be 8 to 64 characters in length", position)
        }
        guard bytes.allSatisfy({ 33...126 ~= $0 && !Array("'\"\\/@".utf8).contains($0) }) else {
            throw invalid(
                "password can have any ASCII character from 33 to 126, except ' (single quotation mark), "
                    + "\" (double quotation mark), \\, /, or @", position)
        }
        let needed: [(String, ClosedRange<UInt8>)] = [
            ("uppercase letter", UInt8(ascii: "A")...UInt8(ascii: "Z")),
            ("lowercase letter", UInt8(ascii: "a")...UInt8(ascii: "z")),
            ("number", UInt8(ascii: "0")...UInt8(ascii: "9")),
        ]
        for (what, range) in needed where !bytes.contains(where: range.contains) {
            throw invalid("password must contain at least one \(what)", position)
        }
    }

    private static func invalid(_ message: String, _ position: Int?) -> SQLError {
        SQLError(.invalidParameterValue, message, position: position)
    }
}

extension Planner {
    /// The rules for a password that no statement has set.
    package static func checkedPassword(_ password: Password) throws(SQLError) -> NewPassword {
        try PasswordRules.checked(password)
    }
}
