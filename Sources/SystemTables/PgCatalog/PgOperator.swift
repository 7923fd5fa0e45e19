import Catalog
import SQLTypes

extension SystemView {
    /// Comparisons of a type with itself, arithmetic and concatenation; `oprcode` is 0, for none is a function here.
    /// - Source: PostgreSQL 8.0, "pg_operator".
    static let pgOperator = SystemView(
        catalog: "pg_operator",
        [
            Column("oprname", .name), Column("oprnamespace", .oid), Column("oprowner", .integer),
            Column("oprkind", .byte), Column("oprcanhash", .boolean), Column("oprleft", .oid),
            Column("oprright", .oid), Column("oprresult", .oid), Column("oprcom", .oid), Column("oprnegate", .oid),
            Column("oprlsortop", .oid), Column("oprrsortop", .oid), Column("oprltcmpop", .oid),
            Column("oprgtcmpop", .oid), Column("oprcode", .catalog(.regproc)), Column("oprrest", .catalog(.regproc)),
            Column("oprjoin", .catalog(.regproc)),
        ], hidden: [Column("oid", .oid)]
    ) { _ in
        PgOperator.all.map { row($0) }
    }

    private static func row(_ own: PgOperator) -> [SQLValue] {
        func number(_ name: String?) -> SQLValue {
            .oid(name.map { PgOperator.numbers[PgOperator(name: $0, type: own.type, result: own.result)] } ?? 0)
        }
        let what: [SQLValue] = [
            .text(own.name), .oid(SystemSchemas.catalog), .int(SystemState.systemOwner), .text("b"),
            .boolean(own.name == "="), .oid(own.type), .oid(own.type), .oid(own.result),
        ]
        let sort: [SQLValue] =
            own.name == "="
            ? [number("<"), number("<"), number("<"), number(">")] : [.int(0), .int(0), .int(0), .int(0)]
        return what + [number(own.commutator), number(own.negator)] + sort
            + [.int(0), .int(0), .int(0), .oid(PgOperator.numbers[own])]
    }
}

private struct PgOperator: Hashable {
    var name: String
    /// Of both sides.
    var type: ObjectID
    var result: ObjectID

    var commutator: String? {
        switch name {
        case "=", "<>", "+", "*": name
        case "<": ">"
        case ">": "<"
        case "<=": ">="
        case ">=": "<="
        default: nil
        }
    }

    var negator: String? {
        switch name {
        case "=": "<>"
        case "<>": "="
        case "<": ">="
        case ">=": "<"
        case ">": "<="
        case "<=": ">"
        default: nil
        }
    }

    static let all: [PgOperator] = SQLType.all.filter { $0 != .unknown && !$0.isArray }.flatMap { type in
        var own = ["=", "<>", "<", "<=", ">", ">="].map {
            PgOperator(name: $0, type: type.oid, result: SQLType.boolean.oid)
        }
        if type.isNumeric {
            own += ["+", "-", "*", "/", "%"].map { PgOperator(name: $0, type: type.oid, result: type.oid) }
        }
        if type.isString { own.append(PgOperator(name: "||", type: type.oid, result: type.oid)) }
        return own
    }

    static let numbers = ObjectNumbers(all, in: 12_000..<13_000) { "\($0.name)\u{0}\($0.type)" }
}
