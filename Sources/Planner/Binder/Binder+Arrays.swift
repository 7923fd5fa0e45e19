import QueryPlan
import SQLSyntax
import SQLTypes

/// Arrays of the catalog.
extension Binder {
    /// `ARRAY[a, b]`. Without elements it is a literal that takes its type from where it stands.
    func bindArray(
        _ items: [SQLSyntax.Expression], at position: SourcePosition, in scope: ExpressionScope
    ) throws(SQLError) -> BoundExpression {
        if items.isEmpty { return .literal(SQLValue("{}"), .unknown) }
        var elements: [BoundExpression] = []
        for item in items { elements.append(try bind(item, in: scope)) }
        let common = try commonType(elements, "ARRAY", at: position)
        let element = try elementType(of: common, at: position)
        var cast: [BoundExpression] = []
        for value in elements {
            cast.append(folding.fold(try coercion.cast(value, to: element, .explicit, at: position)))
        }
        return try function("ARRAY", cast, at: position)
    }

    private func elementType(of type: SQLType, at position: SourcePosition) throws(SQLError) -> SQLType {
        guard let element = ArrayElement(type) else {
            throw SQLError(
                .undefinedObject, "could not find array type for data type \(type.baseName)",
                position: position.character)
        }
        return element.type
    }

    /// `ARRAY(SELECT …)`: the values of its one column in the query's order; empty, not null, without rows.
    func bindArray(
        of query: Query, at position: SourcePosition, in scope: ExpressionScope
    ) throws(SQLError) -> BoundExpression {
        let (root, item) = try bindColumn(query, at: position, in: scope)
        let element = try elementType(of: item.type, at: position)
        guard let array = ArrayElement(element) else { throw SQLError.internalError("no array of \(element)") }
        let value = folding.fold(try coercion.cast(item, to: element, .explicit, at: position))
        var keys: [SortColumn] = []
        var input = root
        if case .sort(let own, let below) = root { (keys, input) = (own, below) }
        // Each element as an array of its own, {a}, so that lists of them are joined by LISTAGG.
        var computed: [ComputedColumn] = []
        let part = column(for: try function("ARRAY_PART", [value], at: position), in: &computed)
        var arguments = [part]
        var order: [SortColumn] = []
        for key in keys {
            let place = arguments.firstIndex(of: key.column) ?? arguments.count
            if place == arguments.count { arguments.append(key.column) }
            order.append(SortColumn(column: place, isDescending: key.isDescending, nullsFirst: key.nullsFirst))
        }
        let text = SQLType.varchar(length: SQLType.maximumVarcharLength)
        var call = LogicalAggregate.Call(
            column: -1, function: "listagg", arguments: arguments, isDistinct: false,
            orderedSet: OrderedSet(order: order, parameter: SQLValue(",")), result: text)
        call.column = registry.add(name: "array", type: text, origin: .constant)
        registry.setOrigin(of: call.column, .aggregate(call))
        if !computed.isEmpty { input = .project(computed, input) }
        let joined = LogicalNode.aggregate(LogicalAggregate(groups: [], calls: [call]), input)
        let list = self.value(of: registry.expression(call.column), in: joined, at: position, scope)
        return .call("ARRAY_OF_PARTS", [list], .array(array))
    }

    func bindElement(
        _ array: SQLSyntax.Expression, _ index: SQLSyntax.Expression, at position: SourcePosition,
        in scope: ExpressionScope
    ) throws(SQLError) -> BoundExpression {
        let (bound, place) = (try bind(array, in: scope), try bind(index, in: scope))
        guard bound.type.element != nil else {
            throw SQLError.datatypeMismatch(
                "cannot subscript type \(bound.type.baseName) because it is not an array", at: position)
        }
        return try function("ELEMENT", [bound, place], at: position)
    }

    /// `x = ANY (array)`: with a constant array a list.
    func bindQuantified(
        _ operand: SQLSyntax.Expression, _ comparison: ComparisonOperator,
        _ quantifier: SQLSyntax.Expression.Quantifier, _ array: SQLSyntax.Expression, at position: SourcePosition,
        in scope: ExpressionScope
    ) throws(SQLError) -> BoundExpression {
        let left = try bind(operand, in: scope)
        var right = try bind(array, in: scope)
        if right.type == .unknown, let element = ArrayElement(left.type) {
            right = try coercion.cast(right, to: .array(element), .implicit, at: array.position)
        }
        guard let element = right.type.element, case .catalog(let type) = right.type else {
            throw SQLError(
                .wrongObjectType, "op ANY/ALL (array) requires array on right side", position: position.character)
        }
        if case .literal(.string(let text), _) = right {
            var terms: [BoundExpression] = []
            for value in try ArrayText.values(text, of: type) {
                terms.append(try compare(left, comparison, .literal(value, element), at: position))
            }
            return folding.fold(quantifier == .any ? .or(terms) : .and(terms))
        }
        // The operator must exist, whatever the array holds.
        _ = try compare(left, comparison, .column(-1, element), at: position)
        var value = text(left)
        if value.type != element, !(value.type.isInteger && element.isInteger) {
            value = try coercion.cast(left, to: element, .explicit, at: position)
        }
        return .call("\(comparison.rawValue) \(quantifier.rawValue)", [value, right], .boolean)
    }
}
