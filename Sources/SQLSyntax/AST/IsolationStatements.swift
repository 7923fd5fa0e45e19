/// `LOCK [TABLE] t, …`.
package struct LockStatement: Hashable, Sendable {
    package var tables: [QualifiedName]

    package init(_ tables: [QualifiedName]) { self.tables = tables }
}
