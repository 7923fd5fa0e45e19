package import SQLTypes

/// A function as pg_proc lists it: one row for each list of argument types.
package struct CatalogFunction: Sendable {
    package struct Signature: Hashable, Sendable, Comparable {
        package var name: String
        package var arguments: [ObjectID]

        package init(_ name: String, _ arguments: [ObjectID]) {
            self.name = name
            self.arguments = arguments
        }

        package static func < (left: Signature, right: Signature) -> Bool {
            if left.name != right.name { return left.name < right.name }
            return left.arguments.lexicographicallyPrecedes(right.arguments)
        }

        fileprivate var text: String { "\(name)\u{0}" + arguments.map { String($0) }.joined(separator: ",") }
    }

    package var oid: ObjectID
    package var signature: Signature
    package var result: ObjectID
    package var kind: FunctionSignature.Kind
    package var volatility: FunctionSignature.Volatility
    package var isStrict: Bool
}

/// All functions that SQL text can call, and those that PostgreSQL would read and write its types with, which drivers
/// tell arrays and types by.
///
/// A signature of the engine is a rule, not a list: which types it takes is found by asking it.
package struct FunctionListing: Sendable {
    /// By name and arguments.
    package let all: [CatalogFunction]
    private let numbers: ObjectNumbers<CatalogFunction.Signature>

    /// - Parameter functions: by the names that SQL text may use.
    /// - Complexity: thousands of questions for each function: made once.
    package init(_ functions: [(name: String, signature: FunctionSignature)]) {
        var found: [CatalogFunction.Signature: CatalogFunction] = [:]
        for (name, signature) in functions where Self.isPlainName(name) {
            for types in Self.candidates {
                guard let resolution = signature.resolve(types) else { continue }
                let own = CatalogFunction.Signature(name, resolution.arguments.map(\.oid))
                guard found[own] == nil else { continue }
                found[own] = CatalogFunction(
                    oid: 0, signature: own, result: resolution.result.oid, kind: signature.kind,
                    volatility: signature.volatility, isStrict: signature.isStrict)
            }
        }
        for function in Self.typeFunctions where found[function.signature] == nil {
            found[function.signature] = function
        }
        let signatures = found.keys.sorted()
        let numbers = ObjectNumbers(signatures, in: 60_000..<100_000, text: \.text)
        self.numbers = numbers
        all = signatures.compactMap { signature in
            guard var function = found[signature] else { return nil }
            function.oid = numbers[signature]
            return function
        }
    }

    package func number(of name: String, _ arguments: [ObjectID]) -> ObjectID {
        numbers[CatalogFunction.Signature(name, arguments)]
    }

    /// Operators have signatures, too.
    private static func isPlainName(_ name: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy { byte in
                UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
                    || byte == UInt8(ascii: "_")
            }
    }

    /// Lists of types to ask for: all of one and two types, fewer kinds for longer ones, whose arguments are strings,
    /// numbers and dates.
    private static let candidates: [[SQLType]] = {
        let string = SQLType.longText
        let all: [SQLType] = [
            string, .smallint, .integer, .bigint, .decimal(precision: 18, scale: 0), .real, .double, .boolean, .date,
            .time, .timetz, .timestamp, .timestamptz, .intervalYearToMonth, .intervalDayToSecond,
            .varbyte(length: 64_000), .oid, .name, .catalog(.aclitem), .array(.text), .array(.smallint),
        ]
        var lists: [[SQLType]] = [[]]
        for (count, types) in [
            (1, all), (2, all), (3, [string, .integer, .double, .date, .timestamp, .boolean]),
            (4, [string, .integer, .timestamp]), (5, [string, .integer]),
        ] {
            var longer: [[SQLType]] = [[]]
            for _ in 0..<count { longer = longer.flatMap { list in types.map { list + [$0] } } }
            lists += longer
        }
        return lists
    }()

    /// Input, output, receive and send functions of pg_type.
    private static var typeFunctions: [CatalogFunction] {
        TypeListing.all.flatMap { type -> [CatalogFunction] in
            let input: [ObjectID] =
                type.isArray ? [TypeListing.cstring, SQLType.oid.oid, TypeListing.int4] : [TypeListing.cstring]
            let receive = [TypeListing.internalType] + input.dropFirst()
            // Of arrays there is one for all.
            let own = type.isArray ? 2277 : type.oid
            return [
                ("in", input, own), ("out", [own], TypeListing.cstring), ("recv", receive, own),
                ("send", [own], SQLType.varbyte(length: 1).oid),
            ].map { suffix, arguments, result in
                CatalogFunction(
                    oid: 0, signature: .init(type.functions + suffix, arguments), result: result, kind: .scalar,
                    volatility: .immutable, isStrict: true)
            }
        }
    }

    /// The number of a type's function of that kind.
    func number(of suffix: String, for type: TypeListing.Entry) -> ObjectID {
        let own = type.isArray ? 2277 : type.oid
        let more = type.isArray ? [SQLType.oid.oid, TypeListing.int4] : []
        let arguments: [ObjectID] =
            switch suffix {
            case "in": [TypeListing.cstring] + more
            case "recv": [TypeListing.internalType] + more
            default: [own]
            }
        return number(of: type.functions + suffix, arguments)
    }
}
