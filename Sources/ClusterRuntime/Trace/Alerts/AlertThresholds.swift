/// When a query's plan or run is worth an alert.
enum AlertThresholds {
    /// Rows that went over the network for one step, on all slices together.
    /// - Source: Redshift developer guide, "STL_ALERT_EVENT_LOG": more than 1,000,000.
    static let movedRows: Int64 = 1_000_000
    /// Share of the rows that were looked at which a selective filter lets pass.
    /// - Source: the same page: less than 0.05.
    static let filterRatio = 0.05
    /// Rows that a slice must have looked at; ours, since the guide names none: below them there is nothing to save.
    static let filteredRowsMin: Int64 = 1_000
    /// Deleted rows that a slice passed over, and their share of the rows that it met; ours, the guide says "a large
    /// number".
    static let deletedRowsMin: Int64 = 1_000
    static let deletedRatio = 0.2
}
