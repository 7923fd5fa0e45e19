package import SQLTypes

/// How the values of a key column are compared: equal in SQL means equal in this form.
package enum KeyKind: Hashable, Sendable {
    /// Integers up to 64 bits, dates, times, booleans.
    case word
    /// REAL and DOUBLE as the bits of a double; −0 is 0 and there is one NaN.
    case float
    case wide
    /// CHAR, VARCHAR: without trailing blanks.
    case text
    /// VARBYTE.
    case bytes

    package init(_ type: SQLType) {
        switch type.storage {
        case .int8, .int16, .int32, .int64: self = .word
        case .int128: self = .wide
        case .float32, .float64: self = .float
        case .bytes:
            if case .varbyte = type { self = .bytes } else { self = .text }
        }
    }

    var isString: Bool { self == .text || self == .bytes }
}
