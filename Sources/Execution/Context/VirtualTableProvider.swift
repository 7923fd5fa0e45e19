package import QueryPlan
package import SQLTypes

/// Computes system tables and views; asked by the leader's segments only.
package protocol VirtualTableProvider: Sendable {
    /// All rows of the view, with the scan's columns only, in the scan's order; each value has the type that the scan
    /// says.
    func rows(of scan: VirtualScan) throws(SQLError) -> [[SQLValue]]
}
