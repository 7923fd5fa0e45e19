import Catalog
import SQLTypes
import SystemTables
import Testing

/// Rows are of the columns that a view declares, whatever the catalog.
@Suite struct ViewShapeTests {
    @Test(arguments: SystemViews.all.map(\.definition.name))
    func valuesAreOfTheColumnsTypes(_ name: TableName) throws {
        let view = try #require(SystemViews.view(named: name.name))
        let columns = view.definition.columns
        #expect(Set(columns.map(\.name)).count == columns.count, "\(name) has a column twice")
        for seed in UInt64(0)..<6 {
            for row in view.rows(RandomCatalog.state(seed: seed), columns: Array(columns.indices)) {
                #expect(row.count == columns.count)
                for (value, column) in zip(row, columns) {
                    #expect(value.fits(column.type), "\(name).\(column.name) \(column.type): \(value)")
                }
            }
        }
    }

    /// What slices read has types that slices know.
    @Test func whatMeetsUserTablesHasTheirTypes() {
        for view in SystemViews.all where !view.definition.isLeaderOnly {
            for column in view.definition.columns {
                #expect(!column.type.isLeaderOnly, "\(view.definition.name).\(column.name)")
            }
        }
    }

    @Test func namesAreUnique() {
        let names = SystemViews.all.map(\.definition.name.name)
        #expect(Set(names).count == names.count)
        #expect(Set(SystemViews.all.map(\.oid)).count == names.count)
    }
}

extension SQLValue {
    /// Of the form that vectors of the type are made from.
    fileprivate func fits(_ type: SQLType) -> Bool {
        switch (self, type) {
        case (.null, _): true
        case (.boolean, .boolean), (.real, .real), (.double, .double), (.date, .date), (.timestamp, .timestamp),
            (.timestamptz, .timestamptz), (.interval, .intervalDayToSecond):
            true
        case (.integer(let value), .smallint): Int16(exactly: value) != nil
        case (.integer(let value), .integer): Int32(exactly: value) != nil
        case (.integer, .bigint): true
        case (.integer(let value), .catalog(let type)): type.storage == .int64 && UInt32(exactly: value) != nil
        case (.decimal(let value), .decimal(_, let scale)): value.scale == scale
        case (.string(let bytes), _): type.storage == .bytes && bytes.count <= type.length ?? .max
        default: false
        }
    }
}
