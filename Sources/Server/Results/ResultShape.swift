#if Server
import PGWire
import QueryPlan

/// Columns of a result, and what was made to tell a client of them and to encode their rows.
struct ResultShape {
    private let columns: [OutputColumn]
    private let style: TextStyle
    /// RowDescription, encoded; all columns as text.
    let description: [UInt8]
    let encoder: RowEncoder

    init(_ columns: [OutputColumn], _ style: TextStyle) {
        self.columns = columns
        self.style = style
        let wire = columns.map { WireColumn($0) }
        description = BackendMessage.rowDescription(wire).bytes
        encoder = RowEncoder(wire, style)
    }

    /// Whether it does for these, too. A plan that is used again has the very same array of columns, which is seen at
    /// once.
    func fits(_ columns: [OutputColumn], _ style: TextStyle) -> Bool { style == self.style && columns == self.columns }
}
#endif
