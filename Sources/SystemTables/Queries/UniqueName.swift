import SQLTypes

/// Names in the form of a UUID, made of numbers: the same thing has the same name in all views and after a restart.
enum UniqueName {
    static func text(_ high: UInt64, _ low: UInt64) -> String {
        var name = ""
        for (place, digit) in (hexadecimal(high) + hexadecimal(low)).enumerated() {
            if [8, 12, 16, 20].contains(place) { name += "-" }
            name.append(digit)
        }
        return name
    }

    /// As `query_uuid` has it.
    static func ofQuery(_ number: Int64) -> SQLValue {
        let high = DistributionHash.hash(number)
        return .text(text(high, DistributionHash.mix(high)))
    }

    /// 16 digits.
    private static func hexadecimal(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
