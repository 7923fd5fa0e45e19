import Synchronization

/// Leaves out what is measured for the trace alone, in tasks that begin while it is set: the time of each step, the blocks
/// that a scan touches, the bytes that move. Only the benchmark of what the trace costs sets it; rows are always counted.
package enum TraceSwitch {
    private static let isSet = Atomic<Bool>(false)

    package static var isOff: Bool {
        get { isSet.load(ordering: .relaxed) }
        set { isSet.store(newValue, ordering: .relaxed) }
    }
}
