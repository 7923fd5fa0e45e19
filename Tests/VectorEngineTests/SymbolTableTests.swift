import SQLTypes
import Testing

@testable import VectorEngine

@Suite struct SymbolTableTests {
    private func roundTrip(_ text: [UInt8]) throws -> Int? {
        guard let packed = text.withUnsafeBytes({ SymbolTable.compress($0) }) else { return nil }
        var unpacked = [UInt8](repeating: 0, count: text.count)
        try unpacked.withUnsafeMutableBytes { target in
            try packed.withUnsafeBytes { stored in try SymbolTable.decompress(stored, into: target) }
        }
        #expect(unpacked == text)
        return packed.count
    }

    /// Words of a small vocabulary, as comments have them: less than half of the bytes are left.
    @Test(arguments: [1_000, 1_001, 16_385])
    func packsText(count: Int) throws {
        let words = ["furiously ", "carefully ", "final ", "deposits ", "the ", "sleep. ", "above "]
        var random = SplitMix64(seed: UInt64(count))
        var text: [UInt8] = []
        while text.count < count { text += words[Int(random.next() % 7)].utf8 }
        let packed = try #require(try roundTrip(Array(text[..<count])))
        #expect(packed * 2 < count, "\(packed) of \(count)")
    }

    @Test func packsBytesOfAllValuesWhereItPays() throws {
        var random = SplitMix64(seed: 5)
        // Zeros at the end look like what lies past the end.
        _ = try roundTrip([UInt8](repeating: 0, count: 1_001))
        for alphabet in [2, 20, 256] as [UInt64] {
            for count in [70, 5_003] {
                let text = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next() % alphabet) }
                let packed = try roundTrip(text)
                if alphabet == 256 && count > 70 { #expect(packed == nil) }
                if alphabet == 2 && count > 70 { #expect(packed != nil) }
            }
        }
    }

    @Test func refusesWhatNobodyPacked() throws {
        let text = Array(String(repeating: "requests haggle blithely; ", count: 20).utf8)
        let packed = try #require(text.withUnsafeBytes { SymbolTable.compress($0) })
        var random = SplitMix64(seed: 9)
        var failures = 0
        for _ in 0..<300 {
            var broken = packed
            for _ in 0...random.next() % 3 {
                broken[Int(random.next() % UInt64(broken.count))] = UInt8(truncatingIfNeeded: random.next())
            }
            if random.next() % 3 == 0 { broken.removeLast(Int(random.next() % UInt64(broken.count))) }
            var target = [UInt8](repeating: 0, count: text.count)
            do {
                try target.withUnsafeMutableBytes { target in
                    try broken.withUnsafeBytes { stored in try SymbolTable.decompress(stored, into: target) }
                }
            } catch let error as SQLError {
                #expect(error.state == .dataCorrupted)
                failures += 1
            }
        }
        #expect(failures > 100)
    }
}
