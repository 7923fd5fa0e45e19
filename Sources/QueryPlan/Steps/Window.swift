package import SQLTypes

/// Window functions over rows that come sorted by partition, then by order. Batch out: the input's columns, then one
/// column per call.
package struct Window: Sendable {
    /// Input columns.
    package var partition: [Int]
    package var order: [SortColumn]
    package var calls: [WindowCall]
    package var types: [SQLType]

    package init(partition: [Int], order: [SortColumn], calls: [WindowCall], types: [SQLType]) {
        self.partition = partition
        self.order = order
        self.calls = calls
        self.types = types
    }
}

package struct WindowCall: Hashable, Sendable {
    /// Canonical name: row_number, lag, sum, …; `count` without arguments is count(*).
    package var function: String
    /// Input columns.
    package var arguments: [Int]
    package var argumentTypes: [SQLType]
    package var frame: WindowFrame
    package var ignoresNulls: Bool
    /// As in `OrderedSet`, of LISTAGG, MEDIAN and the percentiles; the window's order is that of WITHIN GROUP.
    package var parameter: SQLValue?
    package var result: SQLType

    package init(
        function: String, arguments: [Int], argumentTypes: [SQLType], frame: WindowFrame, ignoresNulls: Bool,
        parameter: SQLValue? = nil, result: SQLType
    ) {
        self.function = function
        self.arguments = arguments
        self.argumentTypes = argumentTypes
        self.frame = frame
        self.ignoresNulls = ignoresNulls
        self.parameter = parameter
        self.result = result
    }
}

/// ROWS BETWEEN … AND …: rows from the current one, both inclusive; negative ones precede it; nil: unbounded.
package struct WindowFrame: Hashable, Sendable {
    package var start: Int64?
    package var end: Int64?

    package init(start: Int64?, end: Int64?) {
        self.start = start
        self.end = end
    }

    package static let wholePartition = WindowFrame(start: nil, end: nil)
}
