/// What ends a statement. The fields are those of an ErrorResponse message on the wire.
///
/// Each condition is built by one named factory in an extension beside the code that raises it, for instance
/// `SQLError.undefinedColumn(_:at:)`; a condition that a caller can cause from SQL text, a file or the network is always
/// an `SQLError`, never a trap.
public struct SQLError: Error, Hashable, Sendable {
    public var state: SQLState
    /// Lower case, no full stop, names the offending object.
    public var message: String
    /// The figures: file, line, row, slice.
    public var detail: String?
    /// What the user can do about it.
    public var hint: String?
    /// 1-based, in characters (Unicode scalars), into the statement text; as PostgreSQL reports it.
    public var position: Int?

    public init(
        _ state: SQLState, _ message: String, detail: String? = nil, hint: String? = nil, position: Int? = nil
    ) {
        self.state = state
        self.message = message
        self.detail = detail
        self.hint = hint
        self.position = position
    }

    /// The same error at a place in the statement, unless it already names one.
    public func at(_ position: Int?) -> SQLError {
        guard self.position == nil else { return self }
        var copy = self
        copy.position = position
        return copy
    }
}

extension SQLError: CustomStringConvertible {
    public var description: String {
        var text = "ERROR \(state.code): \(message)"
        if let detail { text += "\nDETAIL: \(detail)" }
        if let hint { text += "\nHINT: \(hint)" }
        return text
    }
}

extension SQLError {
    /// SQL that Redshift has or PostgreSQL has, and this engine does not: `feature` names it.
    public static func unsupported(_ feature: String, at position: Int? = nil) -> SQLError {
        SQLError(.featureNotSupported, "\(feature) is not supported", position: position)
    }

    /// A broken promise between two modules: a bug here, reported instead of a trap.
    public static func internalError(_ message: String) -> SQLError {
        SQLError(.internalError, message)
    }

    public static var queryCanceled: SQLError {
        SQLError(.queryCanceled, "canceling statement due to user request")
    }
}
