import SQLTypes
import Synchronization

/// Whether a plan holds for the moment only at which it was made: GETDATE(), 'now' and their like are constants in it.
package final class ClockUse: Sendable {
    private let flag = Atomic(false)

    package init() {}

    package var wasRead: Bool { flag.load(ordering: .relaxed) }

    func note() { flag.store(true, ordering: .relaxed) }

    /// Words such as 'now' and 'yesterday' are times that move; a text that begins with a digit is none of them.
    func note(parsing text: [UInt8], as type: SQLType) {
        guard type.isDateOrTime, let first = text.first(where: { $0 != UInt8(ascii: " ") }) else { return }
        if !(UInt8(ascii: "0")...UInt8(ascii: "9") ~= first) { note() }
    }
}
