package import SQLTypes

/// How a COPY or UNLOAD says that it may use its bucket.
package enum CopyAuthorization: Hashable, Sendable {
    /// `IAM_ROLE default`.
    case defaultRole
    /// Each role assumes the next; the last one reads the bucket. Never empty.
    case roles([RoleARN])

    /// The argument of `IAM_ROLE '…'`: one ARN, or several with commas and no blanks.
    package init(iamRole text: String) throws(SQLError) {
        var chain: [RoleARN] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            chain.append(try RoleARN(String(part)))
        }
        self = .roles(chain)
    }

    /// The argument of `CREDENTIALS '…'`: `aws_iam_role=<arn>`, case-sensitive, without blanks. Access keys are
    /// refused: there is nobody here to check them.
    package init(credentials text: String) throws(SQLError) {
        var role: Substring?
        for pair in text.split(separator: ";", omittingEmptySubsequences: false) {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { throw CopyAuthorization.malformed() }
            switch parts[0] {
            case "aws_iam_role":
                guard role == nil else { throw CopyAuthorization.malformed() }
                role = parts[1]
            case "aws_access_key_id", "aws_secret_access_key", "token":
                throw SQLError.unsupported("authorization by access keys")
            case "master_symmetric_key":
                throw SQLError.unsupported("client-side encryption")
            default: throw CopyAuthorization.malformed()
            }
        }
        guard let role else { throw CopyAuthorization.malformed() }
        try self.init(iamRole: String(role))
    }

    private static func malformed() -> SQLError {
        SQLError(
            .invalidParameterValue,
            "Invalid credentials. Must be of the format: credentials "
                + "'aws_iam_role=...' or 'aws_access_key_id=...;aws_secret_access_key=...[;token=...]'",
            hint: "The credentials string is case-sensitive and holds no spaces.")
    }
}
