import Catalog
import QueryPlan
import SQLTypes
import Storage
import VectorEngine

/// Carries out `IdentityFill`. Batch in and out: the same rows and columns, the identity columns with values.
final class IdentityOperator: BatchOperator {
    private let step: IdentityFill
    private let context: SliceContext
    private let sliceCount: Int64
    /// By slice, the first i of the table's sequence that is free.
    private var next: [Int64]
    private var used: Set<Int> = []
    private var output: Batch?

    init(_ step: IdentityFill, _ context: SliceContext) throws(SQLError) {
        guard let table = context.version.tables[step.table] else {
            throw SQLError.internalError("identity values for table \(step.table.rawValue), which is not there")
        }
        self.step = step
        self.context = context
        sliceCount = Int64(context.shape.slices)
        next = table.identityNext
        guard next.count == context.shape.slices, step.isAlone || next.indices.contains(context.slice) else {
            throw SQLError.internalError("identity values on slice \(context.slice), which has none")
        }
    }

    func consume(_ batch: Batch) throws(SQLError) {
        let numbers = try takeNumbers(batch.count)
        var filled = batch
        for column in step.columns {
            filled.columns[column.column] = try values(of: column, numbers, replacing: batch.columns[column.column])
        }
        output = filled
    }

    func produce() -> Batch? {
        defer { output = nil }
        return output
    }

    func inputEnded() {
        for slice in used.sorted() {
            context.identities.add(IdentityUse.Entry(table: step.table, slice: slice, next: next[slice]))
        }
        used = []
    }

    /// k + i·n for as many rows.
    private func takeNumbers(_ count: Int) throws(SQLError) -> [Int64] {
        var numbers: [Int64] = []
        numbers.reserveCapacity(count)
        for _ in 0..<count {
            let slice = step.isAlone ? lowest : context.slice
            used.insert(slice)
            let (product, overflows) = next[slice].multipliedReportingOverflow(by: sliceCount)
            let (number, overflows2) = product.addingReportingOverflow(Int64(slice))
            if overflows || overflows2 { throw SQLError.identityOverflow }
            numbers.append(number)
            next[slice] += 1
        }
        return numbers
    }

    private var lowest: Int {
        var best = 0
        for slice in next.indices where next[slice] < next[best] { best = slice }
        return best
    }

    private func values(
        of column: IdentityFill.Column, _ numbers: [Int64], replacing given: Vector
    ) throws(SQLError) -> Vector {
        var made: [Int64] = []
        made.reserveCapacity(numbers.count)
        let range = column.type == .integer ? Int64(Int32.min)...Int64(Int32.max) : Int64.min...Int64.max
        for (row, number) in numbers.enumerated() {
            if column.onlyNulls, case .integer(let value) = given.value(at: row, as: column.type) {
                made.append(value)
                continue
            }
            let (product, overflows) = number.multipliedReportingOverflow(by: column.step)
            let (value, overflows2) = product.addingReportingOverflow(column.seed)
            guard !overflows, !overflows2, range.contains(value) else { throw SQLError.identityOverflow }
            made.append(value)
        }
        let buffer = column.type == .integer ? Buffer(made.map { Int32(truncatingIfNeeded: $0) }) : Buffer(made)
        return Vector(kind: column.type.storage, count: made.count, form: .flat(buffer))
    }
}

extension SQLError {
    static var identityOverflow: SQLError {
        SQLError(.numericValueOutOfRange, "the values of the identity column are exhausted")
    }
}
