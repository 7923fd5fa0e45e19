import SQLSyntax
import SQLTypes

/// Refuses what is nested too deeply for the thread that plans it. The parser lets 1,000 levels pass; how many of
/// them a binder's frames fit depends on the build and on the thread (512 KB to 8 MB), so the stack itself is looked
/// at.
struct StackGuard {
    /// Binding may use this share of the stack: later passes have smaller frames, and need theirs at the same depth.
    private static let usableShare = 0.5

    private let lowestAddress: UInt

    init() {
        let here = Self.address()
        let usable = UInt(Double(stackBytesLeft(below: here)) * Self.usableShare)
        lowestAddress = here > usable ? here - usable : 0
    }

    func check() throws(SQLError) {
        guard Self.address() > lowestAddress else {
            throw SQLError.tooDeep()
        }
    }

    @inline(never)
    private static func address() -> UInt {
        var marker: UInt8 = 0
        return withUnsafeMutablePointer(to: &marker) { UInt(bitPattern: $0) }
    }
}

extension SQLError {
    static func tooDeep(at position: SourcePosition? = nil) -> SQLError {
        SQLError(
            .statementTooComplex, "statement is too complex",
            detail: "Its expressions or subqueries are nested too deeply.", position: position?.character)
    }
}
