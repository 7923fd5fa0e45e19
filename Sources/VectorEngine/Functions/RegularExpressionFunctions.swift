import SQLTypes

/// REGEXP_COUNT, REGEXP_INSTR, REGEXP_SUBSTR, REGEXP_REPLACE. Positions count characters from 1.
/// - Source: Redshift developer guide, "REGEXP_COUNT", "REGEXP_INSTR", "REGEXP_SUBSTR", "REGEXP_REPLACE".
enum RegularExpressionFunctions {
    static let all: [ScalarFunction] = [count, instr, substr, replace]

    /// (source, pattern [, position [, parameters]])
    private static let count = ScalarFunction(
        FunctionSignature("regexp_count") {
            resolve($0, [string, string, integer, string], required: 2, result: .integer)
        }
    ) { call throws(SQLError) in
        let source = call.strings(0)
        let start = call.optionalIntegers(2, default: 1)
        let patterns = PatternCache(call, pattern: 1, parameters: 3)
        return try call.makeIntegers { row throws(SQLError) in
            try patterns.withSearch(row, source[row].bytes) { search, _ in
                guard var place = search.start(at: start[row]) else { return 0 }
                var count: Int64 = 0
                while search.match(from: &place) != nil { count += 1 }
                return count
            }
        }
    }

    /// (source, pattern [, position [, occurrence [, option [, parameters]]]]): the match's first character, or with an
    /// option other than 0 the one behind it; 0 without a match.
    private static let instr = ScalarFunction(
        FunctionSignature("regexp_instr") {
            resolve($0, [string, string, integer, integer, integer, string], required: 2, result: .integer)
        }
    ) { call throws(SQLError) in
        let source = call.strings(0)
        let start = call.optionalIntegers(2, default: 1)
        let occurrences = call.optionalIntegers(3, default: 1)
        let options = call.optionalIntegers(4, default: 0)
        let patterns = PatternCache(call, pattern: 1, parameters: 5)
        return try call.makeIntegers { row throws(SQLError) in
            try patterns.withSearch(row, source[row].bytes) { search, parameters in
                guard let place = search.start(at: start[row]),
                    let match = search.match(number: occurrences[row], from: place)
                else { return 0 }
                let group = parameters.extractsGroup ? 1 : 0
                return Int64(match[2 * group + (options[row] == 0 ? 0 : 1)]) + 1
            }
        }
    }

    /// (source, pattern [, position [, occurrence [, parameters]]]): the empty string without a match, NULL for an
    /// occurrence that cannot be.
    private static let substr = ScalarFunction(
        FunctionSignature("regexp_substr") {
            resolve($0, [string, string, integer, integer, string], required: 2, result: nil)
        }
    ) { call throws(SQLError) in
        let source = call.strings(0)
        let start = call.optionalIntegers(2, default: 1)
        let occurrences = call.optionalIntegers(3, default: 1)
        let patterns = PatternCache(call, pattern: 1, parameters: 4)
        return try call.cutStrings(0) { row, bytes throws(SQLError) in
            try patterns.withSearch(row, source[row].bytes) { search, options in
                guard search.isPossible(occurrences[row]) else { return nil }
                guard let place = search.start(at: start[row]),
                    let match = search.match(number: occurrences[row], from: place)
                else { return 0..<0 }
                return search.bytes(of: options.extractsGroup ? 1 : 0, in: match)
            }
        }
    }

    /// (source, pattern [, replacement [, position [, parameters]]]): all matches. `$1` … `$9` in the replacement stand
    /// for what the groups hold, which the guide leaves open.
    private static let replace = ScalarFunction(
        FunctionSignature("regexp_replace") {
            resolve($0, [string, string, string, integer, string], required: 2, result: Accepts.longText)
        }
    ) { call throws(SQLError) in
        let source = call.strings(0)
        let replacements = call.arguments.count > 2 ? call.strings(2) : nil
        let start = call.optionalIntegers(3, default: 1)
        let patterns = PatternCache(call, pattern: 1, parameters: 4)
        return try call.makeStrings { row, text throws(SQLError) in
            let bytes = source[row].bytes
            let template = ReplacementTemplate(replacements?[row].bytes)
            try patterns.withSearch(row, bytes) { search, _ in
                var copied = 0
                if var place = search.start(at: start[row]) {
                    while text.count <= SQLType.maximumVarcharLength, let match = search.match(from: &place) {
                        let whole = search.bytes(of: 0, in: match)
                        text.append(contentsOf: bytes[copied..<whole.lowerBound])
                        template.append(match, search, bytes, to: &text)
                        copied = whole.upperBound
                    }
                }
                text.append(contentsOf: bytes[copied...])
            }
            return true
        }
    }

    private static let string: @Sendable (SQLType) -> SQLType? = { Accepts.string($0) }
    private static let integer: @Sendable (SQLType) -> SQLType? = { Accepts.integer($0) }

    /// - Parameter result: nil: as long as the first argument.
    private static func resolve(
        _ types: [SQLType], _ parameters: [@Sendable (SQLType) -> SQLType?], required: Int, result: SQLType?
    ) -> FunctionSignature.Resolution? {
        guard (required...parameters.count).contains(types.count) else { return nil }
        var arguments: [SQLType] = []
        for (type, accepts) in zip(types, parameters) {
            guard let argument = accepts(type) else { return nil }
            arguments.append(argument)
        }
        return .init(arguments: arguments, result: result ?? Accepts.varchar(Accepts.length(arguments[0])))
    }
}

extension FunctionCall {
    fileprivate func optionalIntegers(_ argument: Int, default value: Int64) -> Lanes<Int64> {
        argument < arguments.count ? integers(argument) : Lanes(constant: value)
    }
}

/// The compiled pattern of the last row: patterns are nearly always constants.
private final class PatternCache {
    struct Options {
        var foldsCase = false
        var isPerl = false
        /// The first group instead of the whole match.
        var extractsGroup = false
    }

    private let patterns: StringLanes
    private let parameters: StringLanes?
    private var known: (pattern: [UInt8], parameters: [UInt8])?
    private var search: RegularExpressionSearch?
    private var options = Options()

    init(_ call: FunctionCall, pattern: Int, parameters: Int) {
        patterns = call.strings(pattern)
        self.parameters = parameters < call.arguments.count ? call.strings(parameters) : nil
    }

    /// Lends the row's pattern, with its text loaded.
    func withSearch<Result>(
        _ row: Int, _ text: UnsafeBufferPointer<UInt8>,
        _ body: (inout RegularExpressionSearch, Options) throws(SQLError) -> Result
    ) throws(SQLError) -> Result {
        let pattern = patterns[row].bytes
        let letters = parameters?[row].bytes
        let isKnown = known.map { known in
            known.pattern.elementsEqual(pattern)
                && known.parameters.elementsEqual(letters ?? .init(start: nil, count: 0))
        }
        if isKnown != true { try compile(Array(pattern), letters.map { Array($0) } ?? []) }
        guard search != nil else { throw .internalError("a pattern that was not compiled") }
        return try lend(text, body)
    }

    private func lend<Result>(
        _ text: UnsafeBufferPointer<UInt8>,
        _ body: (inout RegularExpressionSearch, Options) throws(SQLError) -> Result
    ) throws(SQLError) -> Result {
        guard var lent = search.take() else { throw .internalError("a pattern that was not compiled") }
        defer { search = lent }
        lent.load(text)
        return try body(&lent, options)
    }

    private func compile(_ pattern: [UInt8], _ letters: [UInt8]) throws(SQLError) {
        known = nil
        var options = Options()
        for letter in letters {
            switch letter {
            case UInt8(ascii: "c"): options.foldsCase = false
            case UInt8(ascii: "i"): options.foldsCase = true
            case UInt8(ascii: "e"): options.extractsGroup = true
            case UInt8(ascii: "p"): options.isPerl = true
            default:
                throw SQLError(
                    .invalidParameterValue,
                    "invalid regular expression parameter: \"\(String(decoding: letters, as: UTF8.self))\"")
            }
        }
        let program = try RegularExpressionProgram(pattern, foldsCase: options.foldsCase, isPerl: options.isPerl)
        options.extractsGroup = options.extractsGroup && program.groupCount > 0
        self.options = options
        search = RegularExpressionSearch(program)
        known = (pattern, letters)
    }
}

extension RegularExpressionSearch {
    /// The index of the character that a search from `position` begins at; nil past the end.
    fileprivate func start(at position: Int64) -> Int? {
        let index = max(position, 1) - 1
        // A pattern that matches nothing can be found in an empty text.
        return index < Int64(max(characters.count, 1)) ? Int(index) : nil
    }

    fileprivate func isPossible(_ occurrence: Int64) -> Bool {
        occurrence >= 1 && occurrence <= Int64(max(characters.count, 1))
    }

    /// The next match; `place` moves behind it, by one character at least.
    fileprivate mutating func match(from place: inout Int) -> Places? {
        guard place <= characters.count, let match = firstMatch(from: place) else { return nil }
        place = max(Int(match[1]), Int(match[0]) + (match[1] == match[0] ? 1 : 0))
        return match
    }

    fileprivate mutating func match(number: Int64, from start: Int) -> Places? {
        guard isPossible(number) else { return nil }
        var place = start
        for _ in 1..<number {
            guard match(from: &place) != nil else { return nil }
        }
        return match(from: &place)
    }

    /// Of a group, or of the whole match (0); empty if the group took no part.
    fileprivate func bytes(of group: Int, in match: Places) -> Range<Int> {
        let (lower, upper) = (Int(match[2 * group]), Int(match[2 * group + 1]))
        guard lower >= 0, upper >= lower else { return 0..<0 }
        return offsets[lower]..<offsets[upper]
    }
}

/// What REGEXP_REPLACE puts in place of a match.
private struct ReplacementTemplate {
    let bytes: UnsafeBufferPointer<UInt8>

    init(_ bytes: UnsafeBufferPointer<UInt8>?) { self.bytes = bytes ?? UnsafeBufferPointer(start: nil, count: 0) }

    func append(
        _ match: RegularExpressionSearch.Places, _ search: RegularExpressionSearch,
        _ source: UnsafeBufferPointer<UInt8>, to text: inout [UInt8]
    ) {
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if byte == UInt8(ascii: "$"), index < bytes.count, case 1...9 = bytes[index] &- UInt8(ascii: "0") {
                text.append(contentsOf: source[search.bytes(of: Int(bytes[index] - UInt8(ascii: "0")), in: match)])
                index += 1
            } else {
                text.append(byte)
            }
        }
    }
}
