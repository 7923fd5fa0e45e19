import Ingest
import SQLSyntax
import SQLTypes

/// The front that COPY and UNLOAD share: a list of options, each written once, one form of authorization among them,
/// and errors that know where their option stands.
struct FileAccess: Sendable {
    /// nil: files of this machine, which need none.
    let authorization: CopyAuthorization?

    /// One option of a list.
    struct Item<Kind> {
        var kind: Kind
        /// Where it is written.
        var position: Int?
        /// What it says of authorization; nil: it is about something else.
        var access: AccessOption?
    }

    /// - Parameters:
    ///   - command: `COPY` or `UNLOAD`.
    ///   - isLocal: the files are this machine's own.
    ///   - position: of the source or destination, for what concerns the statement as a whole.
    ///   - apply: takes one of the other options, in the order written.
    ///   - check: called when all have been taken.
    init<Kind>(
        _ items: [Item<Kind>], of command: String, isLocal: Bool, at position: Int?,
        apply: (Kind) throws(SQLError) -> Void,
        check: () throws(SQLError) -> Void
    ) throws(SQLError) {
        var authorization: CopyAuthorization?
        var seen: Set<String> = []
        for item in items {
            let name = FileAccess.name(of: item.kind)
            guard seen.insert(name).inserted else {
                throw SQLError(
                    .syntaxError, "conflicting or redundant options", detail: "\(name) is given twice.",
                    position: item.position)
            }
            do throws(SQLError) {
                if let access = item.access {
                    authorization = try FileAccess.authorization(access)
                } else {
                    try apply(item.kind)
                }
            } catch {
                throw error.at(item.position)
            }
        }
        guard authorization != nil || isLocal else {
            throw SQLError(
                .syntaxError, "\(command) needs an authorization", hint: "For instance IAM_ROLE default.",
                position: position)
        }
        do throws(SQLError) {
            try check()
        } catch {
            throw error.at(position)
        }
        self.authorization = authorization
    }

    private static func authorization(_ access: AccessOption) throws(SQLError) -> CopyAuthorization {
        switch access {
        case .iamRole(nil): return .defaultRole
        case .iamRole(let arn?): return try CopyAuthorization(iamRole: arn)
        case .credentials(let text): return try CopyAuthorization(credentials: text)
        case .accessKeyID, .secretAccessKey, .sessionToken:
            throw SQLError.unsupported("authorization by access keys")
        case .masterSymmetricKey: throw SQLError.unsupported("client-side encryption")
        }
    }

    /// What makes two options the same one: the case's name, without its argument. Two forms of authorization are two
    /// of one kind.
    private static func name<Kind>(of kind: Kind) -> String {
        String(String(describing: kind).prefix { $0 != "(" })
    }
}
