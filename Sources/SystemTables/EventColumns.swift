import Catalog
import QueryPlan
import SQLTypes

// Columns that the views of logged events have in common.

extension SystemView.Column {
    static func int(_ name: String) -> Self { .init(name, .integer) }
    static func big(_ name: String) -> Self { .init(name, .bigint) }
    static func time(_ name: String) -> Self { .init(name, .timestamp) }
    static func char(_ name: String, _ length: Int) -> Self { .init(name, .char(length: length)) }
    static func varchar(_ name: String, _ length: Int) -> Self { .init(name, .varchar(length: length)) }
    /// TEXT of Redshift's views.
    static func text(_ name: String) -> Self { .init(name, .varchar(length: 256)) }
}

extension SQLValue {
    /// An INTEGER column that is too narrow for all that there may be.
    static func clamped(_ value: Int64) -> SQLValue { .int(Int32(clamping: value)) }
    /// 1 or 0, in an INTEGER column.
    static func bit(_ value: Bool) -> SQLValue { .int(value ? 1 : 0) }
}

extension EventSource {
    var userValue: SQLValue { .int(user.rawValue) }
    /// INTEGER in STL tables.
    var queryValue: SQLValue { .clamped(query) }
}
