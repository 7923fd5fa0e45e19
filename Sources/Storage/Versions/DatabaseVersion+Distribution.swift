package import Catalog

extension DatabaseVersion {
    /// How the table's rows lie on the slices; nil: there is no such table in the database that is looked at.
    /// - Complexity: in its row groups and columns.
    package func distribution(of table: TableID, shape: ClusterShape) -> TableDistribution? {
        guard let definition = catalog.tables[table], let rows = tables[table] else { return nil }
        let slices = rows.partitions.enumerated().map { slice, groups in
            let live = rows.liveRowCount(ofSlice: slice)
            let stored = groups.reduce(0) { $0 + $1.rowCount }
            return TableDistribution.Slice(
                slice: slice, node: shape.node(ofSlice: slice), rows: Int64(live), deletedRows: Int64(stored - live),
                bytes: groups.reduce(0) { $0 + Int64($1.byteCount) },
                blocks: groups.reduce(0) { sum, group in
                    sum + group.chunks.reduce(0) { $0 + Int64($1.blocks.count) }
                })
        }
        return TableDistribution(table: table, style: definition.distribution, shape: shape, slices: slices)
    }
}
