/// What concurrent transactions of a database may see of one another.
/// - Source: Redshift developer guide, "Isolation levels in Amazon Redshift".
package enum IsolationLevel: String, Hashable, Sendable, CaseIterable {
    /// A transaction sees what was committed when it began to read; of two that change the same rows the first to commit
    /// wins.
    case snapshot = "Snapshot Isolation"
    /// Besides: there is an order in which they could have run one after the other, to the same effect.
    case serializable = "Serializable"
}
