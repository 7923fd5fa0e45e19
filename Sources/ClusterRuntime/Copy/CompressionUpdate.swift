import Catalog
import Ingest

extension TableDefinition {
    /// The definition with the encodings that a COPY into it, while it is empty, sets by the columns' types; nil: they
    /// stay. Without COMPUPDATE a column that somebody has given an encoding other than RAW keeps all of them.
    /// - Source: Redshift developer guide, "Data load operations", COMPUPDATE.
    func encoded(for update: CopyOptions.CompressionUpdate?) -> TableDefinition? {
        switch update {
        case .off, .on: return nil
        case .preset: break
        case nil: guard columns.allSatisfy({ $0.encoding == .raw }) else { return nil }
        }
        var changed = self
        for position in columns.indices {
            changed.columns[position].encoding = ColumnEncoding.automatic(
                for: columns[position].type, isSortKey: sortKey.columns.contains(position))
        }
        return changed == self ? nil : changed
    }
}
