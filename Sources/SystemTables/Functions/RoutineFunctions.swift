import SQLTypes

/// Functions about functions.
enum RoutineFunctions {
    static let all: [SystemFunction] = [
        visible("pg_function_is_visible"), visible("pg_operator_is_visible"), visible("pg_opclass_is_visible"),
        visible("pg_opfamily_is_visible"),
        visible("pg_conversion_is_visible"), visible("pg_collation_is_visible"),
        described("pg_get_function_result") { SQLType.formatted(oid: $0.result, typeModifier: nil) },
        described("pg_get_function_arguments") { types($0.signature.arguments) },
        described("pg_get_function_identity_arguments") { types($0.signature.arguments) },
        SystemFunction("oidvectortypes", [.catalog(.oidvector)], .longText) { _, arguments throws(SQLError) in
            let values = try ArrayText.values(arguments.bytes(0), of: .oidvector)
            return .text(
                types(values.compactMap { if case .integer(let oid) = $0 { ObjectID(exactly: oid) } else { nil } }))
        },
        SystemFunction("regprocin", [.longText], .catalog(.regproc)) { catalog, arguments throws(SQLError) in
            let parts = NameText.parts(arguments.text(0)) ?? []
            let found = catalog().state.functions().all.filter { $0.signature.name == parts.last }
            guard let first = found.first, parts.count == 1 || parts[0] == "pg_catalog" else {
                throw SQLError(.undefinedFunction, "function \"\(arguments.text(0))\" does not exist")
            }
            guard found.count == 1 else {
                throw SQLError(.ambiguousFunction, "more than one function named \"\(arguments.text(0))\"")
            }
            return .oid(first.oid)
        },
        SystemFunction("regprocout", [.catalog(.regproc)], .longText) { catalog, arguments in
            let number = arguments.integer(0)
            if number == 0 { return .text("-") }
            return .text(function(number, catalog)?.signature.name ?? "\(number)")
        },
    ]

    /// All are in `pg_catalog`, which is always searched.
    private static func visible(_ name: String) -> SystemFunction {
        SystemFunction(name, [.oid], .boolean) { _, _ in .boolean(true) }
    }

    private static func described(
        _ name: String, _ text: @escaping @Sendable (CatalogFunction) -> String
    ) -> SystemFunction {
        SystemFunction(name, [.oid], .longText) { catalog, arguments in
            function(arguments.integer(0), catalog).map { .text(text($0)) } ?? .null
        }
    }

    private static func function(_ number: Int64, _ catalog: SystemFunction.Source) -> CatalogFunction? {
        catalog().state.functions().all.first { Int64($0.oid) == number }
    }

    private static func types(_ oids: [ObjectID]) -> String {
        oids.map { SQLType.formatted(oid: $0, typeModifier: nil) }.joined(separator: ", ")
    }
}
