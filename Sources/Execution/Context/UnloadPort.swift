package import SQLTypes
package import VectorEngine

/// Where the `unload` steps of a statement write: makes each slice's sink. Files and their formats are the other side's
/// concern.
package protocol UnloadPort: Sendable {
    func makeSink(slice: Int) throws(SQLError) -> any BatchSink
}
