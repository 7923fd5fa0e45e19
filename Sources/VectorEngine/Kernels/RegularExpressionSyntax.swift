import SQLTypes

/// A set of characters as ascending, disjoint ranges of code points.
struct CharacterRanges: Hashable, Sendable {
    private(set) var ranges: [ClosedRange<UInt32>] = []

    static let last: UInt32 = 0x10_FFFF
    static let all = CharacterRanges([0...last])

    init(_ unsorted: [ClosedRange<UInt32>]) {
        for range in unsorted.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let before = ranges.last, range.lowerBound <= before.upperBound &+ 1 {
                ranges[ranges.count - 1] = before.lowerBound...max(before.upperBound, range.upperBound)
            } else {
                ranges.append(range)
            }
        }
    }

    init(_ characters: String) { self.init(characters.unicodeScalars.map { $0.value...$0.value }) }

    var negated: CharacterRanges {
        var gaps: [ClosedRange<UInt32>] = []
        var next: UInt32 = 0
        for range in ranges {
            if range.lowerBound > next { gaps.append(next...range.lowerBound - 1) }
            next = range.upperBound + 1
        }
        if next <= CharacterRanges.last { gaps.append(next...CharacterRanges.last) }
        return CharacterRanges(gaps)
    }

    func union(_ other: CharacterRanges) -> CharacterRanges { CharacterRanges(ranges + other.ranges) }

    /// With the other case of each ASCII letter.
    var foldingCase: CharacterRanges {
        var folded = ranges
        for letter: UInt32 in 0x41...0x5A {
            for (one, other) in [(letter, letter | 0x20), (letter | 0x20, letter)]
            where ranges.contains(where: { $0.contains(one) }) {
                folded.append(other...other)
            }
        }
        return CharacterRanges(folded)
    }

    static let digit = CharacterRanges([0x30...0x39])
    static let space = CharacterRanges([0x09...0x0D, 0x20...0x20])
    static let word = CharacterRanges([0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A])

    /// `[:name:]`, ASCII only.
    static func named(_ name: String) -> CharacterRanges? {
        switch name {
        case "alnum": CharacterRanges([0x30...0x39, 0x41...0x5A, 0x61...0x7A])
        case "alpha": CharacterRanges([0x41...0x5A, 0x61...0x7A])
        case "blank": CharacterRanges([0x09...0x09, 0x20...0x20])
        case "cntrl": CharacterRanges([0x00...0x1F, 0x7F...0x7F])
        case "digit": digit
        case "graph": CharacterRanges([0x21...0x7E])
        case "lower": CharacterRanges([0x61...0x7A])
        case "print": CharacterRanges([0x20...0x7E])
        case "punct": CharacterRanges([0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E])
        case "space": space
        case "upper": CharacterRanges([0x41...0x5A])
        case "xdigit": CharacterRanges([0x30...0x39, 0x41...0x46, 0x61...0x66])
        default: nil
        }
    }
}

/// A parsed pattern.
indirect enum RegularSyntax: Sendable {
    case empty
    case characters(CharacterRanges)
    case sequence([RegularSyntax])
    case alternatives([RegularSyntax])
    /// `maximum` nil: without end.
    case repetition(RegularSyntax, minimum: Int, maximum: Int?)
    /// Perl's `*?`: rather fewer times.
    case lazyRepetition(RegularSyntax, minimum: Int, maximum: Int?)
    /// In parentheses; numbered from 1 by the opening one.
    case group(RegularSyntax, number: Int)
    case start, end
    /// Perl's `(?=…)` and `(?!…)`, `\b` and `\B`.
    case lookahead(RegularSyntax, isNegated: Bool)
    case wordBoundary(isNegated: Bool)
}

/// Reads POSIX extended expressions (with Perl's `\d \s \w`), SIMILAR TO patterns, and of Perl's dialect what needs no
/// backtracking: no back-references, no look-behind.
/// - Source: Redshift developer guide, "POSIX operators", "SIMILAR TO", "REGEXP_SUBSTR".
struct RegularSyntaxParser {
    private let pattern: [UInt32]
    private let isSimilar: Bool
    private let escape: UInt32?
    private let foldsCase: Bool
    private let isPerl: Bool
    private var position = 0
    private(set) var groupCount = 0

    /// The largest count in `{m,n}`, as in PostgreSQL.
    private static let repetitionMaximum = 255
    private static let depthMaximum = 100

    init(_ pattern: [UInt8], isSimilar: Bool, escape: UInt8?, foldsCase: Bool, isPerl: Bool = false) {
        self.isPerl = isPerl
        self.pattern = String(decoding: pattern, as: UTF8.self).unicodeScalars.map(\.value)
        self.isSimilar = isSimilar
        self.escape = escape.map(UInt32.init)
        self.foldsCase = foldsCase
    }

    mutating func parse() throws(SQLError) -> RegularSyntax {
        let syntax = try alternatives(depth: 0)
        guard position == pattern.count else { throw invalid("parentheses () not balanced") }
        return syntax
    }

    private func invalid(_ reason: String) -> SQLError {
        SQLError(.invalidRegularExpression, "invalid regular expression: \(reason)")
    }

    private func at(_ character: Character) -> Bool {
        position < pattern.count && Character(Unicode.Scalar(pattern[position]) ?? " ") == character
    }

    private mutating func take(_ character: Character) -> Bool {
        guard at(character) else { return false }
        position += 1
        return true
    }

    private mutating func alternatives(depth: Int) throws(SQLError) -> RegularSyntax {
        guard depth < Self.depthMaximum else { throw invalid("nested too deeply") }
        var branches = [try sequence(depth: depth)]
        while take("|") { branches.append(try sequence(depth: depth)) }
        return branches.count == 1 ? branches[0] : .alternatives(branches)
    }

    private mutating func sequence(depth: Int) throws(SQLError) -> RegularSyntax {
        var items: [RegularSyntax] = []
        while position < pattern.count, !at("|"), !at(")") {
            var item = try atom(depth: depth)
            while let (minimum, maximum) = try quantifier() {
                item =
                    isPerl && take("?")
                    ? .lazyRepetition(item, minimum: minimum, maximum: maximum)
                    : .repetition(item, minimum: minimum, maximum: maximum)
            }
            items.append(item)
        }
        return items.isEmpty ? .empty : .sequence(items)
    }

    private mutating func quantifier() throws(SQLError) -> (Int, Int?)? {
        if take("*") { return (0, nil) }
        if take("+") { return (1, nil) }
        if take("?") { return (0, 1) }
        guard take("{") else { return nil }
        let minimum = try count()
        var maximum: Int? = minimum
        if take(",") { maximum = at("}") ? nil : try count() }
        guard take("}"), maximum.map({ $0 >= minimum }) ?? true else { throw invalid("invalid repetition count(s)") }
        return (minimum, maximum)
    }

    private mutating func count() throws(SQLError) -> Int {
        var value = 0
        let start = position
        while position < pattern.count, case let digit = pattern[position] &- 0x30, digit < 10 {
            value = value * 10 + Int(digit)
            guard value <= Self.repetitionMaximum else { throw invalid("invalid repetition count(s)") }
            position += 1
        }
        guard position > start else { throw invalid("invalid repetition count(s)") }
        return value
    }

    private mutating func atom(depth: Int) throws(SQLError) -> RegularSyntax {
        if take("(") { return try parenthesis(depth: depth) }
        if take("[") { return .characters(try bracket()) }
        if at("*") || at("+") || at("?") || at("{") { throw invalid("quantifier operand invalid") }
        let character = pattern[position]
        position += 1
        if character == escape ?? .max || (!isSimilar && character == 0x5C) { return try escaped() }
        if isSimilar {
            if character == 0x25 { return .repetition(.characters(.all), minimum: 0, maximum: nil) }
            if character == 0x5F { return .characters(.all) }
        } else {
            if character == 0x2E { return .characters(.all) }
            if character == 0x5E { return .start }
            if character == 0x24 { return .end }
        }
        return literal(character)
    }

    /// After `(`.
    private mutating func parenthesis(depth: Int) throws(SQLError) -> RegularSyntax {
        var wrap: (RegularSyntax) -> RegularSyntax
        if take("?") {
            guard isPerl else { throw .unsupported("(?…) in a regular expression without the parameter p") }
            if take(":") {
                wrap = { $0 }
            } else if take("=") {
                wrap = { .lookahead($0, isNegated: false) }
            } else if take("!") {
                wrap = { .lookahead($0, isNegated: true) }
            } else {
                throw .unsupported("(?…) other than (?: (?= (?! in a regular expression")
            }
        } else {
            groupCount += 1
            let number = groupCount
            wrap = { .group($0, number: number) }
        }
        let inner = try alternatives(depth: depth + 1)
        guard take(")") else { throw invalid("parentheses () not balanced") }
        return wrap(inner)
    }

    private func literal(_ character: UInt32) -> RegularSyntax {
        let ranges = CharacterRanges([character...character])
        return .characters(foldsCase ? ranges.foldingCase : ranges)
    }

    private mutating func escaped() throws(SQLError) -> RegularSyntax {
        guard position < pattern.count else { throw invalid("trailing backslash (\\)") }
        let character = pattern[position]
        position += 1
        guard !isSimilar else { return literal(character) }
        switch Unicode.Scalar(character).map(Character.init) {
        case "d": return .characters(.digit)
        case "D": return .characters(CharacterRanges.digit.negated)
        case "s": return .characters(.space)
        case "S": return .characters(CharacterRanges.space.negated)
        case "w": return .characters(.word)
        case "W": return .characters(CharacterRanges.word.negated)
        case "n": return literal(0x0A)
        case "t": return literal(0x09)
        case "r": return literal(0x0D)
        case "b" where isPerl: return .wordBoundary(isNegated: false)
        case "B" where isPerl: return .wordBoundary(isNegated: true)
        case let digit? where digit.isASCII && digit.isNumber:
            throw .unsupported("back-reference in a regular expression")
        default: return literal(character)
        }
    }

    /// After `[`.
    private mutating func bracket() throws(SQLError) -> CharacterRanges {
        let isNegated = take("^")
        var ranges = CharacterRanges([])
        var isFirst = true
        while isFirst || !at("]") {
            isFirst = false
            guard position < pattern.count else { throw invalid("brackets [] not balanced") }
            if at("["), position + 1 < pattern.count, pattern[position + 1] == 0x3A {
                ranges = ranges.union(try namedClass())
                continue
            }
            let lower = try member()
            guard at("-"), position + 1 < pattern.count, pattern[position + 1] != 0x5D else {
                ranges = ranges.union(lower)
                continue
            }
            position += 1
            guard let from = lower.ranges.first?.lowerBound, let to = try member().ranges.first?.lowerBound, from <= to
            else {
                throw invalid("invalid character range")
            }
            ranges = ranges.union(CharacterRanges([from...to]))
        }
        position += 1
        if foldsCase { ranges = ranges.foldingCase }
        return isNegated ? ranges.negated : ranges
    }

    private mutating func member() throws(SQLError) -> CharacterRanges {
        guard position < pattern.count else { throw invalid("brackets [] not balanced") }
        let character = pattern[position]
        position += 1
        guard character == escape ?? 0x5C, position < pattern.count else {
            return CharacterRanges([character...character])
        }
        if case .characters(let ranges) = try escaped() { return ranges }
        return CharacterRanges([character...character])
    }

    /// `[:digit:]`
    private mutating func namedClass() throws(SQLError) -> CharacterRanges {
        var end = position + 2
        while end < pattern.count, pattern[end] != 0x3A { end += 1 }
        let name = String(String.UnicodeScalarView(pattern[(position + 2)..<end].compactMap(Unicode.Scalar.init)))
        guard end + 1 < pattern.count, pattern[end + 1] == 0x5D, let ranges = CharacterRanges.named(name) else {
            throw invalid("invalid character class")
        }
        position = end + 2
        return ranges
    }
}
