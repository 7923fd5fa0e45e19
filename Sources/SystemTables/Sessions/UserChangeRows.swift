import Catalog
import QueryPlan
import SQLTypes

extension SystemView {
    static func userChange(_ event: UserEvent) -> [SQLValue] {
        let action: String =
            switch event.action {
            case .create: "create"
            case .alter: "alter"
            case .drop: "drop"
            case .rename: "rename"
            }
        // Infinity is none of TIMESTAMP's values.
        let until = event.validUntil.flatMap { $0 == .max ? nil : SQLValue.timestamp($0) } ?? .null
        return [
            .int(event.affected.rawValue), .text(event.name, max: 50), .text(event.oldName, max: 50), .text(action),
            .bit(event.canCreateDatabases), .bit(event.isSuperuser), .bit(event.isSuperuser), until,
            .int(event.source.session), .int(event.source.transaction), .timestamp(event.time),
        ]
    }
}
