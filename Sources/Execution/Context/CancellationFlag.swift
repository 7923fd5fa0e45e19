package import SQLTypes
import Synchronization

/// Set once, by whoever ends a query early (a cancel request, another slice's error); each task of the query looks at
/// it between two batches.
package final class CancellationFlag: Sendable {
    private let flag = Atomic<Bool>(false)

    package init() {}

    package func set() { flag.store(true, ordering: .relaxed) }
    package var isSet: Bool { flag.load(ordering: .relaxed) }

    package func check() throws(SQLError) {
        if isSet { throw SQLError.queryCanceled }
    }
}
