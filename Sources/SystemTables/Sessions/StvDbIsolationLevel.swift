import Catalog
import SQLTypes

extension SystemView {
    /// - Source: Redshift developer guide, "STV_DB_ISOLATION_LEVEL".
    static let stvDbIsolationLevel = SystemView(
        "stv_db_isolation_level",
        [Column("db_name", .char(length: 128)), Column("isolation_level", .char(length: 20))]
    ) { state in
        [[.text(state.database), .text(state.catalog.isolation(of: state.database).rawValue)]]
    }
}
