import Catalog
import SQLTypes

extension SystemView {
    /// No functions and procedures of users' own exist to have privileges on.
    static let svvFunctionPrivileges = SystemView(
        "svv_function_privileges",
        [
            Column("namespace_name", .longText), Column("function_name", .longText),
            Column("argument_types", .longText),
        ] + identityColumns + [optionColumn]
    ) { _ in [] }
}
