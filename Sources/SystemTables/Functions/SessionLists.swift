import Catalog
import SQLTypes

/// What the session's names are looked up in.
enum SessionLists {
    static let all: [SystemFunction] = [
        // With `true`, those that are searched without being listed.
        SystemFunction("current_schemas", [.boolean], .array(.name)) { catalog, arguments in
            let state = catalog().state
            var schemas = state.searchPath.filter { state.catalog.schemas.contains($0) }
            if arguments[0] == .boolean(true) {
                if !schemas.contains("pg_catalog") {
                    let temporary = schemas.prefix { $0.hasPrefix("pg_temp_") }.count
                    schemas.insert("pg_catalog", at: temporary)
                }
            } else {
                schemas.removeAll { $0.hasPrefix("pg_temp_") }
            }
            return .string(ArrayText.text(schemas.map { SQLValue($0) }, of: .array(.name)))
        }
    ]
}
