import SQLTypes

/// Rows of delimited text in the making: `|` between fields, none behind the last.
package struct DataText {
    private(set) var bytes: [UInt8] = []
    private var isAtRowStart = true

    init(capacityBytes: Int = 1 << 20) { bytes.reserveCapacity(capacityBytes) }

    private mutating func separate() {
        if !isAtRowStart { bytes.append(UInt8(ascii: "|")) }
        isAtRowStart = false
    }

    mutating func add(_ value: Int) {
        separate()
        TextWriter.append(Int64(value), to: &bytes)
    }

    mutating func add(_ text: StaticString) {
        separate()
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    mutating func add(_ text: some Collection<UInt8>) {
        separate()
        bytes.append(contentsOf: text)
    }

    /// 12345 as 123.45.
    mutating func add(cents: Int) {
        separate()
        if cents < 0 { bytes.append(UInt8(ascii: "-")) }
        let magnitude = UInt64(cents.magnitude)
        TextWriter.appendDigits(magnitude / 100, minimumDigits: 1, to: &bytes)
        bytes.append(UInt8(ascii: "."))
        TextWriter.appendDigits(magnitude % 100, minimumDigits: 2, to: &bytes)
    }

    /// `Customer#000000042`
    mutating func add(_ prefix: StaticString, number: Int, digits: Int) {
        add(prefix)
        TextWriter.appendDigits(UInt64(number), minimumDigits: digits, to: &bytes)
    }

    /// `27-918-335-1736`, the country code being the nation's number and 10.
    mutating func addPhone(nation: Int, _ random: inout SplitMix64) {
        add(nation + 10)
        for (from, to) in [(100, 999), (100, 999), (1_000, 9_999)] {
            bytes.append(UInt8(ascii: "-"))
            TextWriter.append(Int64(random.number(from...to)), to: &bytes)
        }
    }

    /// Characters that mean nothing, as many as a random number of the range says.
    mutating func addAddress(_ lengths: ClosedRange<Int>, _ random: inout SplitMix64) {
        separate()
        let count = random.number(lengths)
        var bits: UInt64 = 0
        for place in 0..<count {
            if place % 10 == 0 { bits = random.next() }
            // No blank at the ends: it would not survive every way of loading.
            let isEnd = place == 0 || place == count - 1
            bytes.append(DataText.addressCharacters[isEnd ? Int(bits & 63) % 62 : Int(bits & 63)])
            bits >>= 6
        }
    }

    private static let addressCharacters = Array(
        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ ,".utf8)

    /// Words with a blank between them.
    static func joined(_ words: [StaticString]) -> [UInt8] {
        var text: [UInt8] = []
        for word in words {
            if !text.isEmpty { text.append(0x20) }
            word.withUTF8Buffer { text.append(contentsOf: $0) }
        }
        return text
    }

    mutating func endRow() {
        bytes.append(UInt8(ascii: "\n"))
        isAtRowStart = true
    }

    /// What was written so far, which is then forgotten.
    mutating func take() -> [UInt8] {
        defer { bytes.removeAll(keepingCapacity: true) }
        return bytes
    }
}

extension SplitMix64 {
    /// A number of the range, each as likely as the others.
    mutating func number(_ range: ClosedRange<Int>) -> Int { range.lowerBound + below(range.count) }

    mutating func pick(_ words: [StaticString]) -> StaticString { words[below(words.count)] }

    /// The sequence of one row of one table: it depends on nothing but these, so that rows can be made in any order
    /// and by any number of tasks.
    static func ofRow(_ row: Int, stream: UInt64, seed: UInt64) -> SplitMix64 {
        var mixer = SplitMix64(seed: seed ^ (stream &* 0xD6E8_FEB8_6659_FD93))
        return SplitMix64(seed: mixer.next() ^ (UInt64(row) &* 0xA076_1D64_78BD_642F))
    }
}
