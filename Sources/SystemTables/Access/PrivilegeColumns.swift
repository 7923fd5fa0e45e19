import Catalog
import SQLTypes

extension SystemView {
    static let identityColumns = [
        Column("privilege_type", .longText), Column("identity_id", .integer), Column("identity_name", .longText),
        Column("identity_type", .longText),
    ]

    static let optionColumn = Column("admin_option", .boolean)
}
