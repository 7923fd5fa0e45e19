/// Where a conversion is asked for.
public enum CastContext: UInt8, Hashable, Sendable, CaseIterable {
    /// Inside an expression: operands, function arguments.
    case implicit
    /// Into a column: INSERT, UPDATE, COPY.
    case assignment
    /// `CAST(x AS t)`, `x::t`, `CONVERT(t, x)`.
    case explicit
}

/// The kind of a type, whatever its length or precision: the rows and columns of the conversion matrix.
enum TypeFamily: UInt8, Hashable, Sendable, CaseIterable {
    case boolean, smallint, integer, bigint, decimal, real, double, char, varchar
    case date, time, timetz, timestamp, timestamptz, intervalYearToMonth, intervalDayToSecond, varbyte, unknown
    /// `oid` and `xid`; the oids that show as names; the catalog's own.
    case oid, alias, name, internalChar, aclitem, vector, array
}

extension SQLType {
    var family: TypeFamily {
        switch self {
        case .boolean: .boolean
        case .smallint: .smallint
        case .integer: .integer
        case .bigint: .bigint
        case .decimal: .decimal
        case .real: .real
        case .double: .double
        case .char: .char
        case .varchar: .varchar
        case .date: .date
        case .time: .time
        case .timetz: .timetz
        case .timestamp: .timestamp
        case .timestamptz: .timestamptz
        case .intervalYearToMonth: .intervalYearToMonth
        case .intervalDayToSecond: .intervalDayToSecond
        case .varbyte: .varbyte
        case .unknown: .unknown
        case .catalog(let type):
            switch type {
            case .oid, .xid: .oid
            case .regclass, .regtype, .regproc: .alias
            case .name: .name
            case .char: .internalChar
            case .aclitem: .aclitem
            case .int2vector, .oidvector: .vector
            case .array: .array
            }
        }
    }

    /// Whether a value of one type may become one of another. A family always converts to itself, whatever the
    /// lengths; an untyped literal converts to everything.
    /// - Source: Redshift developer guide, "Type compatibility and conversion".
    public static func canCast(from source: SQLType, to target: SQLType, context: CastContext) -> Bool {
        let (from, to) = (source.family, target.family)
        if from == to || from == .unknown { return true }
        if implicitTargets(of: from).contains(to) { return true }
        switch context {
        case .implicit: return false
        case .assignment: return from == .varchar && to == .char
        case .explicit: return explicitTargets(of: from).contains(to)
        }
    }

    private static let numbers: [TypeFamily] = [.smallint, .integer, .bigint, .decimal, .real, .double]

    /// The documented matrix.
    private static func implicitTargets(of family: TypeFamily) -> [TypeFamily] {
        switch family {
        case .smallint, .integer, .bigint: numbers + [.boolean, .char, .varchar, .oid, .alias]
        case .decimal, .real, .double: numbers + [.char, .varchar]
        case .char: [.varchar, .name]
        case .varchar: [.name]
        case .date: [.char, .varchar, .timestamp, .timestamptz]
        case .timestamp: [.char, .varchar, .date, .time, .timestamptz]
        case .timestamptz: [.char, .varchar, .date, .timestamp, .timetz]
        case .time: [.varchar, .timetz]
        case .timetz: [.varchar, .time]
        case .oid: [.bigint, .alias, .varchar]
        case .alias: [.bigint, .oid]
        case .name, .internalChar: [.char, .varchar]
        case .vector: [.array]
        case .boolean, .varbyte, .intervalYearToMonth, .intervalDayToSecond, .unknown, .aclitem, .array: []
        }
    }

    /// What CAST allows beyond the matrix. PostgreSQL 8.0, and Redshift with it, has no cast between BOOLEAN and the
    /// string types; `'true'::boolean` works because the literal has no type yet.
    private static func explicitTargets(of family: TypeFamily) -> [TypeFamily] {
        switch family {
        case .char, .varchar:
            numbers + [
                .char, .varchar, .date, .time, .timetz, .timestamp, .timestamptz, .intervalYearToMonth,
                .intervalDayToSecond, .varbyte, .oid, .alias, .internalChar, .aclitem, .vector, .array,
            ]
        case .boolean: [.smallint, .integer, .bigint]
        case .time, .timetz: [.char]
        case .timestamptz: [.time]
        case .varbyte, .intervalYearToMonth, .intervalDayToSecond: [.char, .varchar]
        case .oid: [.integer]
        case .alias: [.integer, .varchar]
        case .name: [.alias, .internalChar]
        case .aclitem, .vector, .array: [.varchar]
        case .integer: [.internalChar]
        case .internalChar: [.integer, .name]
        case .smallint, .bigint, .decimal, .real, .double, .date, .timestamp, .unknown: []
        }
    }
}

extension SQLError {
    package static func cannotCast(_ source: SQLType, to target: SQLType) -> SQLError {
        func name(_ type: SQLType) -> String {
            let name = type.description
            return name.split(separator: "(").first.map(String.init) ?? name
        }
        return SQLError(.cannotCoerce, "cannot cast type \(name(source)) to \(name(target))")
    }
}
