/// Unpacked columns of row groups, for the slices of one node, within a budget of bytes.
package final class BlockCache: Sendable {
    package let budgetBytes: Int

    package init(budgetBytes: Int) { self.budgetBytes = budgetBytes }
}
