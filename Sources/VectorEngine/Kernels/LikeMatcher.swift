import SQLTypes

/// A LIKE or ILIKE pattern, compiled once: literal pieces between the `%`s, each with a place for every `_`.
///
/// The whole string must match. Leftmost is right for every piece between two `%`s: what a later start could reach, the `%`
/// behind an earlier one reaches, too. So nothing is ever tried again, and the time is at most O(string · longest piece).
/// ILIKE folds ASCII letters only.
/// - Source: Redshift developer guide, "LIKE".
struct LikeMatcher: Sendable {
    /// `%`-free piece of a pattern.
    struct Piece: Sendable {
        /// Literal bytes; 0 at the places of `_`, which `isWild` marks.
        var bytes: [UInt8] = []
        var isWild: [Bool] = []
        var hasWild = false

        mutating func append(_ byte: UInt8) {
            bytes.append(byte)
            isWild.append(false)
        }

        mutating func appendWild() {
            bytes.append(0)
            isWild.append(true)
            hasWild = true
        }
    }

    /// At least one; the first is anchored at the start, the last at the end. One alone: no `%` in the pattern.
    private let pieces: [Piece]
    private let foldsCase: Bool

    /// Throws 22025 if the pattern ends in its escape character.
    init(pattern: [UInt8], escape: UInt8?, foldsCase: Bool) throws(SQLError) {
        var pieces = [Piece()]
        var index = 0
        while index < pattern.count {
            let byte = pattern[index]
            index += 1
            if byte == escape {
                guard index < pattern.count else {
                    throw SQLError(.invalidEscapeSequence, "LIKE pattern must not end with escape character")
                }
                pieces[pieces.count - 1].append(foldsCase ? LikeMatcher.fold(pattern[index]) : pattern[index])
                index += 1
            } else if byte == UInt8(ascii: "%") {
                pieces.append(Piece())
            } else if byte == UInt8(ascii: "_") {
                pieces[pieces.count - 1].appendWild()
            } else {
                pieces[pieces.count - 1].append(foldsCase ? LikeMatcher.fold(byte) : byte)
            }
        }
        // `%%` is `%`: empty pieces in the middle say nothing.
        self.pieces = pieces.enumerated().filter { place, piece in
            place == 0 || place == pieces.count - 1 || !piece.bytes.isEmpty
        }.map(\.element)
        self.foldsCase = foldsCase
    }

    @inline(__always)
    private static func fold(_ byte: UInt8) -> UInt8 { byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte }

    func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        let first = pieces[0]
        guard let start = match(first, text, at: 0) else { return false }
        if pieces.count == 1 { return start == text.count }
        guard let end = matchBackwards(pieces[pieces.count - 1], text), end >= start else { return false }
        var position = start
        for index in 1 ..< max(1, pieces.count - 1) {
            guard let next = find(pieces[index], text, from: position, below: end) else { return false }
            position = next
        }
        return true
    }

    /// The position behind the piece; nil if it does not stand there.
    @inline(__always)
    private func match(_ piece: Piece, _ text: UnsafeBufferPointer<UInt8>, at start: Int) -> Int? {
        if !piece.hasWild {
            guard text.count - start >= piece.bytes.count, equals(piece.bytes, text, at: start) else { return nil }
            return start + piece.bytes.count
        }
        var position = start
        for index in piece.bytes.indices {
            guard position < text.count else { return nil }
            if piece.isWild[index] {
                position += 1
                while position < text.count, text[position] & 0xC0 == 0x80 { position += 1 }
            } else {
                guard same(piece.bytes[index], text[position]) else { return nil }
                position += 1
            }
        }
        return position
    }

    /// Where the piece begins that ends with the text; nil if it does not stand there.
    private func matchBackwards(_ piece: Piece, _ text: UnsafeBufferPointer<UInt8>) -> Int? {
        if !piece.hasWild {
            let start = text.count - piece.bytes.count
            return start >= 0 && equals(piece.bytes, text, at: start) ? start : nil
        }
        var position = text.count
        for index in piece.bytes.indices.reversed() {
            guard position > 0 else { return nil }
            position -= 1
            if piece.isWild[index] {
                while position > 0, text[position] & 0xC0 == 0x80 { position -= 1 }
            } else {
                guard same(piece.bytes[index], text[position]) else { return nil }
            }
        }
        return position
    }

    /// The position behind the first occurrence that begins at `start` or later and ends at `end` or earlier.
    private func find(_ piece: Piece, _ text: UnsafeBufferPointer<UInt8>, from start: Int, below end: Int) -> Int? {
        guard let base = text.baseAddress else { return nil }
        let head = piece.bytes[0]
        var position = start
        while end - position >= piece.bytes.count {
            if !foldsCase, !piece.isWild[0] {
                let room = end - position - piece.bytes.count + 1
                guard let step = Platform.firstIndex(of: head, in: base + position, count: room) else { return nil }
                position += step
            } else if text[position] & 0xC0 == 0x80 {
                // A `_` in front stands for a whole character.
                position += 1
                continue
            }
            if let next = match(piece, text, at: position), next <= end { return next }
            position += 1
        }
        return nil
    }

    @inline(__always)
    private func same(_ pattern: UInt8, _ text: UInt8) -> Bool {
        pattern == (foldsCase ? LikeMatcher.fold(text) : text)
    }

    @inline(__always)
    private func equals(_ pattern: [UInt8], _ text: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
        if pattern.isEmpty { return true }
        guard let base = text.baseAddress else { return false }
        if !foldsCase {
            return pattern.withUnsafeBufferPointer { bytes in
                bytes.baseAddress.map { Platform.compareBytes($0, base + start, bytes.count) == 0 } ?? true
            }
        }
        for index in pattern.indices where pattern[index] != LikeMatcher.fold(base[start + index]) { return false }
        return true
    }
}

/// Any pattern operator's pattern, compiled.
struct PatternMatcher: Sendable {
    private enum Kind: Sendable {
        case like(LikeMatcher)
        case regular(RegularExpression)
    }

    private let kind: Kind

    init(_ match: ExpressionNode.Match, pattern: [UInt8]) throws(SQLError) {
        switch match {
        case .like(let escape):
            kind = .like(try LikeMatcher(pattern: pattern, escape: escape, foldsCase: false))
        case .ilike(let escape):
            kind = .like(try LikeMatcher(pattern: pattern, escape: escape, foldsCase: true))
        case .similarTo(let escape):
            kind = .regular(try RegularExpression(similarTo: pattern, escape: escape))
        case .posix(let isCaseInsensitive):
            kind = .regular(try RegularExpression(posix: pattern, isCaseInsensitive: isCaseInsensitive))
        }
    }

    func matches(_ view: StringView) -> Bool {
        switch kind {
        case .like(let matcher): matcher.matches(view.bytes)
        case .regular(let expression): expression.matches(view.bytes)
        }
    }

    /// Drops the rows that do not match (`isNegated`: that do). Validity is not looked at.
    func keep(_ vector: Vector, isNegated: Bool, mask: inout RowMask) {
        let lanes = vector.stringLanes()
        mask.withMutableBytes { bytes in
            if let views = lanes.lanes.values {
                for row in 0 ..< bytes.count where bytes[row] != 0 && matches(views[row]) == isNegated { bytes[row] = 0 }
            } else if matches(lanes.lanes.constant) == isNegated {
                bytes.update(repeating: 0)
            }
        }
        withExtendedLifetime(lanes) {}
    }
}
