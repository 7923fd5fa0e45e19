import SQLTypes

/// What a node gives for each entry of one dictionary, and, as row `dictionary.count`, for NULL.
struct LiftedTable {
    let dictionary: StringDictionary
    /// nil: an entry raises an error. No row need have that entry, so that rows are then computed one by one.
    let outcome: Outcome?

    enum Outcome {
        /// One row an entry.
        case values(Operand)
        /// Strings again: the distinct results, and for each entry its code among them; nil for null.
        case strings(StringDictionary, codes: [UInt32], isNull: [Bool])
        /// 1 where the predicate is true and 1 where it is false; both 0 where it is unknown.
        case truth(isTrue: [UInt8], isFalse: [UInt8])
    }
}

// An expression over one string column whose values come from a dictionary is computed once per entry, not once per
// row.

extension ExpressionEvaluator {
    /// nil if the column is not of that form, or too few rows would profit.
    func lifted(_ index: Int, _ node: ExpressionProgram.Node, _ column: Int, _ batch: Batch) -> Operand? {
        guard column < batch.columns.count, case .dictionary(let codes, let dictionary) = batch.columns[column].form,
            let outcome = outcome(index, node, column, dictionary, batch)
        else { return nil }
        let source = batch.columns[column]
        let valid = source.validityPointer
        switch outcome {
        case .values(let table):
            let rows = [UInt32](unsafeUninitializedCapacity: batch.count) { target, count in
                for row in 0..<batch.count {
                    let isValid = valid.map { $0[row] != 0 } ?? true
                    target[row] = UInt32(truncatingIfNeeded: isValid ? codes[source.offset + row] : dictionary.count)
                }
                count = batch.count
            }
            return Operand(table.vector.gathered(rows.span), bounds: table.bounds)
        case .strings(let results, let resultCodes, let isNull):
            return Operand(
                mapped(source, codes, dictionary.count, results, resultCodes, isNull), bounds: nil)
        case .truth(let isTrue, let isFalse):
            var values = RowMask(count: batch.count)
            keep(isTrue, codes, source, &values)
            var known = values
            var negative = RowMask(count: batch.count)
            keep(isFalse, codes, source, &negative)
            known.unite(negative)
            if known.keepsAll { return booleans(values, validity: nil) }
            return booleans(values, validity: booleans(known, validity: nil).flatBuffer)
        }
    }

    /// The same for a predicate; false if the column is not of that form.
    func filterLifted(
        _ index: Int, _ node: ExpressionProgram.Node, _ column: Int, _ batch: Batch, _ mask: inout RowMask,
        _ wanted: Bool
    ) -> Bool {
        guard column < batch.columns.count, case .dictionary(let codes, let dictionary) = batch.columns[column].form,
            case .truth(let isTrue, let isFalse)? = outcome(index, node, column, dictionary, batch)
        else { return false }
        keep(wanted ? isTrue : isFalse, codes, batch.columns[column], &mask)
        return true
    }

    private func outcome(
        _ index: Int, _ node: ExpressionProgram.Node, _ column: Int, _ dictionary: StringDictionary, _ batch: Batch
    ) -> LiftedTable.Outcome? {
        if let known = liftedTables[index], known.dictionary === dictionary { return known.outcome }
        // A dictionary serves a row group of up to 65,536 rows; one that is larger than that and than the batch is not
        // worth working through.
        guard dictionary.count <= max(65_536, batch.count) else { return nil }
        let outcome = compute(index, node, column, dictionary, batch)
        liftedTables[index] = LiftedTable(dictionary: dictionary, outcome: outcome)
        return outcome
    }

    private func compute(
        _ index: Int, _ node: ExpressionProgram.Node, _ column: Int, _ dictionary: StringDictionary, _ batch: Batch
    ) -> LiftedTable.Outcome? {
        let count = dictionary.count + 1
        let views = Buffer(count: count, of: StringView.self) { target in
            for (place, view) in dictionary.entries.enumerated() { target[place] = view }
        }
        let validity = Buffer(count: count, of: UInt8.self) { target in
            target.update(repeating: 1)
            target[count - 1] = 0
        }
        let entries = Vector(
            kind: .bytes, count: count, form: .views(views, owners: dictionary.owners + [dictionary.views]),
            validity: validity)
        let columns = batch.columns.indices.map { place in
            place == column ? entries : Vector.nulls(kind: batch.columns[place].kind, count: count)
        }
        let computed = try? besideBatch { () throws(SQLError) in
            try self.computed(index, node, Batch(columns: columns, count: count), nil)
        }
        guard let result = computed else { return nil }
        if node.type == .boolean { return truth(result.vector, count) }
        return node.type.storage == .bytes ? strings(result.vector, count) : .values(result)
    }

    private func truth(_ vector: Vector, _ count: Int) -> LiftedTable.Outcome {
        var table: [Int64: [UInt8]] = [:]
        for wanted: Int64 in [0, 1] {
            var mask = RowMask(count: count)
            vector.keepValid(mask: &mask)
            if vector.isNullConstant {
                mask.dropAll()
            } else {
                vector.keepRows(in: IntegerRange(lower: wanted, upper: wanted), isNegated: false, mask: &mask)
            }
            table[wanted] = mask.withBytes { Array($0) }
        }
        return .truth(isTrue: table[1] ?? [], isFalse: table[0] ?? [])
    }

    /// Equal results of different entries share a code: a dictionary's entries are distinct.
    private func strings(_ vector: Vector, _ count: Int) -> LiftedTable.Outcome {
        let lanes = vector.stringLanes()
        var builder = GrowableBuffer<StringView>(capacity: count)
        var codeOfString: [[UInt8]: UInt32] = [:]
        var codes: [UInt32] = []
        var isNull: [Bool] = []
        for row in 0..<count {
            let view = lanes[row]
            let known = codeOfString[Array(view.bytes)]
            if known == nil {
                codeOfString[Array(view.bytes)] = UInt32(builder.count)
                builder.append(view)
            }
            codes.append(known ?? UInt32(builder.count - 1))
            isNull.append(!vector.isValid(row))
        }
        let dictionary = StringDictionary(views: builder.seal(), owners: lanes.owners)
        return .strings(dictionary, codes: codes, isNull: isNull)
    }

    private func mapped(
        _ source: Vector, _ codes: Codes, _ entryCount: Int, _ results: StringDictionary, _ resultCodes: [UInt32],
        _ isNull: [Bool]
    ) -> Vector {
        var hasNull = false
        let valid = source.validityPointer
        let count = source.count
        let validity = Buffer(count: count, of: UInt8.self) { target in
            for row in 0..<count {
                let entry = valid.map { $0[row] == 0 } ?? false ? entryCount : codes[source.offset + row]
                target[row] = isNull[entry] ? 0 : 1
                hasNull = hasNull || isNull[entry]
            }
        }
        func map<Code: FixedWidthInteger & BitwiseCopyable>(_ code: Code.Type) -> Buffer {
            Buffer(count: count, of: Code.self) { target in
                for row in 0..<count {
                    let entry = valid.map { $0[row] == 0 } ?? false ? entryCount : codes[source.offset + row]
                    target[row] = Code(truncatingIfNeeded: resultCodes[entry])
                }
            }
        }
        let mapped: Codes =
            results.count <= 0x100
            ? .u8(map(UInt8.self)) : results.count <= 0x1_0000 ? .u16(map(UInt16.self)) : .u32(map(UInt32.self))
        return Vector(
            kind: .bytes, count: count, form: .dictionary(mapped, results), validity: hasNull ? validity : nil)
    }

    /// `mask &= table[code]`; nulls look at the table's last byte.
    private func keep(_ table: [UInt8], _ codes: Codes, _ source: Vector, _ mask: inout RowMask) {
        switch codes {
        case .u8(let buffer): keep(table, buffer.pointer(as: UInt8.self) + source.offset, source, &mask)
        case .u16(let buffer): keep(table, buffer.pointer(as: UInt16.self) + source.offset, source, &mask)
        case .u32(let buffer): keep(table, buffer.pointer(as: UInt32.self) + source.offset, source, &mask)
        }
    }

    private func keep<Code: FixedWidthInteger & UnsignedInteger>(
        _ table: [UInt8], _ codes: UnsafePointer<Code>, _ source: Vector, _ mask: inout RowMask
    ) {
        let null = table.count - 1
        table.withUnsafeBufferPointer { table in
            mask.withMutableBytes { bytes in
                if let valid = source.validityPointer {
                    for row in 0..<bytes.count {
                        // A null row's code is a filler, which need not be one of the dictionary.
                        bytes[row] &= table[valid[row] == 0 ? null : Int(codes[row])]
                    }
                } else {
                    for row in 0..<bytes.count { bytes[row] &= table[Int(codes[row])] }
                }
            }
        }
    }
}

extension Operand {
    /// The values of a flat vector from offset 0.
    fileprivate var flatBuffer: Buffer? {
        if case .flat(let buffer) = vector.form { buffer } else { nil }
    }
}
