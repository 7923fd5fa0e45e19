import Storage

/// What a statement tells the client besides its result.
package struct Notice: Hashable, Sendable {
    package enum Severity: String, Hashable, Sendable {
        case info = "INFO", notice = "NOTICE", warning = "WARNING"
    }
    package var severity: Severity
    package var message: String
    package var detail: String?

    package init(_ severity: Severity, _ message: String, detail: String? = nil) {
        self.severity = severity
        self.message = message
        self.detail = detail
    }
}

extension StorageRepair {
    /// For whoever sends the next statement.
    var notice: Notice { Notice(.warning, message, detail: "\(place) Reason: \(reason).") }
}
