import SQLTypes

/// A POSIX or Perl pattern that says where it matches, and what its groups hold: the instructions that
/// `RegularExpressionSearch` runs through a text.
/// - Source: Thompson, "Regular Expression Search Algorithm", CACM 1968; Pike, "The Text Editor sam", 1987.
struct RegularExpressionProgram: Sendable {
    enum Instruction: Sendable {
        /// Goes on to the next instruction if the character is of the set.
        case characters(set: Int)
        /// The first is tried first.
        case split(Int, Int)
        case jump(Int)
        /// Remembers the place: 2·n the beginning, 2·n + 1 the end of group n.
        case save(Int)
        case start, end
        case wordBoundary(isNegated: Bool)
        /// The instructions after this one up to their `accept` match here, or do not; then on to `next`.
        case lookahead(next: Int, isNegated: Bool)
        case accept
    }

    /// Groups from this number on are matched, but not remembered.
    static let groupMaximum = 9
    private static let instructionMaximum = 20_000

    private(set) var instructions: [Instruction] = []
    private(set) var sets: [CharacterSet] = []
    let groupCount: Int
    /// Perl takes the first alternative that matches; POSIX the longest match.
    let prefersLongest: Bool

    init(_ pattern: [UInt8], foldsCase: Bool, isPerl: Bool) throws(SQLError) {
        var parser = RegularSyntaxParser(
            pattern, isSimilar: false, escape: nil, foldsCase: foldsCase, isPerl: isPerl)
        let syntax = try parser.parse()
        groupCount = parser.groupCount
        prefersLongest = !isPerl
        try emit(syntax)
        try append(.accept)
    }

    private mutating func append(_ instruction: Instruction) throws(SQLError) {
        guard instructions.count < Self.instructionMaximum else {
            throw SQLError(.invalidRegularExpression, "invalid regular expression: too complex")
        }
        instructions.append(instruction)
    }

    private mutating func emit(_ syntax: RegularSyntax) throws(SQLError) {
        switch syntax {
        case .empty: break
        case .characters(let ranges):
            let known = sets.firstIndex { $0.source == ranges }
            if known == nil { sets.append(CharacterSet(ranges)) }
            try append(.characters(set: known ?? sets.count - 1))
        case .sequence(let items): for item in items { try emit(item) }
        case .alternatives(let branches): try emit(branches)
        case .repetition(let item, let minimum, let maximum):
            try emit(item, minimum, maximum, isLazy: false)
        case .lazyRepetition(let item, let minimum, let maximum):
            try emit(item, minimum, maximum, isLazy: true)
        case .group(let item, let number):
            guard number <= Self.groupMaximum else { return try emit(item) }
            try append(.save(2 * number))
            try emit(item)
            try append(.save(2 * number + 1))
        case .start: try append(.start)
        case .end: try append(.end)
        case .wordBoundary(let isNegated): try append(.wordBoundary(isNegated: isNegated))
        case .lookahead(let item, let isNegated):
            let place = instructions.count
            try append(.jump(0))
            try emit(item)
            try append(.accept)
            instructions[place] = .lookahead(next: instructions.count, isNegated: isNegated)
        }
    }

    private mutating func emit(_ branches: [RegularSyntax]) throws(SQLError) {
        var jumps: [Int] = []
        for branch in branches.dropLast() {
            let split = instructions.count
            try append(.jump(0))
            try emit(branch)
            jumps.append(instructions.count)
            try append(.jump(0))
            instructions[split] = .split(split + 1, instructions.count)
        }
        if let last = branches.last { try emit(last) }
        for jump in jumps { instructions[jump] = .jump(instructions.count) }
    }

    private mutating func emit(
        _ item: RegularSyntax, _ minimum: Int, _ maximum: Int?, isLazy: Bool
    ) throws(SQLError) {
        for _ in 0..<minimum { try emit(item) }
        var splits: [Int] = []
        if let maximum {
            for _ in minimum..<maximum {
                splits.append(instructions.count)
                try append(.jump(0))
                try emit(item)
            }
        } else {
            splits.append(instructions.count)
            try append(.jump(0))
            try emit(item)
            try append(.jump(splits[0]))
        }
        for split in splits {
            instructions[split] =
                isLazy ? .split(instructions.count, split + 1) : .split(split + 1, instructions.count)
        }
    }
}

/// A set of characters that answers at once for ASCII.
struct CharacterSet: Sendable {
    let source: CharacterRanges
    private var ascii: (UInt64, UInt64) = (0, 0)

    init(_ ranges: CharacterRanges) {
        source = ranges
        for range in ranges.ranges where range.lowerBound < 128 {
            for code in range.lowerBound...min(range.upperBound, 127) {
                if code < 64 { ascii.0 |= 1 << UInt64(code) } else { ascii.1 |= 1 << UInt64(code - 64) }
            }
        }
    }

    @inline(__always)
    func contains(_ code: UInt32) -> Bool {
        if code < 64 { return ascii.0 >> UInt64(code) & 1 == 1 }
        if code < 128 { return ascii.1 >> UInt64(code - 64) & 1 == 1 }
        return source.ranges.contains { $0.contains(code) }
    }
}
