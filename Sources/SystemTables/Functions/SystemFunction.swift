package import Catalog
package import SQLTypes

/// A function that reads the catalog, or that only the leader has: a pure function of the state, as a `SystemView` is.
package struct SystemFunction: Sendable {
    /// The catalog as the statement sees it: looked at only when a function needs it.
    package typealias Source = @Sendable () -> CatalogLookup
    typealias Value = @Sendable (_ catalog: Source, _ arguments: [SQLValue]) throws(SQLError) -> SQLValue

    package let signature: FunctionSignature
    fileprivate let value: Value

    /// - Parameter forms: lists of argument types, each with the result's. A call takes the first whose types its
    ///   arguments have, an untyped literal being a text; or else the first that they can become without a cast.
    init(
        _ name: String, _ forms: [(arguments: [SQLType], result: SQLType)],
        volatility: FunctionSignature.Volatility = .stable, isStrict: Bool = true, value: @escaping Value
    ) {
        signature = FunctionSignature(name, volatility: volatility, isStrict: isStrict, isLeaderOnly: true) { types in
            let form =
                forms.first { $0.arguments.areCloseTo(types) } ?? forms.first { $0.arguments.accept(types) }
            return form.map { .init(arguments: $0.arguments, result: $0.result) }
        }
        self.value = value
    }

    init(
        _ name: String, _ arguments: [SQLType], _ result: SQLType,
        volatility: FunctionSignature.Volatility = .stable, isStrict: Bool = true, value: @escaping Value
    ) {
        self.init(name, [(arguments, result)], volatility: volatility, isStrict: isStrict, value: value)
    }
}

extension [SQLType] {
    /// - Source: PostgreSQL 8.0, "Functions" (type conversion): a literal of no type is a string if a string will do.
    fileprivate func areCloseTo(_ arguments: [SQLType]) -> Bool {
        count == arguments.count
            && zip(self, arguments).allSatisfy { parameter, argument in
                parameter == argument || parameter.isString && (argument.isString || argument == .unknown)
            }
    }

    /// Whether arguments of these types can be passed for parameters of the own ones.
    func accept(_ arguments: [SQLType]) -> Bool {
        count == arguments.count
            && zip(self, arguments).allSatisfy { parameter, argument in
                SQLType.canCast(from: argument, to: parameter, context: .implicit)
                    || parameter.isString && argument.isString
            }
    }
}

/// A `TableFunction` with its rows.
package struct SystemTableFunction: Sendable {
    typealias Rows =
        @Sendable (
            _ catalog: SystemFunction.Source, _ arguments: [SQLValue], _ types: [SQLType]
        ) throws(SQLError) -> FunctionRows

    package let definition: TableFunction
    fileprivate let rows: Rows

    init(
        _ name: String, resolve: @escaping @Sendable (_ arguments: [SQLType]) -> TableFunction.Resolution?,
        rows: @escaping Rows
    ) {
        definition = TableFunction(name, resolve: resolve)
        self.rows = rows
    }
}

/// All functions of the leader.
package enum SystemFunctions {
    package static let all: [SystemFunction] =
        TypeFunctions.all + RelationFunctions.all + RoutineFunctions.all + SizeFunctions.all + PrivilegeFunctions.all
    package static let tables: [SystemTableFunction] = SeriesFunctions.all + ViewColumns.all

    private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.signature.name, $0) })
    private static let tablesByName = Dictionary(uniqueKeysWithValues: tables.map { ($0.definition.name, $0) })

    /// - Parameter arguments: of the resolution's types.
    package static func value(
        of name: String, _ arguments: [SQLValue], _ catalog: SystemFunction.Source
    ) throws(SQLError) -> SQLValue {
        guard let function = byName[name] else { throw SQLError.internalError("no function \(name)") }
        if function.signature.isStrict, arguments.contains(where: \.isNull) { return .null }
        return try function.value(catalog, arguments)
    }

    /// NULL among the arguments: no rows.
    package static func rows(
        of name: String, _ arguments: [SQLValue], _ types: [SQLType], _ catalog: SystemFunction.Source
    ) throws(SQLError) -> FunctionRows {
        guard let function = tablesByName[name] else { throw SQLError.internalError("no function \(name)") }
        if arguments.contains(where: \.isNull) { return FunctionRows([]) }
        return try function.rows(catalog, arguments, types)
    }
}

// MARK: Arguments

extension [SQLValue] {
    /// The argument as an oid or another integer; 0 if it is none.
    func integer(_ index: Int) -> Int64 {
        guard indices.contains(index), case .integer(let value) = self[index] else { return 0 }
        return value
    }

    func bytes(_ index: Int) -> [UInt8] {
        guard indices.contains(index), case .string(let bytes) = self[index] else { return [] }
        return bytes
    }

    func text(_ index: Int) -> String { String(decoding: bytes(index), as: UTF8.self) }
}
