/// A small seeded generator for data generators and tests: the same seed gives the same sequence on every platform
/// and in every version, which `SystemRandomNumberGenerator` and `shuffled()` of the standard library do not promise.
/// - Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
package struct SplitMix64: RandomNumberGenerator, Sendable {
    package var state: UInt64

    @inlinable
    package init(seed: UInt64) { state = seed }

    @inlinable
    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number below `bound`, which must be positive. By multiplication: one value in 2⁶⁴ / `bound` is favoured by one
    /// part in 2⁶⁴ / `bound`, which no test of ours can see, and the sequence stays ours to define.
    @inlinable
    package mutating func below(_ bound: Int) -> Int {
        precondition(bound > 0, "a random number below \(bound)")
        return Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// Both ends included.
    @inlinable
    package mutating func int64(in range: ClosedRange<Int64>) -> Int64 {
        let span = UInt64(bitPattern: range.upperBound &- range.lowerBound)
        guard span < .max else { return Int64(bitPattern: next()) }
        return range.lowerBound &+ Int64(bitPattern: next().multipliedFullWidth(by: span + 1).high)
    }

    /// 0 included, 1 excluded; 53 bits.
    @inlinable
    package mutating func unitDouble() -> Double { Double(next() >> 11) * 0x1p-53 }
}
