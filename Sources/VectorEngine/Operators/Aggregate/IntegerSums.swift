import SQLTypes

/// The running sums behind SUM and AVG of one column of integers or decimals, over all groups; calls on the same column
/// share them.
///
/// Rows are added in 64 bits as long as no sum can leave them: `budget` is what may still be added to any group, in
/// absolute value, and each batch takes rows · |max| from it. When it is used up, the 64-bit sums are folded into the
/// 128-bit ones. Arguments of 128 bits go into these at once, checked.
///
/// Few groups have four 64-bit sums each, which rows take in turn: rows of one group that follow one another would wait
/// for each other's sum otherwise.
final class IntegerSums {
    let totals = Column<Int128>()
    /// Sum `lane` of group g is at place g · 2^`laneBits` + `lane`.
    private let partials = Column<Int64>()
    private var laneBits = 2
    /// What the number of values differs from the group's rows by.
    let differences = Column<Int64>()
    private let wides = Scratch<Int128>(capacity: 1)
    private let valid = Scratch<UInt8>(capacity: 1)
    private var budget = UInt64(Int64.max)

    /// Groups whose sums in four lanes stay in the first-level cache.
    private static let lanedGroupMaximum = 512

    var byteCount: Int { totals.byteCount + partials.byteCount + differences.byteCount }

    func grow(to groupCount: Int) {
        if laneBits > 0 && groupCount > IntegerSums.lanedGroupMaximum {
            fold()
            laneBits = 0
        }
        totals.grow(to: groupCount, filling: 0)
        partials.grow(to: groupCount << laneBits, filling: 0)
        differences.grow(to: groupCount, filling: 0)
    }

    func add(_ column: Vector, _ rows: GroupedRows) throws(SQLError) {
        let valid = validity(of: column)
        if column.kind == .int128 {
            try addWide(column, rows, valid: valid, added: nil)
        } else {
            addNarrow(column, rows, valid: valid)
        }
    }

    /// nil: no row is null.
    func validity(of column: Vector) -> UnsafePointer<UInt8>? {
        guard column.mayHaveNulls else { return nil }
        let valid = self.valid.reserve(column.count)
        column.copyValidity(to: valid)
        return UnsafePointer(valid)
    }

    private func addNarrow(_ column: Vector, _ rows: GroupedRows, valid: UnsafePointer<UInt8>?) {
        let bound = IntegerSums.magnitude(of: column)
        let (needed, overflow) = bound.multipliedReportingOverflow(by: UInt64(rows.count))
        countNulls(rows, valid)
        let fits = !overflow && needed <= UInt64(Int64.max)
        if fits {
            if needed > budget { fold() }
            budget -= needed
        }
        column.visitLanes(
            Adder(
                count: rows.count, groups: rows.groups, valid: valid, laneBits: laneBits,
                partials: fits ? partials.pointer : nil, totals: totals.pointer))
    }

    /// The loops, one for each form of column and each way to add.
    private struct Adder: LaneVisitor {
        let count: Int
        let groups: UnsafePointer<UInt32>?
        let valid: UnsafePointer<UInt8>?
        let laneBits: Int
        /// nil: values so large that a batch of them may leave 64 bits go into `totals`.
        let partials: UnsafeMutablePointer<Int64>?
        let totals: UnsafeMutablePointer<Int128>

        @inline(__always)
        func visit<Source: IntegerLanes>(_ lanes: Source) {
            guard let partials else {
                for row in 0..<count where valid.map({ $0[row] != 0 }) ?? true {
                    totals[Int(groups?[row] ?? 0)] += Int128(lanes[row])
                }
                return
            }
            if let valid {
                for row in 0..<count {
                    partials[Int(groups?[row] ?? 0) << laneBits] &+= valid[row] == 0 ? 0 : lanes[row]
                }
                return
            }
            guard let groups else {
                var sum: Int64 = 0
                for row in 0..<count { sum &+= lanes[row] }
                partials[0] &+= sum
                return
            }
            guard laneBits == 2 else {
                for row in 0..<count { partials[Int(groups[row])] &+= lanes[row] }
                return
            }
            var row = 0
            while row &+ 4 <= count {
                partials[Int(groups[row]) << 2] &+= lanes[row]
                partials[Int(groups[row &+ 1]) << 2 | 1] &+= lanes[row &+ 1]
                partials[Int(groups[row &+ 2]) << 2 | 2] &+= lanes[row &+ 2]
                partials[Int(groups[row &+ 3]) << 2 | 3] &+= lanes[row &+ 3]
                row &+= 4
            }
            while row < count {
                partials[Int(groups[row]) << 2] &+= lanes[row]
                row &+= 1
            }
        }
    }

    private func countNulls(_ rows: GroupedRows, _ valid: UnsafePointer<UInt8>?) {
        guard let valid else { return }
        let differences = self.differences.pointer
        for row in 0..<rows.count { differences[Int(rows.groups?[row] ?? 0)] -= 1 - Int64(valid[row]) }
    }

    /// At least the largest absolute value of the batch, nulls' fillers counted; of codes without a look at the rows.
    private static func magnitude(of column: Vector) -> UInt64 {
        if case .coded(let codes, let base) = column.form {
            return base.magnitude + (UInt64(1) << UInt64(8 * codes.width))
        }
        if let width = column.kind.width, width < 8 { return 1 << UInt64(8 * width - 1) }
        let lanes = column.int64Lanes()
        var bits = lanes.constant ^ (lanes.constant >> 63)
        if let values = lanes.values {
            bits = 0
            for row in 0..<column.count { bits |= values[row] ^ (values[row] >> 63) }
        }
        withExtendedLifetime(lanes) {}
        // Every value is in -2^n ... 2^n - 1 where n is the number of significant bits.
        return UInt64(1) << UInt64(64 - bits.leadingZeroBitCount)
    }

    /// `added`: how many values each row stands for, if it is a partial sum.
    func addWide(
        _ column: Vector, _ rows: GroupedRows, valid: UnsafePointer<UInt8>?, added: UnsafePointer<Int64>?
    ) throws(SQLError) {
        let values = wides.reserve(rows.count)
        column.copyIntegers(to: values)
        countNulls(rows, valid)
        for row in 0..<rows.count where valid.map({ $0[row] != 0 }) ?? true {
            let group = Int(rows.groups?[row] ?? 0)
            let (sum, overflow) = totals.pointer[group].addingReportingOverflow(values[row])
            guard !overflow else { throw SQLError.sumOutOfRange }
            totals.pointer[group] = sum
            differences.pointer[group] += (added?[row] ?? 1) - 1
        }
    }

    /// Brings `totals` up to date.
    func fold() {
        let lanes = 1 << laneBits
        let partials = self.partials.pointer
        for group in 0..<totals.count {
            for place in group * lanes..<(group + 1) * lanes {
                // Far from the ends: 2^63 partial sums would be needed to get there.
                totals.pointer[group] &+= Int128(partials[place])
                partials[place] = 0
            }
        }
        budget = UInt64(Int64.max)
    }
}
