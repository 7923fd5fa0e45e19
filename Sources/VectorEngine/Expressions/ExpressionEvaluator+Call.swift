import SQLTypes

extension ExpressionEvaluator {
    func call(
        _ function: ScalarFunction, _ node: ExpressionProgram.Node, _ batch: Batch, _ selection: RowMask?
    ) throws(SQLError) -> Operand {
        var arguments: [Operand] = []
        for index in node.operands { arguments.append(try operand(index, batch, selection)) }
        guard function.signature.isStrict else {
            return Operand(try function.kernel(call(node, arguments, batch, selection)))
        }
        let (validity, isAllNull) = combinedValidity(arguments.map(\.vector), count: batch.count)
        if isAllNull { return .nulls(node.type, count: batch.count) }
        var wanted = selection
        if let validity {
            // Rows with a null argument must not raise.
            var valid = selection ?? RowMask(count: batch.count)
            Vector(kind: .int8, count: batch.count, form: .flat(validity), validity: validity).keepValid(mask: &valid)
            wanted = valid
        }
        let result = try function.kernel(call(node, arguments, batch, wanted))
        guard let validity else { return Operand(result) }
        return Operand(restricted(result, to: validity))
    }

    private func call(
        _ node: ExpressionProgram.Node, _ arguments: [Operand], _ batch: Batch, _ selection: RowMask?
    ) -> FunctionCall {
        var vectors: [Vector] = []
        var types: [SQLType] = []
        for (argument, index) in zip(arguments, node.operands) {
            types.append(program.nodes[index].type)
            vectors.append(normalised(argument.vector, to: program.nodes[index].type.storage))
        }
        return FunctionCall(
            arguments: vectors, argumentTypes: types, resultType: node.type, count: batch.count, selection: selection,
            context: context, random: random)
    }

    /// Null also where `validity` is 0.
    private func restricted(_ vector: Vector, to validity: Buffer) -> Vector {
        if vector.isNullConstant { return vector }
        let flat = vector.flattened()
        guard flat.validity != nil else {
            return Vector(kind: flat.kind, count: flat.count, offset: 0, form: flat.form, validity: validity)
        }
        let combined = Buffer(count: flat.count, of: UInt8.self) { target in
            guard let start = target.baseAddress else { return }
            flat.copyValidity(to: start)
            let other = validity.pointer(as: UInt8.self)
            for row in 0..<flat.count { start[row] &= other[row] }
        }
        return Vector(kind: flat.kind, count: flat.count, offset: 0, form: flat.form, validity: combined)
    }
}
