import SQLTypes

/// What tokens mean: names folded and cut, strings without their quotes, numbers.
enum TokenText {
    /// - Source: Redshift developer guide, "Names and identifiers".
    static let nameLengthMaximum = 127

    /// In a string literal a backslash is itself, except before a quote or another backslash: Redshift's guide writes
    /// patterns as `'\\w'` and quotes within UNLOAD as `\'`, but null markers and delimiters as `'\N'` and `'\t'`.
    static func isEscapable(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\\") }

    /// A word or quoted name in lower case (ASCII), cut to 127 bytes between two characters.
    static func name(_ token: Token, _ bytes: UnsafeBufferPointer<UInt8>) -> String {
        let text = bytes[Int(token.start)..<Int(token.end)]
        guard token.kind == .quotedName else { return fold(text) }
        let inner = text.dropFirst().dropLast()
        guard inner.contains(UInt8(ascii: "\"")) else { return fold(inner) }
        var unquoted: [UInt8] = []
        var skipsNext = false
        for byte in inner {
            if skipsNext {
                skipsNext = false
                continue
            }
            skipsNext = byte == UInt8(ascii: "\"")
            unquoted.append(byte)
        }
        return unquoted.withUnsafeBufferPointer { fold($0[...]) }
    }

    private static func fold(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> String {
        var kept = bytes
        if bytes.count > nameLengthMaximum {
            var length = nameLengthMaximum
            while length > 0, bytes[bytes.startIndex + length] & 0xC0 == 0x80 { length -= 1 }
            kept = bytes.prefix(length)
        }
        return String(unsafeUninitializedCapacity: kept.count) { buffer in
            var count = 0
            for byte in kept {
                buffer[count] = lowercased(byte)
                count += 1
            }
            return count
        }
    }

    /// The value of a string token.
    static func string(_ token: Token, _ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        let text = bytes[Int(token.start)..<Int(token.end)]
        if token.kind == .dollarString {
            let tagEnd = text.dropFirst().firstIndex(of: UInt8(ascii: "$")) ?? text.startIndex
            let tagLength = tagEnd - text.startIndex + 1
            return Array(text.dropFirst(tagLength).dropLast(tagLength))
        }
        if let first = text.first, first != UInt8(ascii: "'") { return unescapeC(text.dropFirst(2).dropLast()) }
        let inner = text.dropFirst().dropLast()
        if !inner.contains(where: isEscapable) { return Array(inner) }
        return unescape(text)
    }

    /// `E'…'`: the escapes of C.
    /// - Source: PostgreSQL, "String Constants with C-Style Escapes".
    private static func unescapeC(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var place = text.startIndex
        while place < text.endIndex {
            let byte = text[place]
            place += 1
            // The lexer has seen that something follows a backslash, and another quote a quote.
            guard byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "'"), place < text.endIndex else {
                result.append(byte)
                continue
            }
            let escaped = text[place]
            place += 1
            switch escaped {
            case _ where byte == UInt8(ascii: "'"): result.append(byte)
            case UInt8(ascii: "b"): result.append(0x08)
            case UInt8(ascii: "f"): result.append(0x0C)
            case UInt8(ascii: "n"): result.append(0x0A)
            case UInt8(ascii: "r"): result.append(0x0D)
            case UInt8(ascii: "t"): result.append(0x09)
            case UInt8(ascii: "0")...UInt8(ascii: "7"):
                var code = UInt(escaped & 7)
                var digits = 1
                while digits < 3, place < text.endIndex, (UInt8(ascii: "0")...UInt8(ascii: "7")) ~= text[place] {
                    code = code << 3 | UInt(text[place] & 7)
                    place += 1
                    digits += 1
                }
                result.append(UInt8(truncatingIfNeeded: code))
            default: result.append(escaped)
            }
        }
        return result
    }

    /// Several quoted pieces, with blanks and `--` comments between them, as one text.
    private static func unescape(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> [UInt8] {
        let quote = UInt8(ascii: "'"), backslash = UInt8(ascii: "\\")
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var place = text.startIndex + 1
        var isInside = true
        while place < text.endIndex {
            let byte = text[place]
            let next = place + 1 < text.endIndex ? text[place + 1] : 0
            if !isInside {
                if byte == UInt8(ascii: "-") {
                    while place < text.endIndex, text[place] != 0x0A { place += 1 }
                    continue
                }
                isInside = byte == quote
                place += 1
            } else if byte == quote && next == quote || byte == backslash && isEscapable(next) {
                result.append(next)
                place += 2
            } else {
                if byte == quote { isInside = false } else { result.append(byte) }
                place += 1
            }
        }
        return result
    }

    /// INTEGER and BIGINT where they fit, else DECIMAL; `decimal` tokens keep the scale that is written.
    static func number(_ token: Token, _ bytes: UnsafeBufferPointer<UInt8>) throws(SQLError) -> Expression.Literal {
        let text = bytes[Int(token.start)..<Int(token.end)]
        if token.kind == .doubleLiteral {
            let spelled = String(decoding: text, as: UTF8.self)
            guard let value = Double(spelled), value.isFinite else {
                throw SQLError(
                    .numericValueOutOfRange, "\"\(spelled)\" is out of range for type double precision",
                    position: Int(token.position))
            }
            return .double(value)
        }
        var unscaled = UInt128(0)
        var scale = 0
        var isPastPoint = false
        var isTooLong = false
        for byte in text {
            guard byte != UInt8(ascii: ".") else {
                isPastPoint = true
                continue
            }
            if isPastPoint { scale += 1 }
            if unscaled >= decimalMagnitudeEnd / 10 { isTooLong = true; break }
            unscaled = unscaled * 10 + UInt128(byte & 0x0F)
        }
        if isTooLong || scale > SQLType.maximumDecimalPrecision {
            throw SQLError(
                .numericValueOutOfRange, "numeric literal has more than \(SQLType.maximumDecimalPrecision) digits",
                position: Int(token.position))
        }
        if !isPastPoint, let value = Int64(exactly: unscaled) { return .integer(value) }
        return .decimal(Decimal(unscaled: Int128(unscaled), scale: scale))
    }

    /// 10^38: the first magnitude that DECIMAL(38,0) cannot hold.
    private static let decimalMagnitudeEnd: UInt128 = {
        var power = UInt128(1)
        for _ in 0..<SQLType.maximumDecimalPrecision { power *= 10 }
        return power
    }()
}
