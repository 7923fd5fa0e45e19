import Catalog
import SQLTypes

extension SystemView {
    /// - Source: PostgreSQL 8.0, "pg_group".
    static let pgGroup = SystemView(
        catalog: "pg_group",
        [Column("groname", .name), Column("grosysid", .integer), Column("grolist", .array(.integer))]
    ) { state in
        state.catalog.principals.groups.values.sorted { $0.id < $1.id }.map { group in
            [
                .text(group.name), .int(group.id.rawValue),
                group.members.isEmpty ? .null : .array(group.members.map(\.rawValue)),
            ]
        }
    }
}
