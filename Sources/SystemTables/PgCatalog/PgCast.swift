import Catalog
import SQLTypes

extension SystemView {
    /// The conversions of the engine: `castfunc` is 0, for none is a function.
    /// - Source: PostgreSQL 8.0, "pg_cast".
    static let pgCast = SystemView(
        catalog: "pg_cast",
        [
            Column("castsource", .oid), Column("casttarget", .oid), Column("castfunc", .oid),
            Column("castcontext", .byte),
        ], hidden: [Column("oid", .oid)]
    ) { _ in
        PgCast.all.map { cast in
            [.oid(cast.source), .oid(cast.target), .int(0), .text(cast.context), .oid(PgCast.numbers[cast])]
        }
    }
}

private struct PgCast: Hashable {
    var source: ObjectID
    var target: ObjectID
    /// `i`mplicit, in an `a`ssignment, `e`xplicit.
    var context: String

    static let all: [PgCast] = {
        let types = SQLType.all.filter { $0 != .unknown && !$0.isArray }
        return types.flatMap { source in
            types.compactMap { target -> PgCast? in
                guard source.oid != target.oid else { return nil }
                for (context, letter) in [(CastContext.implicit, "i"), (.assignment, "a"), (.explicit, "e")]
                where SQLType.canCast(from: source, to: target, context: context) {
                    return PgCast(source: source.oid, target: target.oid, context: letter)
                }
                return nil
            }
        }
    }()

    static let numbers = ObjectNumbers(all, in: 10_000..<12_000) { "\($0.source) \($0.target)" }
}
