import Catalog
import SQLTypes

extension SystemView {
    static func attributes(_ columns: [PolicyColumn]) -> SQLValue {
        .text(
            "["
                + columns.map { column in
                    "{\"colname\":\"\(column.name.jsonEscaped)\",\"type\":\"\(column.type.description)\"}"
                }.joined(separator: ",") + "]")
    }
}

extension SystemState {
    /// Empty for whoever is no security administrator.
    var policies: SecurityPolicies {
        rights?.has(RoleDefinition.securityAdministrator.id) ?? true ? catalog.policies : SecurityPolicies()
    }
}

extension String {
    var jsonEscaped: String {
        replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    }
}
