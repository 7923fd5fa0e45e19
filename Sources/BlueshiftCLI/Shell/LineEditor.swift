/// The line being typed, as a value: bytes from the terminal go in, actions for the terminal come out. No I/O in here.
///
/// Keys are those of readline's Emacs mode: Ctrl-A/E/B/F/D/H/K/U/W/L/P/N/T/Y, arrows, Home, End, Delete, Alt-B/F/D, and
/// Ctrl-R to search the history.
struct LineEditor {
    enum Action: Equatable {
        /// Show prompt and line again.
        case redraw
        case clearScreen
        /// Enter: the line is done.
        case submit(String)
        /// Ctrl-C.
        case interrupt
        /// Ctrl-D on an empty line.
        case endOfInput
        case bell
    }

    private(set) var line: [Unicode.Scalar] = []
    /// 0 ... line.count.
    private(set) var cursor = 0
    private var killed: [Unicode.Scalar] = []
    private var keys = KeyDecoder()
    private(set) var search: HistorySearch?
    var history: History

    init(history: History) { self.history = history }

    var text: String { string(line) }

    /// What a byte leads to; nothing while it is only part of a key.
    mutating func feed(_ byte: UInt8) -> [Action] {
        guard let key = keys.feed(byte) else { return [] }
        if search != nil { return handleSearch(key) }
        return handle(key)
    }

    private mutating func handle(_ key: Key) -> [Action] {
        switch key {
        case .enter: return submit()
        case .control("c"):
            reset()
            return [.interrupt]
        case .control("d") where line.isEmpty: return [.endOfInput]
        case .control("l"): return [.clearScreen]
        case .control("r"):
            search = HistorySearch()
            return [.redraw]
        case .up, .control("p"): return recall(history.older(than: text))
        case .down, .control("n"): return recall(history.newer())
        case .character(let scalar): insert([scalar])
        case .tab: insert(["\t"])
        default: return edit(key)
        }
        return [.redraw]
    }

    private mutating func edit(_ key: Key) -> [Action] {
        switch key {
        case .left, .control("b"): cursor = max(0, cursor - 1)
        case .right, .control("f"): cursor = min(line.count, cursor + 1)
        case .home, .control("a"): cursor = 0
        case .end, .control("e"): cursor = line.count
        case .alt("b"): cursor = wordStart(before: cursor)
        case .alt("f"): cursor = wordEnd(after: cursor)
        case .backspace: remove(max(0, cursor - 1)..<cursor)
        case .delete, .control("d"): remove(cursor..<min(line.count, cursor + 1))
        case .control("k"): kill(cursor..<line.count)
        case .control("u"): kill(0..<cursor)
        case .control("w"): kill(wordStart(before: cursor)..<cursor)
        case .alt("d"): kill(cursor..<wordEnd(after: cursor))
        case .control("y"): insert(killed)
        case .control("t"): transpose()
        default: return [.bell]
        }
        return [.redraw]
    }

    private mutating func handleSearch(_ key: Key) -> [Action] {
        guard var current = search else { return [] }
        switch key {
        case .character(let scalar): current.pattern.unicodeScalars.append(scalar)
        case .backspace: if !current.pattern.isEmpty { current.pattern.unicodeScalars.removeLast() }
        case .control("r"): current.skip += 1
        case .control("c"), .control("g"):
            search = nil
            reset()
            return [.redraw]
        default:
            search = nil
            return handle(key)
        }
        if let found = history.search(current.pattern, skip: current.skip) {
            line = Array(found.unicodeScalars)
            cursor = line.count
        } else {
            current.skip = max(0, current.skip - 1)
            search = current
            return [.bell, .redraw]
        }
        search = current
        return [.redraw]
    }

    private mutating func submit() -> [Action] {
        let text = self.text
        reset()
        return [.submit(text)]
    }

    private mutating func reset() {
        line = []
        cursor = 0
        history.leave()
    }

    private mutating func recall(_ entry: String?) -> [Action] {
        guard let entry else { return [.bell] }
        line = Array(entry.unicodeScalars)
        cursor = line.count
        return [.redraw]
    }

    private mutating func insert(_ scalars: [Unicode.Scalar]) {
        line.insert(contentsOf: scalars, at: cursor)
        cursor += scalars.count
    }

    private mutating func remove(_ range: Range<Int>) {
        line.removeSubrange(range)
        cursor = range.lowerBound
    }

    private mutating func kill(_ range: Range<Int>) {
        killed = Array(line[range])
        remove(range)
    }

    private mutating func transpose() {
        guard cursor > 0, line.count > 1 else { return }
        let right = min(cursor, line.count - 1)
        line.swapAt(right - 1, right)
        cursor = right + 1
    }

    private func isWord(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || scalar == "_" || ("0"..."9").contains(scalar)
    }

    private func wordStart(before position: Int) -> Int {
        var index = position
        while index > 0 && !isWord(line[index - 1]) { index -= 1 }
        while index > 0 && isWord(line[index - 1]) { index -= 1 }
        return index
    }

    private func wordEnd(after position: Int) -> Int {
        var index = position
        while index < line.count && !isWord(line[index]) { index += 1 }
        while index < line.count && isWord(line[index]) { index += 1 }
        return index
    }

    private func string(_ scalars: [Unicode.Scalar]) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }
}

/// An incremental search backwards through the history (Ctrl-R).
struct HistorySearch: Equatable {
    var pattern = ""
    /// Matches passed over, newest first.
    var skip = 0
}
