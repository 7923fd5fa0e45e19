import SQLTypes

/// A LIKE or ILIKE pattern, compiled once: literal pieces between the `%`s, each with a place for every `_`.
///
/// The whole string must match. Leftmost is right for every piece between two `%`s: what a later start could reach, the
/// `%` behind an earlier one reaches, too. So nothing is ever tried again, and the time is at most O(string · longest
/// piece). ILIKE folds ASCII letters only.
/// - Source: Redshift developer guide, "LIKE".
struct LikeMatcher: Sendable {
    /// A `%`-free piece of the pattern: a range of `bytes`.
    struct Piece: BitwiseCopyable, Sendable {
        var start: Int
        var count: Int
        var hasWild: Bool
    }

    /// Literal bytes of all pieces; 0 at the places of `_`, which `wild` marks by 1.
    private var bytes: [UInt8] = []
    private var wild: [UInt8] = []
    /// At least one; the first is anchored at the start, the last at the end. One alone: no `%` in the pattern.
    private var pieces: [Piece] = []
    private let foldsCase: Bool

    /// Throws 22025 if the pattern ends in its escape character.
    init(pattern: [UInt8], escape: UInt8?, foldsCase: Bool) throws(SQLError) {
        self.foldsCase = foldsCase
        var piece = Piece(start: 0, count: 0, hasWild: false)
        var index = 0
        while index < pattern.count {
            var byte = pattern[index]
            index += 1
            if byte == escape {
                guard index < pattern.count else {
                    throw SQLError(.invalidEscapeSequence, "LIKE pattern must not end with escape character")
                }
                byte = pattern[index]
                index += 1
            } else if byte == UInt8(ascii: "%") {
                // `%%` is `%`: empty pieces in the middle say nothing.
                if piece.count > 0 || pieces.isEmpty { pieces.append(piece) }
                piece = Piece(start: bytes.count, count: 0, hasWild: false)
                continue
            } else if byte == UInt8(ascii: "_") {
                bytes.append(0)
                wild.append(1)
                piece.count += 1
                piece.hasWild = true
                continue
            }
            bytes.append(foldsCase ? LikeRun.fold(byte) : byte)
            wild.append(0)
            piece.count += 1
        }
        pieces.append(piece)
    }

    /// Lends the pattern in the form in which many strings are matched; valid within `body` only.
    @inline(__always)
    func withRun<R>(_ body: (LikeRun) -> R) -> R {
        bytes.withUnsafeBufferPointer { bytes in
            wild.withUnsafeBufferPointer { wild in
                pieces.withUnsafeBufferPointer { pieces in
                    body(LikeRun(bytes: bytes, wild: wild, pieces: pieces, foldsCase: foldsCase))
                }
            }
        }
    }

    func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool { withRun { $0.matches(text) } }
}

/// A LIKE pattern's memory, without reference counts.
struct LikeRun {
    let bytes: UnsafeBufferPointer<UInt8>
    let wild: UnsafeBufferPointer<UInt8>
    let pieces: UnsafeBufferPointer<LikeMatcher.Piece>
    let foldsCase: Bool

    @inline(__always)
    static func fold(_ byte: UInt8) -> UInt8 { byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte }

    func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let start = match(pieces[0], text, at: 0) else { return false }
        if pieces.count == 1 { return start == text.count }
        guard let end = matchBackwards(pieces[pieces.count - 1], text), end >= start else { return false }
        var position = start
        for index in 1..<max(1, pieces.count - 1) {
            guard let next = find(pieces[index], text, from: position, below: end) else { return false }
            position = next
        }
        return true
    }

    /// The position behind the piece; nil if it does not stand there.
    @inline(__always)
    private func match(_ piece: LikeMatcher.Piece, _ text: UnsafeBufferPointer<UInt8>, at start: Int) -> Int? {
        if !piece.hasWild {
            guard text.count - start >= piece.count, equals(piece, text, at: start) else { return nil }
            return start + piece.count
        }
        var position = start
        for index in piece.start..<piece.start + piece.count {
            guard position < text.count else { return nil }
            if wild[index] != 0 {
                position += 1
                while position < text.count, text[position] & 0xC0 == 0x80 { position += 1 }
            } else {
                guard same(bytes[index], text[position]) else { return nil }
                position += 1
            }
        }
        return position
    }

    /// Where the piece begins that ends with the text; nil if it does not stand there.
    private func matchBackwards(_ piece: LikeMatcher.Piece, _ text: UnsafeBufferPointer<UInt8>) -> Int? {
        if !piece.hasWild {
            let start = text.count - piece.count
            return start >= 0 && equals(piece, text, at: start) ? start : nil
        }
        var position = text.count
        for index in (piece.start..<piece.start + piece.count).reversed() {
            guard position > 0 else { return nil }
            position -= 1
            if wild[index] != 0 {
                while position > 0, text[position] & 0xC0 == 0x80 { position -= 1 }
            } else {
                guard same(bytes[index], text[position]) else { return nil }
            }
        }
        return position
    }

    /// The position behind the first occurrence that begins at `start` or later and ends at `end` or earlier. The piece
    /// is not empty.
    private func find(
        _ piece: LikeMatcher.Piece, _ text: UnsafeBufferPointer<UInt8>, from start: Int, below end: Int
    ) -> Int? {
        guard let base = text.baseAddress else { return nil }
        if !foldsCase && !piece.hasWild && piece.count > 1 {
            return findLiteral(piece, text, base, from: start, below: end)
        }
        let head = bytes[piece.start]
        let isLiteralHead = !foldsCase && wild[piece.start] == 0
        var position = start
        while end - position >= piece.count {
            if isLiteralHead {
                let room = end - position - piece.count + 1
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

    /// Looks at 16 starts at a time: the piece's first and last byte must be where they belong before it is compared.
    /// - Source: Muła, "SIMD-friendly algorithms for substring searching", 2016.
    private func findLiteral(
        _ piece: LikeMatcher.Piece, _ text: UnsafeBufferPointer<UInt8>, _ base: UnsafePointer<UInt8>, from start: Int,
        below end: Int
    ) -> Int? {
        let reach = piece.count - 1
        // The last place where it may begin.
        let last = end - piece.count
        let (first, final) = (bytes[piece.start], bytes[piece.start + reach])
        if last - start < 15 {
            var position = start
            while position <= last {
                if base[position] == first, base[position + reach] == final, equals(piece, text, at: position) {
                    return position + piece.count
                }
                position += 1
            }
            return nil
        }
        let firsts = SIMD16<UInt8>(repeating: first)
        let finals = SIMD16<UInt8>(repeating: final)
        var window = start
        while true {
            let bytes = UnsafeRawPointer(base + window)
            let found =
                (bytes.loadUnaligned(as: SIMD16<UInt8>.self) .== firsts)
                .& ((bytes + reach).loadUnaligned(as: SIMD16<UInt8>.self) .== finals)
            // A byte of ones for each start that may be one.
            let lanes = unsafeBitCast(found, to: SIMD2<UInt64>.self)
            if lanes[0] | lanes[1] != 0 {
                for half in 0..<2 {
                    var rest = lanes[half]
                    while rest != 0 {
                        let lane = rest.trailingZeroBitCount >> 3
                        let position = window + 8 * half + lane
                        if equals(piece, text, at: position) { return position + piece.count }
                        rest &= ~(0xFF << UInt64(8 * lane))
                    }
                }
            }
            if window == last - 15 { return nil }
            // The last window ends with the last start; some starts are looked at twice.
            window = min(window + 16, last - 15)
        }
    }

    @inline(__always)
    private func same(_ pattern: UInt8, _ text: UInt8) -> Bool { pattern == (foldsCase ? LikeRun.fold(text) : text) }

    @inline(__always)
    private func equals(_ piece: LikeMatcher.Piece, _ text: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
        // Pieces are short: a loop costs less than a call.
        for index in 0..<piece.count {
            guard same(bytes[piece.start + index], text[start + index]) else { return false }
        }
        return true
    }
}
