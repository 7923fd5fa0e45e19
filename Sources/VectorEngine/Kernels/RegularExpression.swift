import SQLTypes

/// A SIMILAR TO or POSIX pattern as an automaton: time is linear in the text, whatever the pattern.
///
/// The pattern becomes a nondeterministic automaton (Thompson) and that, as long as it stays small, a deterministic one
/// with a table of transitions. Its alphabet are the classes of characters that the pattern cannot tell apart; for
/// ASCII a byte's class is looked up, other characters are decoded.
/// - Source: Thompson, "Regular Expression Search Algorithm", CACM 1968; Aho, Sethi, Ullman, "Compilers", 3.7.
struct RegularExpression: Sendable {
    private let automaton: NondeterministicAutomaton
    private let table: DeterministicTable?
    /// Any part of the text may match (POSIX), not only all of it (SIMILAR TO).
    private let isSearch: Bool

    init(similarTo pattern: [UInt8], escape: UInt8?) throws(SQLError) {
        var parser = RegularSyntaxParser(pattern, isSimilar: true, escape: escape, foldsCase: false)
        self.init(try NondeterministicAutomaton(try parser.parse(), isSearch: false), isSearch: false)
    }

    init(posix pattern: [UInt8], isCaseInsensitive: Bool) throws(SQLError) {
        var parser = RegularSyntaxParser(pattern, isSimilar: false, escape: nil, foldsCase: isCaseInsensitive)
        self.init(try NondeterministicAutomaton(try parser.parse(), isSearch: true), isSearch: true)
    }

    private init(_ automaton: NondeterministicAutomaton, isSearch: Bool) {
        self.automaton = automaton
        self.isSearch = isSearch
        table = DeterministicTable(automaton)
    }

    func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let table else { return matchesBySets(text) }
        var state = 0
        var index = 0
        while index < text.count {
            if isSearch, table.accepts[state] { return true }
            let byte = text[index]
            let symbol: Int
            if byte < 0x80 {
                symbol = Int(automaton.classOfASCII[Int(byte)])
                index += 1
            } else {
                symbol = automaton.decodedClass(text, &index)
            }
            state = Int(table.next[state * automaton.classCount + symbol])
        }
        return table.acceptsAtEnd[state]
    }

    /// For patterns whose deterministic automaton would be too large.
    private func matchesBySets(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        var states = automaton.initialStates
        var index = 0
        while index < text.count {
            if isSearch, automaton.accepts(states, atEnd: false) { return true }
            states = automaton.step(states, automaton.decodedClass(text, &index))
        }
        return automaton.accepts(states, atEnd: true)
    }
}

/// Thompson's automaton. Numbers of instructions are states.
struct NondeterministicAutomaton: Sendable {
    private enum Instruction: Sendable {
        /// Goes on to the next instruction if the character is of one of the classes.
        case characters(set: Int)
        case split(Int, Int)
        case jump(Int)
        case start, end
        case accept
    }

    /// A pattern of more instructions is refused.
    private static let instructionMaximum = 20_000
    /// So is one with more different sets of characters.
    private static let setMaximum = 1_000

    private var instructions: [Instruction] = []
    private var sets: [CharacterRanges] = []
    private let isSearch: Bool
    /// First code points of the classes but the first.
    private var boundaries: [UInt32] = []
    /// By set, then class: is the class within the set.
    private var membership: [[Bool]] = []
    private(set) var classOfASCII: [UInt16] = []

    var classCount: Int { boundaries.count + 1 }

    init(_ syntax: RegularSyntax, isSearch: Bool) throws(SQLError) {
        self.isSearch = isSearch
        try emit(syntax)
        try append(.accept)
        var found: Set<UInt32> = []
        for range in sets.flatMap(\.ranges) {
            found.insert(range.lowerBound)
            found.insert(range.upperBound + 1)
        }
        boundaries = found.filter { $0 > 0 && $0 <= CharacterRanges.last }.sorted()
        let firsts = [0] + boundaries
        membership = sets.map { set in firsts.map { first in set.ranges.contains { $0.contains(first) } } }
        classOfASCII = (0..<128).map { code in UInt16(truncatingIfNeeded: boundaries.count { $0 <= code }) }
    }

    private mutating func append(_ instruction: Instruction) throws(SQLError) {
        guard instructions.count < Self.instructionMaximum else { throw Self.tooComplex }
        instructions.append(instruction)
    }

    private static let tooComplex = SQLError(
        .invalidRegularExpression, "invalid regular expression: too complex")

    private mutating func emit(_ syntax: RegularSyntax) throws(SQLError) {
        switch syntax {
        case .empty: break
        case .characters(let ranges):
            let known = sets.firstIndex(of: ranges)
            if known == nil {
                guard sets.count < Self.setMaximum else { throw Self.tooComplex }
                sets.append(ranges)
            }
            try append(.characters(set: known ?? sets.count - 1))
        case .sequence(let items): for item in items { try emit(item) }
        case .alternatives(let branches):
            var jumps: [Int] = []
            for branch in branches.dropLast() {
                let split = instructions.count
                try append(.split(split + 1, 0))
                try emit(branch)
                jumps.append(instructions.count)
                try append(.jump(0))
                instructions[split] = .split(split + 1, instructions.count)
            }
            if let last = branches.last { try emit(last) }
            for jump in jumps { instructions[jump] = .jump(instructions.count) }
        // Whether there is a match depends neither on groups nor on which repetition is tried first.
        case .repetition(let item, let minimum, let maximum), .lazyRepetition(let item, let minimum, let maximum):
            try emit(item, minimum, maximum)
        case .group(let item, _): try emit(item)
        case .lookahead, .wordBoundary: throw .unsupported("Perl's assertions in a pattern operator")
        case .start: try append(.start)
        case .end: try append(.end)
        }
    }

    private mutating func emit(_ item: RegularSyntax, _ minimum: Int, _ maximum: Int?) throws(SQLError) {
        for _ in 0..<minimum { try emit(item) }
        guard let maximum else {
            let split = instructions.count
            try append(.split(split + 1, 0))
            try emit(item)
            try append(.jump(split))
            instructions[split] = .split(split + 1, instructions.count)
            return
        }
        var splits: [Int] = []
        for _ in minimum..<maximum {
            splits.append(instructions.count)
            try append(.split(0, 0))
            try emit(item)
        }
        for split in splits { instructions[split] = .split(split + 1, instructions.count) }
    }

    /// The class of the character at `index`, which moves behind it; a byte that begins no character counts as one.
    func decodedClass(_ text: UnsafeBufferPointer<UInt8>, _ index: inout Int) -> Int {
        let first = text[index]
        index += 1
        guard first >= 0x80 else { return Int(classOfASCII[Int(first)]) }
        var code = UInt32(first) & (first >= 0xF0 ? 0x07 : first >= 0xE0 ? 0x0F : 0x1F)
        while index < text.count, text[index] & 0xC0 == 0x80 {
            code = (code << 6 | UInt32(text[index] & 0x3F)) & 0x1F_FFFF
            index += 1
        }
        var lower = 0
        var upper = boundaries.count
        while lower < upper {
            let middle = (lower + upper) / 2
            if boundaries[middle] <= code { lower = middle + 1 } else { upper = middle }
        }
        return lower
    }

    // Sets of states are ascending lists.

    var initialStates: [Int32] { closure([0], atStart: true, atEnd: false) }

    func step(_ states: [Int32], _ symbol: Int) -> [Int32] {
        var next: [Int] = []
        for state in states {
            if case .characters(let set) = instructions[Int(state)], membership[set][symbol] {
                next.append(Int(state) + 1)
            }
        }
        if isSearch { next.append(0) }
        return closure(next, atStart: false, atEnd: false)
    }

    func accepts(_ states: [Int32], atEnd: Bool) -> Bool {
        let reached = atEnd ? closure(states.map(Int.init), atStart: false, atEnd: true) : states
        return reached.contains { if case .accept = instructions[Int($0)] { true } else { false } }
    }

    private func closure(_ start: [Int], atStart: Bool, atEnd: Bool) -> [Int32] {
        var seen: Set<Int> = []
        var pending = start
        var kept: [Int32] = []
        while let state = pending.popLast() {
            guard seen.insert(state).inserted else { continue }
            switch instructions[state] {
            case .jump(let target): pending.append(target)
            case .split(let a, let b): pending += [a, b]
            case .start: if atStart { pending.append(state + 1) }
            case .end: if atEnd { pending.append(state + 1) } else { kept.append(Int32(state)) }
            case .characters, .accept: kept.append(Int32(state))
            }
        }
        return kept.sorted()
    }
}

/// All states that the automaton can be in, numbered; 0 is the first.
struct DeterministicTable: Sendable {
    /// By state, then class.
    private(set) var next: [UInt16] = []
    private(set) var accepts: [Bool] = []
    private(set) var acceptsAtEnd: [Bool] = []

    private static let stateMaximum = 500
    /// State sets that may be looked at while it is made.
    private static let workMaximum = 20_000

    /// nil if it has too many states.
    init?(_ automaton: NondeterministicAutomaton) {
        var numbers: [[Int32]: Int] = [:]
        var pending = [automaton.initialStates]
        numbers[pending[0]] = 0
        var index = 0
        var work = 0
        while index < pending.count {
            let states = pending[index]
            index += 1
            accepts.append(automaton.accepts(states, atEnd: false))
            acceptsAtEnd.append(automaton.accepts(states, atEnd: true))
            for symbol in 0..<automaton.classCount {
                work += 1 + states.count / 16
                guard work < Self.workMaximum else { return nil }
                let following = automaton.step(states, symbol)
                let number = numbers[following] ?? pending.count
                if number == pending.count {
                    guard number < Self.stateMaximum else { return nil }
                    numbers[following] = number
                    pending.append(following)
                }
                next.append(UInt16(number))
            }
        }
    }
}
