package import SQLTypes

/// The name of an IAM role: `arn:aws:iam::123456789012:role/path/name`.
package struct RoleARN: Hashable, Sendable, CustomStringConvertible {
    package let text: String

    /// Throws on anything but a well-formed role ARN; the message shows the right form.
    package init(_ text: String) throws(SQLError) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn", ["aws", "aws-cn", "aws-us-gov"].contains(parts[1]),
            parts[2] == "iam", parts[3].isEmpty, parts[4].utf8.count == 12,
            parts[4].utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            parts[5].hasPrefix("role/"), RoleARN.isName(parts[5].dropFirst(5))
        else { throw RoleARN.malformed(text) }
        self.text = text
    }

    package var description: String { text }

    /// - Source: IAM user guide, "IAM identifiers": letters, digits and `+=,.@_-`, with slashes between path and name.
    private static func isName(_ path: Substring) -> Bool {
        !path.isEmpty && path.last != "/" && path.utf8.count <= 577
            && path.utf8.allSatisfy { byte in
                byte < 0x80
                    && (Unicode.Scalar(byte).properties.isAlphabetic
                        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "+=,.@_-/".utf8.contains(byte))
            }
    }

    private static func malformed(_ text: String) -> SQLError {
        let name = text.split(separator: "/").last.map(String.init) ?? ""
        let example = isName(Substring(name)) && !name.contains(":") ? name : "dwhrole"
        return SQLError(
            .invalidParameterValue, "Invalid IAM role ARN '\(text)'",
            detail: "A role ARN has the form arn:aws:iam::<12-digit account id>:role/<role name>.",
            hint: "For instance 'arn:aws:iam::123456789012:role/\(example)'.")
    }
}
