import Catalog
import SQLTypes

extension SystemView {
    /// pg_attribute and the privileges on columns. - Source: Redshift developer guide, "PG_ATTRIBUTE_INFO".
    static let pgAttributeInfo = SystemView(
        "pg_attribute_info", columnsOfPgAttribute + [Column("attacl", .array(.aclitem))]
    ) { state in
        rowsOfPgAttribute(state).map { $0 + [.null] }
    }
}
