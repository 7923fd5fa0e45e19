/// What the binder needs to know about a SQL function: its names, what it takes and gives, and when it may be folded.
/// The kernel stands beside it, in `VectorEngine/Functions/`; `Catalog.FunctionDirectory` collects the signatures.
public struct FunctionSignature: Sendable {
    public enum Kind: Hashable, Sendable { case scalar, aggregate, window }

    public enum Volatility: Hashable, Sendable {
        /// Same arguments, same result: folded when all arguments are constants.
        case immutable
        /// Same within one statement (GETDATE, CURRENT_USER): evaluated once, when the statement starts.
        case stable
        /// Evaluated for each row (RANDOM).
        case volatile
    }

    /// One resolved call: the types that the arguments are cast to, and the type of the result.
    public struct Resolution: Hashable, Sendable {
        public var arguments: [SQLType]
        public var result: SQLType

        public init(arguments: [SQLType], result: SQLType) {
            self.arguments = arguments
            self.result = result
        }
    }

    /// Lower case; the first is the canonical one, under which the plan names the call and the kernel is found.
    public let names: [String]
    public let kind: Kind
    public let volatility: Volatility
    /// True: NULL if any argument is NULL, and the kernel need not look. False: the kernel decides.
    public let isStrict: Bool
    /// Runs on the leader only; a query that also reads user tables is refused.
    public let isLeaderOnly: Bool
    /// nil if the function does not take these argument types (`unknown` is an untyped literal).
    public let resolve: @Sendable (_ arguments: [SQLType]) -> Resolution?
    /// For a function whose result's type depends on the value of a literal, such as TO_NUMBER's format: the same with
    /// the arguments that are literals, nil for the others. `resolve` is this without any.
    public let resolveWithLiterals: (@Sendable (_ arguments: [SQLType], _ literals: [SQLValue?]) -> Resolution?)?

    public init(
        _ name: String,
        resolveWithLiterals: @escaping @Sendable (_ arguments: [SQLType], _ literals: [SQLValue?]) -> Resolution?
    ) {
        names = [name]
        kind = .scalar
        volatility = .immutable
        isStrict = true
        isLeaderOnly = false
        resolve = { types in resolveWithLiterals(types, types.map { _ in nil }) }
        self.resolveWithLiterals = resolveWithLiterals
    }

    public init(
        _ names: String..., kind: Kind = .scalar, volatility: Volatility = .immutable, isStrict: Bool = true,
        isLeaderOnly: Bool = false, resolve: @escaping @Sendable (_ arguments: [SQLType]) -> Resolution?
    ) {
        precondition(!names.isEmpty, "a function without a name")
        self.names = names
        self.kind = kind
        self.volatility = volatility
        self.isStrict = isStrict
        self.isLeaderOnly = isLeaderOnly
        self.resolve = resolve
        resolveWithLiterals = nil
    }

    public var name: String { names[0] }
}
