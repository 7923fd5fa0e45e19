import Catalog
import SQLTypes
import VectorEngine

extension ByteWriter {
    mutating func view(_ view: ViewDefinition) {
        string(view.name.schema)
        string(view.name.name)
        list(view.columns) {
            $0.string($1.name)
            $0.type($1.type)
        }
        list(view.columnNames) { $0.string($1) }
        string(view.text)
        list(view.searchPath) { $0.string($1) }
        list(view.tables) { $0.i32($1.rawValue) }
        list(view.views) {
            $0.string($1.schema)
            $0.string($1.name)
        }
    }
}

extension ByteReader {
    mutating func view() throws(SQLError) -> ViewDefinition {
        let name = TableName(schema: try string(), name: try string())
        let columns = try list(bytesEach: 5) { (reader) throws(SQLError) in
            ViewDefinition.Column(try reader.string(), try reader.type())
        }
        let columnNames = try list(bytesEach: 4) { (reader) throws(SQLError) in try reader.string() }
        let text = try string()
        let searchPath = try list(bytesEach: 4) { (reader) throws(SQLError) in try reader.string() }
        let tables = try list(bytesEach: 4) { (reader) throws(SQLError) in TableID(try reader.i32()) }
        let views = try list(bytesEach: 8) { (reader) throws(SQLError) in
            TableName(schema: try reader.string(), name: try reader.string())
        }
        return ViewDefinition(
            name: name, columns: columns, columnNames: columnNames, text: text, searchPath: searchPath, tables: tables,
            views: views)
    }
}
