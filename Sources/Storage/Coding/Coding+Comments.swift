import Catalog
import SQLTypes
import VectorEngine

extension ByteWriter {
    mutating func comment(_ target: CommentTarget, _ text: String?) {
        switch target {
        case .database: u8(0)
        case .table(let table):
            u8(1)
            i32(table.rawValue)
        case .column(let table, let column):
            u8(2)
            i32(table.rawValue)
            string(column)
        case .constraint(let table, let name):
            u8(3)
            i32(table.rawValue)
            string(name)
        case .view(let view):
            u8(4)
            string(view.schema)
            string(view.name)
        }
        optional(text) { $0.string($1) }
    }
}

extension ByteReader {
    mutating func comment() throws(SQLError) -> CommitRecord.Change {
        let target: CommentTarget
        switch try u8() {
        case 0: target = .database
        case 1: target = .table(TableID(try i32()))
        case 2:
            let table = TableID(try i32())
            target = .column(table, try string())
        case 3:
            let table = TableID(try i32())
            target = .constraint(table, try string())
        case 4:
            let schema = try string()
            target = .view(TableName(schema: schema, name: try string()))
        case let other: throw .corrupt("unknown target \(other) of a comment")
        }
        return .setComment(target, try optional { (reader) throws(SQLError) in try reader.string() })
    }
}
