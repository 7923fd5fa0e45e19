package import SQLTypes

/// One window function call, as Execution takes it from the plan.
package struct WindowSpecification: Sendable {
    /// Canonical name; `count` without arguments is count(*).
    package var function: String
    /// Input columns.
    package var arguments: [Int]
    package var argumentTypes: [SQLType]
    /// First and last row of the frame, relative to the current one, both inclusive; nil: unbounded.
    package var frameStart: Int64?
    package var frameEnd: Int64?
    package var ignoresNulls: Bool
    /// LISTAGG's delimiter, the fraction of a percentile.
    package var parameter: SQLValue?
    package var result: SQLType

    package init(
        function: String, arguments: [Int], argumentTypes: [SQLType], frameStart: Int64?, frameEnd: Int64?,
        ignoresNulls: Bool, parameter: SQLValue? = nil, result: SQLType
    ) {
        self.function = function
        self.arguments = arguments
        self.argumentTypes = argumentTypes
        self.frameStart = frameStart
        self.frameEnd = frameEnd
        self.ignoresNulls = ignoresNulls
        self.parameter = parameter
        self.result = result
    }
}
