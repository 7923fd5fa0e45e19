import Catalog
import SQLTypes
import VectorEngine

extension ByteWriter {
    mutating func definition(_ table: TableDefinition) {
        i32(table.id.rawValue)
        string(table.name.schema)
        string(table.name.name)
        list(table.columns) { $0.definition($1) }
        distribution(table.distribution)
        sortKey(table.sortKey)
        list(table.constraints) { $0.constraint($1) }
        bool(table.isTemporary)
    }

    private mutating func definition(_ column: ColumnDefinition) {
        string(column.name)
        type(column.type)
        bool(column.isNullable)
        optional(column.defaultText) { $0.string($1) }
        optional(column.identity) {
            $0.i64($1.seed)
            $0.i64($1.step)
            $0.bool($1.isByDefault)
        }
        string(column.encoding.rawValue)
        bool(column.isEncodingDeclared)
    }

    private mutating func distribution(_ distribution: Distribution) {
        bool(distribution.isAutomatic)
        switch distribution.effective {
        case .even: u8(0)
        case .key(let column):
            u8(1)
            u32(UInt32(column))
        case .all: u8(2)
        }
    }

    private mutating func sortKey(_ key: SortKey) {
        switch key {
        case .none: u8(0)
        case .auto: u8(1)
        case .compound(let columns):
            u8(2)
            self.columns(columns)
        case .interleaved(let columns):
            u8(3)
            self.columns(columns)
        }
    }

    private mutating func constraint(_ constraint: TableConstraint) {
        switch constraint {
        case .primaryKey(let name, let columns):
            u8(0)
            optional(name) { $0.string($1) }
            self.columns(columns)
        case .unique(let name, let columns):
            u8(1)
            optional(name) { $0.string($1) }
            self.columns(columns)
        case .foreignKey(let name, let columns, let references, let referencedColumns):
            u8(2)
            optional(name) { $0.string($1) }
            self.columns(columns)
            i32(references.rawValue)
            self.columns(referencedColumns)
        }
    }

    mutating func statistics(_ statistics: TableStatistics) {
        f64(statistics.rowCount)
        list(statistics.columns) { $0.optional($1) { $0.statistics($1) } }
    }

    private mutating func statistics(_ column: ColumnStatistics) {
        f64(column.distinctCount)
        f64(column.nullFraction)
        f64(column.averageWidth)
        optional(column.minimum) { $0.value($1) }
        optional(column.maximum) { $0.value($1) }
        list(column.mostCommon) {
            $0.value($1.value)
            $0.f64($1.fraction)
        }
        list(column.histogram) { $0.value($1) }
    }
}

extension ByteReader {
    mutating func definition() throws(SQLError) -> TableDefinition {
        let id = TableID(try i32())
        let schema = try string()
        let name = TableName(schema: schema, name: try string())
        let columns = try list(bytesEach: 12) { (reader) throws(SQLError) in try reader.columnDefinition() }
        let distribution = try distribution(columnCount: columns.count)
        let sortKey = try sortKey(columnCount: columns.count)
        let constraints = try list(bytesEach: 6) { (reader) throws(SQLError) in
            try reader.constraint(columnCount: columns.count)
        }
        return TableDefinition(
            id: id, name: name, columns: columns, distribution: distribution, sortKey: sortKey,
            constraints: constraints,
            isTemporary: try bool())
    }

    private mutating func columnDefinition() throws(SQLError) -> ColumnDefinition {
        let name = try string()
        let type = try type()
        let isNullable = try bool()
        let defaultText = try optional { (reader) throws(SQLError) in try reader.string() }
        let identity = try optional { (reader) throws(SQLError) in
            let seed = try reader.i64()
            let step = try reader.i64()
            return ColumnDefinition.Identity(seed: seed, step: step, isByDefault: try reader.bool())
        }
        let encodingName = try string()
        guard let encoding = ColumnEncoding(rawValue: encodingName) else {
            throw .corrupt("unknown encoding \"\(encodingName)\"")
        }
        return ColumnDefinition(
            name: name, type: type, isNullable: isNullable, defaultText: defaultText, identity: identity,
            encoding: encoding, isEncodingDeclared: try bool())
    }

    private mutating func distribution(columnCount: Int) throws(SQLError) -> Distribution {
        let isAutomatic = try bool()
        switch try u8() {
        case 0: return Distribution(isAutomatic: isAutomatic, .even)
        case 1: return Distribution(isAutomatic: isAutomatic, .key(column: try column(below: columnCount)))
        case 2: return Distribution(isAutomatic: isAutomatic, .all)
        case let other: throw .corrupt("unknown distribution style \(other)")
        }
    }

    private mutating func sortKey(columnCount: Int) throws(SQLError) -> SortKey {
        switch try u8() {
        case 0: return .none
        case 1: return .auto
        case 2: return .compound(try columns(below: columnCount))
        case 3: return .interleaved(try columns(below: columnCount))
        case let other: throw .corrupt("unknown sort key \(other)")
        }
    }

    private mutating func constraint(columnCount: Int) throws(SQLError) -> TableConstraint {
        let kind = try u8()
        let name = try optional { (reader) throws(SQLError) in try reader.string() }
        let columns = try columns(below: columnCount)
        switch kind {
        case 0: return .primaryKey(name: name, columns: columns)
        case 1: return .unique(name: name, columns: columns)
        case 2:
            let references = TableID(try i32())
            return .foreignKey(
                name: name, columns: columns, references: references,
                referencedColumns: try self.columns(below: Int(UInt32.max)))
        default: throw .corrupt("unknown constraint \(kind)")
        }
    }

    mutating func statistics() throws(SQLError) -> TableStatistics {
        let rowCount = try f64()
        let columns = try list(bytesEach: 1) { (reader) throws(SQLError) in
            try reader.optional { (reader) throws(SQLError) in try reader.columnStatistics() }
        }
        return TableStatistics(rowCount: rowCount, columns: columns)
    }

    private mutating func columnStatistics() throws(SQLError) -> ColumnStatistics {
        let distinctCount = try f64()
        let nullFraction = try f64()
        let averageWidth = try f64()
        let minimum = try optional { (reader) throws(SQLError) in try reader.value() }
        let maximum = try optional { (reader) throws(SQLError) in try reader.value() }
        let mostCommon = try list(bytesEach: 9) { (reader) throws(SQLError) in
            let value = try reader.value()
            return ColumnStatistics.CommonValue(value: value, fraction: try reader.f64())
        }
        let histogram = try list(bytesEach: 1) { (reader) throws(SQLError) in try reader.value() }
        return ColumnStatistics(
            distinctCount: distinctCount, nullFraction: nullFraction, averageWidth: averageWidth, minimum: minimum,
            maximum: maximum, mostCommon: mostCommon, histogram: histogram)
    }
}
