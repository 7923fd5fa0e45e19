package import SQLTypes

/// The fields of an ErrorResponse or a NoticeResponse.
/// - Source: PostgreSQL documentation, "Error and Notice Message Fields".
package struct ErrorFields: Hashable, Sendable {
    package enum Severity: String, Hashable, Sendable {
        case error = "ERROR", fatal = "FATAL", warning = "WARNING", notice = "NOTICE", info = "INFO"
    }
    package var severity: Severity
    package var state: SQLState
    package var message: String
    package var detail: String?
    package var hint: String?
    /// 1-based, in characters.
    package var position: Int?

    package init(_ error: SQLError, severity: Severity = .error) {
        self.severity = severity
        state = error.state
        message = error.message
        detail = error.detail
        hint = error.hint
        position = error.position
    }

    package init(notice severity: Severity, _ message: String, detail: String? = nil) {
        self.init(SQLError(severity == .warning ? .warning : .successfulCompletion, message, detail: detail))
        self.severity = severity
    }

    func write(to writer: inout MessageWriter) {
        func field(_ code: Unicode.Scalar, _ text: String?) {
            guard let text else { return }
            writer.byte(UInt8(ascii: code))
            writer.cString(text)
        }
        field("S", severity.rawValue)
        field("V", severity.rawValue)
        field("C", state.code)
        field("M", message)
        field("D", detail)
        field("H", hint)
        field("P", position.map(String.init))
        writer.byte(0)
    }
}
