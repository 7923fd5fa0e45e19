import Catalog
import SQLTypes

extension SystemView {
    /// pg_proc and what Redshift keeps of arguments; all functions are called by their input arguments alone.
    /// - Source: Redshift developer guide, "PG_PROC_INFO".
    static let pgProcInfo = SystemView(
        "pg_proc_info",
        [Column("prooid", .oid)] + columnsOfPgProc + [
            Column("prokind", .byte), Column("proargmodes", .array(.char)), Column("proallargtypes", .array(.oid)),
        ]
    ) { state in
        state.functions().all.map { function in
            let kind =
                switch function.kind {
                case .aggregate: "a"
                case .window: "w"
                default: "f"
                }
            return [.oid(function.oid)] + row(of: function) + [.text(kind), .null, .null]
        }
    }
}
