import Catalog
import SQLTypes

extension SystemView {
    /// What aggregates are made of is no function of SQL here. - Source: PostgreSQL 8.0, "pg_aggregate".
    static let pgAggregate = SystemView(
        catalog: "pg_aggregate",
        [
            Column("aggfnoid", .catalog(.regproc)), Column("aggtransfn", .catalog(.regproc)),
            Column("aggfinalfn", .catalog(.regproc)), Column("aggtranstype", .oid), Column("agginitval", .longText),
        ]
    ) { state in
        state.functions().all.filter { $0.kind == .aggregate }.map { function in
            [.oid(function.oid), .int(0), .int(0), .oid(function.result), .null]
        }
    }
}
