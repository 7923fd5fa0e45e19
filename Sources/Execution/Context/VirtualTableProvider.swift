package import Catalog
package import QueryPlan
package import SQLTypes
package import VectorEngine

/// Computes system tables and views, and functions that read the catalog; asked by the leader's segments only.
package protocol VirtualTableProvider: LeaderFunctions {
    /// All rows of the view, with the scan's columns only, in the scan's order; each value has the type that the scan
    /// says.
    /// - Parameter bounds: rows outside may be left out; columns as the view numbers them.
    func rows(of scan: VirtualScan, within bounds: ColumnBounds) throws(SQLError) -> [[SQLValue]]
    /// The rows of one call of a function that gives a set; each has a value for every column of the function.
    func rows(of function: String, _ arguments: [SQLValue], _ types: [SQLType]) throws(SQLError) -> FunctionRows
}
