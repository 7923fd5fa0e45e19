import Catalog
import SQLTypes

extension SystemView {
    static let svvLanguagePrivileges = SystemView(
        "svv_language_privileges",
        [Column("language_name", .longText)] + identityColumns + [optionColumn]
    ) { state in
        ["internal", "plpgsql", "plpythonu", "sql"].flatMap {
            state.rows([.text($0)], state.catalog.access.list(of: .language($0)))
        }
    }
}
