package import SQLTypes

/// A value for `$1`, `$2`, … with its type.
package struct SQLParameter: Hashable, Sendable {
    package var value: SQLValue
    package var type: SQLType

    package init(_ value: SQLValue, _ type: SQLType) {
        self.value = value
        self.type = type
    }
}
