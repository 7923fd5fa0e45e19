/// 10ⁿ as exact integers.
package enum PowersOfTen {
    /// 10⁰ … 10¹⁸, all that fit in an Int64.
    package static let int64: [Int64] = powers(count: 19)
    /// 10⁰ … 10³⁸, all that fit in an Int128.
    package static let int128: [Int128] = powers(count: 39)
    /// 10⁰ … 10²², all that a Double holds exactly.
    static let double: [Double] = (0...22).map { exponent in
        var power = 1.0
        for _ in 0..<exponent { power *= 10 }
        return power
    }

    private static func powers<Integer: FixedWidthInteger>(count: Int) -> [Integer] {
        var powers: [Integer] = [1]
        while powers.count < count { powers.append(powers[powers.count - 1] * 10) }
        return powers
    }
}
