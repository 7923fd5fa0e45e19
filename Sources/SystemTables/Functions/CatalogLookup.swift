
/// The catalog as functions look things up in it.
package struct CatalogLookup: Sendable {
    package let state: SystemState

    package init(_ state: SystemState) { self.state = state }
}
