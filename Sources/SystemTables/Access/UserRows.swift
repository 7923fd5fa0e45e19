import Catalog
import SQLTypes

extension SystemView {
    static let columnsOfPgUser = [
        Column("usename", .name), Column("usesysid", .integer), Column("usecreatedb", .boolean),
        Column("usesuper", .boolean), Column("usecatupd", .boolean), Column("passwd", .longText),
        Column("valuntil", .longText), Column("useconfig", .array(.text)),
    ]

    static func rowOfPgUser(_ user: UserDefinition) -> [SQLValue] {
        let settings = user.settings.map { "\"\($0.name)=\($0.value.replacing("\"", with: "\\\""))\"" }
        return [
            .text(user.name), .int(user.id.rawValue), .boolean(user.canCreateDatabases), .boolean(user.isSuperuser),
            .boolean(user.id == .rdsdb), .text("********"), validUntil(user),
            settings.isEmpty ? .null : .text("{" + settings.joined(separator: ",") + "}"),
        ]
    }

    static func validUntil(_ user: UserDefinition) -> SQLValue {
        guard let moment = user.validUntil else { return .null }
        if moment == .max { return .text("infinity") }
        return .string(SQLValue.timestamptz(moment).text(as: .timestamptz, zone: .utc))
    }
}

extension SystemState {
    /// By number.
    var users: [UserDefinition] { catalog.principals.users.values.sorted { $0.id < $1.id } }
}
