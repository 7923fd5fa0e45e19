import Catalog
import Storage

/// A session parameter that a client is told of without asking, under the name that drivers look for.
package struct ParameterStatus: Hashable, Sendable {
    package var name: String
    package var value: String

    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

extension DatabaseSession {
    /// Setting, and its name on the wire.
    /// - Source: PostgreSQL, "Asynchronous operations".
    private static let reportedSettings: [(setting: String, name: String)] = [
        ("application_name", "application_name"), ("client_encoding", "client_encoding"), ("datestyle", "DateStyle"),
        ("integer_datetimes", "integer_datetimes"), ("intervalstyle", "IntervalStyle"),
        ("server_encoding", "server_encoding"), ("server_version", "server_version"),
        ("standard_conforming_strings", "standard_conforming_strings"), ("timezone", "TimeZone"),
    ]

    /// All of them, for the beginning of a connection; from then on only changes are told.
    package var parameterStatus: [ParameterStatus] {
        reported = [:]
        reportedGeneration = 0
        return takeChangedParameters()
            + [
                ParameterStatus(name: "is_superuser", value: isSuperuser ? "on" : "off"),
                ParameterStatus(name: "session_authorization", value: record.user),
            ]
    }

    /// Those that have changed since they were told last: by SET, or by a rollback that took a SET back. Results bring
    /// them along; to be asked for after an error.
    package func takeChangedParameters() -> [ParameterStatus] {
        guard reportedGeneration != settings.generation else { return [] }
        reportedGeneration = settings.generation
        var changes: [ParameterStatus] = []
        for (setting, name) in Self.reportedSettings {
            let value = settings[setting] ?? ""
            if reported.updateValue(value, forKey: name) != value {
                changes.append(ParameterStatus(name: name, value: value))
            }
        }
        return changes
    }

    /// As far as others have committed.
    var isSuperuser: Bool {
        leader.storage.current.catalog.rights(of: currentUser) == nil
    }
}
