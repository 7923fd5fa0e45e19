import SQLTypes

/// "Show that you know the password, without sending it": the answer is
///
///     "md5" + hex(MD5(hex(MD5(password + user)) + salt))
///
/// - Source: PostgreSQL documentation, "Start-up", AuthenticationMD5Password.
struct MD5Challenge: Hashable, Sendable {
    /// Four bytes, new for each connection.
    let salt: [UInt8]

    /// - Parameters:
    ///   - answer: the payload of the password message.
    ///   - digest: of the password and the user, in hexadecimal digits; nil: there is nobody to be, nothing fits.
    func accepts(_ answer: [UInt8], digest: String?) -> Bool {
        let expected = "md5" + Hexadecimal.text(MD5.digest(Array((digest ?? "").utf8) + salt))
        return SecretBytes.areEqual(answer, Array(expected.utf8) + [0]) && digest != nil
    }
}

/// Comparison that takes as long for a near miss as for any other.
enum SecretBytes {
    static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        var difference: UInt8 = 0
        for index in left.indices { difference |= left[index] ^ right[index] }
        return difference == 0
    }
}
