import SQLTypes

/// The running sums behind SUM and AVG of one column of integers or decimals, over all groups; calls on the same column
/// share them.
///
/// Rows are added in 64 bits as long as no sum can leave them: `budget` is what may still be added to any group, in
/// absolute value, and each batch takes rows · |max| from it. When it is used up, the 64-bit sums are folded into the
/// 128-bit ones. Arguments of 128 bits go into these at once, checked.
///
/// Few groups have four 64-bit sums each, which rows take in turn: rows of one group that follow one another would wait
/// for each other's sum otherwise. Of many groups (every order of a table) it is memory that counts: sums of 128 bits and
/// counts of nulls are kept only once a batch asks for them.
final class IntegerSums {
    private(set) var groupCount = 0
    /// Sum `lane` of group g is at place g · 2^`laneBits` + `lane`.
    private let partials = Column<Int64>(capacity: 0)
    private var laneBits = 2
    /// What has been folded; without places as long as 64 bits have done.
    private let totals = Column<Int128>(capacity: 0)
    private(set) var hasTotals = false
    /// What the number of values differs from the group's rows by; without places as long as it does not.
    private let differences = Column<Int64>(capacity: 0)
    private(set) var hasDifferences = false
    private let wides = Scratch<Int128>(capacity: 0)
    private let valid = Scratch<UInt8>(capacity: 0)
    private var budget = UInt64(Int64.max)

    /// Groups whose sums in four lanes stay in the first-level cache.
    private static let lanedGroupMaximum = 512

    var byteCount: Int { totals.byteCount + partials.byteCount + differences.byteCount }

    func grow(to groupCount: Int) {
        if laneBits > 0 && groupCount > IntegerSums.lanedGroupMaximum { joinLanes() }
        self.groupCount = Swift.max(self.groupCount, groupCount)
        partials.grow(to: groupCount << laneBits, filling: 0)
        if hasTotals { totals.grow(to: groupCount, filling: 0) }
        if hasDifferences { differences.grow(to: groupCount, filling: 0) }
    }

    private func joinLanes() {
        let lanes = 1 << laneBits
        let partials = self.partials.pointer
        for group in 0..<groupCount {
            var sum: Int64 = 0
            // Within the budget, which holds for all lanes of a group together.
            for place in group * lanes..<(group + 1) * lanes {
                sum &+= partials[place]
                partials[place] = 0
            }
            partials[group] = sum
        }
        laneBits = 0
    }

    /// The sum of all values of the group.
    @inline(__always)
    func total(of group: Int) -> Int128 { Int128(unfolded(group)) &+ (hasTotals ? totals.pointer[group] : 0) }

    /// What is not in `totals`: without these it is the sum.
    @inline(__always)
    func unfolded(_ group: Int) -> Int64 {
        guard laneBits > 0 else { return partials.pointer[group] }
        var sum: Int64 = 0
        for place in group << laneBits..<(group + 1) << laneBits { sum &+= partials.pointer[place] }
        return sum
    }

    /// What the number of values differs from the group's rows by.
    @inline(__always)
    func difference(of group: Int) -> Int64 { hasDifferences ? differences.pointer[group] : 0 }

    private func needTotals() -> UnsafeMutablePointer<Int128> {
        hasTotals = true
        totals.grow(to: groupCount, filling: 0)
        return totals.pointer
    }

    private func needDifferences() -> UnsafeMutablePointer<Int64> {
        hasDifferences = true
        differences.grow(to: groupCount, filling: 0)
        return differences.pointer
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
                partials: fits ? partials.pointer : nil, totals: fits ? totals.pointer : needTotals()))
    }

    /// The loops, one for each form of column and each way to add.
    private struct Adder: LaneVisitor {
        let count: Int
        let groups: UnsafePointer<UInt32>?
        let valid: UnsafePointer<UInt8>?
        let laneBits: Int
        /// nil: values so large that a batch of them may leave 64 bits go into `totals`, which are there then.
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
        let differences = needDifferences()
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
        let totals = needTotals()
        let differences = added == nil ? nil : needDifferences()
        for row in 0..<rows.count where valid.map({ $0[row] != 0 }) ?? true {
            let group = Int(rows.groups?[row] ?? 0)
            let (sum, overflow) = totals[group].addingReportingOverflow(values[row])
            guard !overflow else { throw SQLError.sumOutOfRange }
            totals[group] = sum
            if let differences, let added { differences[group] += added[row] - 1 }
        }
    }

    /// Makes the 64-bit sums 0.
    private func fold() {
        let totals = needTotals()
        let lanes = 1 << laneBits
        let partials = self.partials.pointer
        for group in 0..<groupCount {
            for place in group * lanes..<(group + 1) * lanes {
                // Far from the ends: 2^63 partial sums would be needed to get there.
                totals[group] &+= Int128(partials[place])
                partials[place] = 0
            }
        }
        budget = UInt64(Int64.max)
    }
}
