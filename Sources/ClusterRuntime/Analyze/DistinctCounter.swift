/// Estimates how many different values it was shown, in 4 KB, within about 2 %: a HyperLogLog with 4,096 registers.
/// Counters of several slices merge into that of all rows.
/// - Source: Flajolet, Fusy, Gandouet, Meunier, "HyperLogLog: the analysis of a near-optimal cardinality estimation
///   algorithm", AofA 2007; linear counting for small numbers as proposed there.
struct DistinctCounter: Sendable {
    private static let indexBits = 12
    private static let registerCount = 1 << indexBits
    private var registers = [UInt8](repeating: 0, count: registerCount)

    /// `hash` must be well mixed in all its bits.
    mutating func add(hash: UInt64) {
        let index = Int(hash >> UInt64(64 - DistinctCounter.indexBits))
        let rest = hash << UInt64(DistinctCounter.indexBits)
        let rank = UInt8(min(rest.leadingZeroBitCount, 64 - DistinctCounter.indexBits) + 1)
        if rank > registers[index] { registers[index] = rank }
    }

    mutating func merge(_ other: DistinctCounter) {
        for index in registers.indices { registers[index] = max(registers[index], other.registers[index]) }
    }

    var estimate: Double {
        let count = Double(DistinctCounter.registerCount)
        var sum = 0.0
        var empty = 0
        for register in registers {
            sum += 1 / Double(UInt64(1) << UInt64(register))
            if register == 0 { empty += 1 }
        }
        let raw = 0.7213 / (1 + 1.079 / count) * count * count / sum
        guard raw <= 2.5 * count, empty > 0 else { return raw }
        return count * logarithm(count / Double(empty))
    }
}
