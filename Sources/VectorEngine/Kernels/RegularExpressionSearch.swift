/// Runs a program through a text, all ways at once: for each match the time is linear in the text, whatever the
/// pattern; look-ahead makes it quadratic.
/// Belongs to one task.
///
/// A way through the program is a thread: the next instruction, where its match began, and its groups. Threads stand in
/// order of preference; of two at one instruction the preferred one stays.
struct RegularExpressionSearch {
    /// Where a group's places are: 0 and 1 the whole match, 2·n and 2·n + 1 group n; −1: not taken part in.
    typealias Places = InlineArray<20, Int32>

    private struct Thread {
        var instruction: Int
        var places: Places
    }

    private let program: RegularExpressionProgram
    /// The text's characters.
    private(set) var characters: [UInt32] = []
    /// Where each begins, in bytes, and the text's length behind them.
    private(set) var offsets: [Int] = []
    /// Threads at the current place, and those of the place before.
    private var current: [Thread] = []
    private var previous: [Thread] = []
    private var pending: [Thread] = []
    /// By instruction: the last place that it was reached at, in a number that grows for ever.
    private var reached: [Int]
    private var round = 0
    /// What look-ahead instructions answered, by instruction and place in this text.
    private var answers: [Int: Bool] = [:]
    /// At most one: runs what a look-ahead instruction asks.
    private var helper: [RegularExpressionSearch] = []

    init(_ program: RegularExpressionProgram) {
        self.program = program
        reached = [Int](repeating: 0, count: program.instructions.count)
    }

    /// A byte that begins no character counts as one.
    mutating func load(_ text: UnsafeBufferPointer<UInt8>) {
        characters.removeAll(keepingCapacity: true)
        offsets.removeAll(keepingCapacity: true)
        answers.removeAll(keepingCapacity: true)
        helper.removeAll()
        var index = 0
        while index < text.count {
            offsets.append(index)
            let first = text[index]
            index += 1
            guard first >= 0x80 else {
                characters.append(UInt32(first))
                continue
            }
            var code = UInt32(first) & (first >= 0xF0 ? 0x07 : first >= 0xE0 ? 0x0F : 0x1F)
            while index < text.count, text[index] & 0xC0 == 0x80 {
                code = (code << 6 | UInt32(text[index] & 0x3F)) & 0x1F_FFFF
                index += 1
            }
            characters.append(code)
        }
        offsets.append(text.count)
    }

    /// The first match that begins at character `start` or later: POSIX's is the longest that begins there, Perl's the
    /// preferred one. Places count characters.
    mutating func firstMatch(from start: Int) -> Places? { run(from: start, entry: 0, isTest: false) }

    /// - Parameter isTest: only whether there is a match right at `start` is asked.
    private mutating func run(from start: Int, entry: Int, isTest: Bool) -> Places? {
        current.removeAll(keepingCapacity: true)
        round += 1
        var best: Places?
        var place = start
        while place <= characters.count {
            if best == nil, !isTest || place == start {
                var places = Places(repeating: -1)
                places[0] = Int32(truncatingIfNeeded: place)
                follow(Thread(instruction: entry, places: places), at: place)
            }
            if current.isEmpty, best != nil || isTest { break }
            step(at: place, &best)
            if isTest, best != nil { break }
            place += 1
        }
        return best
    }

    /// Moves all threads over the character at `place`; one that has got through the program may become the best.
    private mutating func step(at place: Int, _ best: inout Places?) {
        swap(&current, &previous)
        current.removeAll(keepingCapacity: true)
        round += 1
        for index in previous.indices {
            var thread = previous[index]
            // Once a match is found, one that begins later is none.
            if let best, thread.places[0] > best[0] { break }
            switch program.instructions[thread.instruction] {
            case .accept:
                let end = Int32(truncatingIfNeeded: place)
                if program.prefersLongest, let best, best[1] >= end { continue }
                thread.places[1] = end
                best = thread.places
                if !program.prefersLongest { return }
            case .characters(let set):
                guard place < characters.count, program.sets[set].contains(characters[place]) else { continue }
                thread.instruction += 1
                follow(thread, at: place + 1)
            default: continue
            }
        }
    }

    /// Adds to the current threads those that `thread` becomes without reading a character.
    private mutating func follow(_ thread: Thread, at place: Int) {
        pending.append(thread)
        while var thread = pending.popLast() {
            guard reached[thread.instruction] != round else { continue }
            reached[thread.instruction] = round
            switch program.instructions[thread.instruction] {
            case .characters, .accept:
                current.append(thread)
                continue
            case .jump(let target): thread.instruction = target
            case .split(let first, let second):
                pending.append(Thread(instruction: second, places: thread.places))
                thread.instruction = first
            case .save(let slot):
                thread.places[slot] = Int32(truncatingIfNeeded: place)
                thread.instruction += 1
            case .start:
                guard place == 0 else { continue }
                thread.instruction += 1
            case .end:
                guard place == characters.count else { continue }
                thread.instruction += 1
            case .wordBoundary(let isNegated):
                guard isWordBoundary(place) != isNegated else { continue }
                thread.instruction += 1
            case .lookahead(let following, let isNegated):
                guard looksAhead(thread.instruction + 1, at: place) != isNegated else { continue }
                thread.instruction = following
            }
            pending.append(thread)
        }
    }

    private func isWordBoundary(_ place: Int) -> Bool {
        func isWord(_ index: Int) -> Bool {
            characters.indices.contains(index)
                && CharacterRanges.word.ranges.contains { $0.contains(characters[index]) }
        }
        return isWord(place - 1) != isWord(place)
    }

    /// Asked once for each place of a text. Nested as deep as the pattern is, which the parser limits.
    private mutating func looksAhead(_ entry: Int, at place: Int) -> Bool {
        let key = entry * (characters.count + 1) + place
        if let answer = answers[key] { return answer }
        if helper.isEmpty {
            var fresh = RegularExpressionSearch(program)
            fresh.characters = characters
            helper.append(fresh)
        }
        let answer = helper[0].run(from: place, entry: entry, isTest: true) != nil
        answers[key] = answer
        return answer
    }
}
