import Catalog
import SQLTypes

extension SystemView {
    static func definition(of view: ViewDefinition) -> SQLValue {
        let end = view.columns.isEmpty ? " WITH NO SCHEMA BINDING;" : ";"
        return .text(view.text + end, max: SQLType.maximumVarcharLength)
    }
}
