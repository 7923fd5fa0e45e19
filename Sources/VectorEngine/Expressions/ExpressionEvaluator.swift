package import SQLTypes

/// Runs a program on batches: the scratch memory, and what was worked out once per constant or per dictionary. Belongs
/// to one task.
package final class ExpressionEvaluator {
    package let program: ExpressionProgram
    let context: EvaluationContext
    let random: RandomState
    /// By node; nil: not computed yet.
    var constants: [SQLValue?]
    /// By node: what the entries of the dictionary last seen give.
    var liftedTables: [LiftedTable?]
    /// By node, if it is shared: its values for all rows of the batch at hand.
    private var shared: [Int: Operand] = [:]
    /// The last pattern of a LIKE whose pattern is no constant.
    var dynamicMatchers: [Int: (pattern: [UInt8], matcher: PatternMatcher)] = [:]

    package init(_ program: ExpressionProgram, context: EvaluationContext = EvaluationContext()) {
        self.program = program
        self.context = context
        random = RandomState(seed: context.randomSeed)
        constants = [SQLValue?](repeating: nil, count: program.nodes.count)
        liftedTables = [LiftedTable?](repeating: nil, count: program.nodes.count)
    }

    /// The value for each row of the batch, `batch.count` rows of the kind `program.type.storage`. Errors are raised
    /// only for rows in `selection` (nil: all rows); what stands in the other rows is undefined, but may be read.
    package func evaluate(_ batch: Batch, selection: RowMask? = nil) throws(SQLError) -> Vector {
        shared.removeAll(keepingCapacity: true)
        let vector = try operand(program.root, batch, selection).vector
        return normalised(vector, to: program.type.storage)
    }

    /// All expressions of the program. Where one's type is stored in 128 bits (a product of two DECIMAL(12,2) is a
    /// DECIMAL(25,4)), `narrow` allows it, and the batch's values fit in 64, its vector is of kind `int64`: sums, and who
    /// stores only a total, read either.
    /// - Parameter narrow: by expression.
    package func evaluateAll(_ batch: Batch, narrow: [Bool]) throws(SQLError) -> [Vector] {
        shared.removeAll(keepingCapacity: true)
        var results: [Vector] = []
        results.reserveCapacity(program.roots.count)
        for (index, root) in program.roots.enumerated() {
            let vector = try operand(root, batch, nil).vector
            let kind = program.types[index].storage
            if narrow[index], kind == .int128, vector.kind.isInteger {
                results.append(vector.kind == .int128 ? vector : normalised(vector, to: .int64))
            } else {
                results.append(normalised(vector, to: kind))
            }
        }
        return results
    }

    /// Drops from `mask` the rows for which the boolean program is not true. Rows dropped before stay so, and raise no
    /// errors.
    /// - Precondition: `mask.count == batch.count`.
    package func filter(_ batch: Batch, into mask: inout RowMask) throws(SQLError) {
        precondition(mask.count == batch.count, "a mask of \(mask.count) rows for a batch of \(batch.count)")
        shared.removeAll(keepingCapacity: true)
        try filter(program.root, batch, &mask, wanted: true)
    }

    /// The value of an expression without columns: folding in the planner, constants, parameters.
    package static func value(
        of node: ExpressionNode, context: EvaluationContext = EvaluationContext()
    ) throws(SQLError) -> SQLValue {
        let evaluator = ExpressionEvaluator(try ExpressionProgram(node), context: context)
        return try evaluator.evaluate(Batch(columns: [], count: 1)).value(at: 0, as: node.type)
    }

    /// Inside the evaluator integers may stand in another kind than their type's, as long as their values fit both.
    func normalised(_ vector: Vector, to kind: StorageKind) -> Vector {
        if vector.kind == kind { return vector }
        if case .constant(let value) = vector.form { return .constant(value, kind: kind, count: vector.count) }
        if vector.kind.isInteger, kind.isInteger { return vector.widened(to: kind) }
        return vector
    }
}

/// An operand of a node: its values, and bounds of all of them where it has integers of at most 64 bits.
///
/// `vector.kind` is the type's storage, except that integers may be of kind `int64` instead, whatever the type says.
struct Operand {
    let vector: Vector
    let bounds: IntegerBounds?

    init(_ vector: Vector, bounds: IntegerBounds?) {
        self.vector = vector
        self.bounds = bounds
    }

    init(_ vector: Vector) { self.init(vector, bounds: IntegerBounds(of: vector)) }

    static func nulls(_ type: SQLType, count: Int) -> Operand {
        Operand(.nulls(kind: type.storage, count: count))
    }
}

extension ExpressionEvaluator {
    func node(_ index: Int) -> ExpressionProgram.Node { program.nodes[index] }

    /// The values of a node for all rows of the batch; errors only for those in `selection`.
    func operand(_ index: Int, _ batch: Batch, _ selection: RowMask?) throws(SQLError) -> Operand {
        let node = program.nodes[index]
        switch node.operation {
        case .column(let position):
            guard position < batch.columns.count else {
                throw .internalError("column \(position) of a batch with \(batch.columns.count)")
            }
            return column(batch.columns[position], node.type)
        case .literal(let value): return Operand(.constant(value, kind: node.type.storage, count: batch.count))
        default: break
        }
        if node.isConstant { return try constantOperand(index, node, batch.count, selection) }
        guard program.isShared[index] else { return try variable(index, node, batch, selection) }
        if let known = shared[index] { return known }
        let result = try variable(index, node, batch, selection)
        // Under a selection it may hold nonsense in the other rows, and has not raised their errors.
        if selection == nil { shared[index] = result }
        return result
    }

    private func variable(
        _ index: Int, _ node: ExpressionProgram.Node, _ batch: Batch, _ selection: RowMask?
    ) throws(SQLError) -> Operand {
        if let column = node.dictionaryColumn, let lifted = lifted(index, node, column, batch) { return lifted }
        return try computed(index, node, batch, selection)
    }

    /// Codes bound a column tightly, its declared type may do so better.
    private func column(_ vector: Vector, _ type: SQLType) -> Operand {
        guard let stored = IntegerBounds(of: vector) else { return Operand(vector, bounds: nil) }
        guard vector.validity == nil, let declared = IntegerBounds(of: type) else {
            return Operand(vector, bounds: stored)
        }
        let lower = max(stored.lower, declared.lower)
        let upper = min(stored.upper, declared.upper)
        return Operand(vector, bounds: lower <= upper ? IntegerBounds(lower, upper) : stored)
    }

    /// Computed once, at the first batch of which a row reaches it.
    private func constantOperand(
        _ index: Int, _ node: ExpressionProgram.Node, _ count: Int, _ selection: RowMask?
    ) throws(SQLError) -> Operand {
        if let value = constants[index] { return Operand(.constant(value, kind: node.type.storage, count: count)) }
        if count == 0 || selection.map({ !$0.keepsAny }) == true { return .nulls(node.type, count: count) }
        let one = try besideBatch { () throws(SQLError) in
            try computed(index, node, Batch(columns: [], count: 1), nil)
        }
        let value: SQLValue
        if case .constant(let known) = one.vector.form {
            value = known
        } else {
            value = normalised(one.vector, to: node.type.storage).value(at: 0, as: node.type)
        }
        constants[index] = value
        return Operand(.constant(value, kind: node.type.storage, count: count))
    }

    /// For what is computed of other rows than the batch's: neither sees the other's shared values.
    func besideBatch<T>(_ body: () throws(SQLError) -> T) throws(SQLError) -> T {
        let outer = shared
        shared = [:]
        defer { shared = outer }
        return try body()
    }

    func computed(
        _ index: Int, _ node: ExpressionProgram.Node, _ batch: Batch, _ selection: RowMask?
    ) throws(SQLError) -> Operand {
        switch node.operation {
        case .column, .literal: return try operand(index, batch, selection)
        case .arithmetic(let operations): return try arithmetic(operations, node, batch, selection)
        case .negate: return try negation(node, batch, selection)
        case .cast(let isTry): return try cast(node, isTry: isTry, batch, selection)
        case .call(let function): return try call(function, node, batch, selection)
        case .caseWhen(let hasOtherwise):
            return try caseWhen(node, hasOtherwise: hasOtherwise, batch, selection)
        case .comparison, .inRange, .inSet, .match, .matchDynamic:
            return try leafValue(index, node, batch, selection)
        case .and: return try conjunction(node, batch, selection, absorbing: false)
        case .or: return try conjunction(node, batch, selection, absorbing: true)
        case .not: return try notValue(node, batch, selection)
        case .isNull, .isBoolean:
            // These are never null, so that the mask is the value.
            var mask = RowMask(count: batch.count)
            let below = try operand(node.operands[0], batch, selection)
            applyNeverNull(node.operation, below.vector, &mask)
            return booleans(mask, validity: nil)
        }
    }

    /// A mask's bytes as a boolean vector.
    func booleans(_ mask: RowMask, validity: Buffer?) -> Operand {
        let values = mask.withBytes { bytes in
            Buffer(count: bytes.count, of: UInt8.self) { _ = $0.update(fromContentsOf: bytes) }
        }
        return Operand(
            Vector(kind: .int8, count: mask.count, form: .flat(values), validity: validity), bounds: IntegerBounds(0, 1)
        )
    }

    /// Valid where all of the vectors are; `isAllNull` if one is the constant NULL.
    func combinedValidity(_ vectors: [Vector], count: Int) -> (validity: Buffer?, isAllNull: Bool) {
        var found: [Vector] = []
        for vector in vectors {
            if vector.isNullConstant { return (nil, true) }
            if vector.validity != nil { found.append(vector) }
        }
        guard let first = found.first else { return (nil, false) }
        if found.count == 1 { return (first.validityFromZero(), false) }
        let combined = Buffer(count: count, of: UInt8.self) { target in
            guard let start = target.baseAddress else { return }
            first.copyValidity(to: start)
            for vector in found.dropFirst() { vector.maskValidity(in: start) }
        }
        return (combined, false)
    }

    /// The first row that is selected and valid, and for which `fails` holds.
    func firstRow(
        _ count: Int, _ validity: Buffer?, _ selection: RowMask?, where fails: (Int) -> Bool
    ) -> Int? {
        let valid = validity?.pointer(as: UInt8.self)
        for row in 0..<count {
            if let valid, valid[row] == 0 { continue }
            if let selection, !selection[row] { continue }
            if fails(row) { return row }
        }
        return nil
    }
}
