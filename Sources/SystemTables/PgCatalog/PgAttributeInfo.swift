import Catalog
import SQLTypes

extension SystemView {
    /// pg_attribute and the privileges on columns. - Source: Redshift developer guide, "PG_ATTRIBUTE_INFO".
    static let pgAttributeInfo = SystemView(
        "pg_attribute_info", columnsOfPgAttribute + [Column("attacl", .array(.aclitem))]
    ) { state in
        CatalogObjects(state).relations.flatMap { relation in
            zip(rowsOfPgAttribute(relation), relation.columns).map { row, column in
                row + [state.accessItems(of: relation.securable, column: column.name)]
            }
        }
    }
}
