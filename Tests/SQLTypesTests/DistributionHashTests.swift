import SQLTypes
import Testing

struct DistributionHashTests {
    private func hash(_ text: String) -> UInt64 { DistributionHash.hash(string: Array(text.utf8).span) }

    /// These numbers are the storage format: rows on disk lie where they say. If one changes, `version` must.
    @Test func goldenValues() {
        #expect(DistributionHash.version == 1)
        let integers: [(Int64, UInt64)] = [
            (0, 0xFD4D_B4A0_5701_1815),
            (1, 0x9FB6_10D7_864F_0D41),
            (-1, 0x76C2_99CC_DC27_3B75),
            (42, 0xA416_1CC2_AC05_60C6),
            (.max, 0xC924_FC86_656F_1226),
            (.min, 0x7191_E2A5_0DB6_4445),
        ]
        let wide: [(Int128, UInt64)] = [
            (1 << 64, 0xD739_E660_1647_487E),
            (-1 << 100, 0x8AD5_C5EE_0FD4_20DC),
            (PowersOfTen.int128[38] - 1, 0x7E6C_B049_F8A2_DF2F),
        ]
        let doubles: [(Double, UInt64)] = [
            (0.0, 0xB800_BD6C_0247_2607),
            (1.0, 0x583D_B7C1_C274_A862),
            (-2.5, 0xCF93_0295_7D1D_83F8),
            (1e+300, 0x7222_C003_7A4A_86A4),
            (.nan, 0x86D3_12C3_12A6_EDE9),
        ]
        let strings: [(String, UInt64)] = [
            ("", 0x05F8_0708_ADB6_C5A9),
            ("a", 0xB58C_3AED_015E_6958),
            ("abcdefgh", 0x6007_8D05_41CD_2850),
            ("Customer#000000001", 0x675F_3FB3_05B3_464B),
            ("éèà", 0x52B3_35FA_9B44_3E50),
        ]
        for (value, expected) in integers { #expect(DistributionHash.hash(value) == expected) }
        for (value, expected) in wide { #expect(DistributionHash.hash(value) == expected) }
        for (value, expected) in doubles { #expect(DistributionHash.hash(value) == expected) }
        for (value, expected) in strings { #expect(hash(value) == expected) }
        #expect(DistributionHash.null == 0x6E75_6C6C_2062_6C75)
    }

    @Test func whatHashesAlike() {
        #expect(DistributionHash.hash(Int128(-5)) == DistributionHash.hash(Int64(-5)))
        #expect(DistributionHash.hash(Int128(Int64.max) + 1) != DistributionHash.hash(Int64.min))
        #expect(DistributionHash.hash(-0.0) == DistributionHash.hash(0.0))
        #expect(DistributionHash.hash(Double.nan) == DistributionHash.hash(-Double.signalingNaN))
        #expect(DistributionHash.hash(Float(1.5)) == DistributionHash.hash(1.5))
        #expect(hash("abc") == hash("abc    "))
        #expect(hash("") == hash("   "))
        #expect(hash("a") != hash("a\0"))
        #expect(hash("abcdefgh") != hash("abcdefgi"))
    }

    @Test func valuesAgreeWithKernels() {
        #expect(DistributionHash.hash(.null, as: .integer) == DistributionHash.null)
        #expect(DistributionHash.hash(.integer(7), as: .smallint) == DistributionHash.hash(Int64(7)))
        #expect(DistributionHash.hash(.date(7), as: .date) == DistributionHash.hash(Int64(7)))
        #expect(DistributionHash.hash(.boolean(true), as: .boolean) == DistributionHash.hash(Int64(1)))
        #expect(DistributionHash.hash(SQLValue("x "), as: .char(length: 5)) == hash("x"))
        let type = SQLType.decimal(precision: 10, scale: 2)
        #expect(DistributionHash.hash(.decimal(decimal("1.5")), as: type) == DistributionHash.hash(Int64(150)))
        #expect(
            DistributionHash.hash(.varbyte([32]), as: .varbyte(length: 1))
                != DistributionHash.hash(bytes: [UInt8]().span))
    }

    /// Keys as warehouses have them, counted over 64 ranges of the upper 16 bits: χ² with 63 degrees of freedom is
    /// below 120 but once in 10⁵ tries, and the keys are fixed.
    @Test(arguments: ["sequence", "multiples", "dates", "text", "doubles", "wide"])
    func spreadsEvenly(keys: String) {
        var counts = [Int](repeating: 0, count: 64)
        let keyCount = 16_384
        for index in 0..<keyCount {
            let hash =
                switch keys {
                case "sequence": DistributionHash.hash(Int64(index))
                case "multiples": DistributionHash.hash(Int64(index) << 32)
                case "dates": DistributionHash.hash(Int64(index) * TimeOfDay.microsecondsPerDay)
                case "text": self.hash("Customer#\(String(repeating: "0", count: 5))\(index)")
                case "doubles": DistributionHash.hash(Double(index))
                default: DistributionHash.hash(Int128(index) << 70)
                }
            counts[Int(hash >> 48) / 1_024] += 1
        }
        let expected = Double(keyCount) / 64
        let chiSquare = counts.reduce(0.0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
        #expect(chiSquare < 120)
    }

    /// Flipping one input bit flips about half of the upper 16 bits.
    @Test func avalanche() {
        var random = SplitMix64(seed: 11)
        for bit in 0..<64 {
            var flipped = 0
            for _ in 0..<64 {
                let value = Int64(bitPattern: random.next())
                let other = value ^ (1 << Int64(bit))
                flipped += ((DistributionHash.hash(value) ^ DistributionHash.hash(other)) >> 48).nonzeroBitCount
            }
            #expect((430...594).contains(flipped), "bit \(bit): \(flipped) of 1024")
        }
    }

    @Test func splitMixIsFixed() {
        var random = SplitMix64(seed: 1_234_567)
        #expect(random.next() == 6_457_827_717_110_365_317)
        #expect(random.next() == 3_203_168_211_198_807_973)
        for _ in 0..<1_000 {
            #expect((0..<7).contains(random.below(7)))
            #expect((-3...3).contains(random.int64(in: -3...3)))
            #expect((0..<1).contains(random.unitDouble()))
        }
        _ = random.int64(in: .min ... .max)
    }
}
