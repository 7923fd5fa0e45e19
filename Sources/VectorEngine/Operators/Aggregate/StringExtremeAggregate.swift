import SQLTypes

/// MIN, MAX and ANY_VALUE of strings, compared without trailing blanks (VARBYTE: with all bytes), kept as stored.
final class StringExtremeAggregate: Aggregate {
    private let type: SQLType
    private let choice: ExtremeChoice
    private let trims: Bool
    private let best = Column<StringView>()
    private let seen = Column<UInt8>()
    private let values = Scratch<StringView>()
    private let valid = Scratch<UInt8>()
    private var arena = StringArena()
    /// Bytes in the arena that the current values use.
    private var liveBytes = 0

    init(_ type: SQLType, _ choice: ExtremeChoice) {
        self.type = type
        self.choice = choice
        trims = KeyKind(type) == .text
    }

    var byteCount: Int { best.byteCount + seen.byteCount + arena.byteCount }

    func grow(to groupCount: Int) {
        best.grow(to: groupCount, filling: StringView(nil, count: 0))
        seen.grow(to: groupCount, filling: 0)
    }

    func update(_ arguments: [Vector], _ rows: GroupedRows) {
        let values = self.values.reserve(rows.count)
        let valid = self.valid.reserve(rows.count)
        let owners = arguments[0].copyViews(to: values)
        arguments[0].copyValidity(to: valid)
        withExtendedLifetime(owners) {
            for row in 0..<rows.count where valid[row] != 0 {
                let group = Int(rows.groups?[row] ?? 0)
                if seen.pointer[group] == 0 || isBetter(values[row], best.pointer[group]) { keep(values[row], group) }
            }
        }
        if arena.byteCount > 4 * liveBytes + (1 << 20) { compact() }
    }

    private func isBetter(_ value: StringView, _ old: StringView) -> Bool {
        guard choice != .first else { return false }
        let order = trims ? value.trimmed.compared(to: old.trimmed) : value.compared(to: old)
        return choice == .minimum ? order < 0 : order > 0
    }

    private func keep(_ value: StringView, _ group: Int) {
        liveBytes += value.count - best.pointer[group].count
        best.pointer[group] = arena.copy(value.bytes)
        seen.pointer[group] = 1
    }

    /// Leaves behind the bytes of values that were replaced.
    private func compact() {
        let old = arena.takeAll()
        withExtendedLifetime(old) {
            for group in 0..<best.count { best.pointer[group] = arena.copy(best.pointer[group].bytes) }
        }
    }

    func combine(_ states: [Vector], _ rows: GroupedRows) { update(states, rows) }
    func partial() -> [Vector] { [result()] }

    func result() -> Vector {
        let form = Vector.Form.views(best.buffer(), owners: arena.takeAll())
        return Vector(kind: .bytes, count: best.count, form: form, validity: seen.buffer())
    }
}
