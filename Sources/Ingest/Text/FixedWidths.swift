package import SQLTypes

/// The argument of FIXEDWIDTH: `'label:width, label:width, …'`. Labels say nothing; widths are characters.
package struct FixedWidths: Hashable, Sendable {
    package let widths: [Int]

    /// No VARCHAR is longer.
    private static let widthMax = 65_535

    package init(_ text: String) throws(SQLError) {
        var widths: [Int] = []
        for field in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let colon = field.lastIndex(of: ":"), colon > field.startIndex,
                let width = Int(field[field.index(after: colon)...].filter { $0 != " " }),
                (1...FixedWidths.widthMax).contains(width)
            else {
                throw SQLError(
                    .invalidParameterValue, "invalid FIXEDWIDTH specification '\(text)'",
                    hint: "Write 'label:width, label:width, …', one for each column, widths from 1 to 65535.")
            }
            widths.append(width)
        }
        self.widths = widths
    }

    /// Throws unless there is a width for each column.
    package func check(columnCount: Int) throws(SQLError) {
        guard widths.count == columnCount else {
            throw SQLError(
                .invalidParameterValue, "FIXEDWIDTH has \(widths.count) fields for \(columnCount) columns")
        }
    }
}
