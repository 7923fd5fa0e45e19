package import SQLTypes

/// One column of a result, as RowDescription names it.
package struct WireColumn: Hashable, Sendable {
    package var name: String
    package var type: SQLType
    package var format: WireFormat
    /// 0: no column of a table.
    package var table: UInt32
    package var attribute: Int16

    package init(
        _ name: String, _ type: SQLType, format: WireFormat = .text, table: UInt32 = 0, attribute: Int16 = 0
    ) {
        self.name = name
        self.type = type
        self.format = format
        self.table = table
        self.attribute = attribute
    }
}

extension MessageWriter {
    /// The layout of `server_protocol_version` 0: PostgreSQL's own.
    mutating func columns(_ columns: [WireColumn]) {
        integer(UInt16(clamping: columns.count))
        for column in columns {
            cString(column.name)
            integer(column.table)
            integer(column.attribute)
            integer(column.type.oid)
            integer(column.type.postgreSQL.length)
            integer(column.type.typeModifier)
            integer(column.format.rawValue)
        }
    }
}
