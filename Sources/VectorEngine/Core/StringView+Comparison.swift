#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

extension StringView {
    /// The same string without trailing blanks.
    @inlinable
    package var trimmed: StringView {
        let count = trimmedCount
        return count == self.count ? self : StringView(bytes.baseAddress, count: count)
    }

    /// Byte by byte, blanks included: equality of trimmed views is SQL's.
    package func hasSameBytes(as other: StringView) -> Bool {
        guard count == other.count, prefix == other.prefix else { return false }
        guard count > 4, let left = bytes.baseAddress, let right = other.bytes.baseAddress else { return true }
        return left == right || memcmp(left, right, count) == 0
    }

    /// Negative, 0 or positive, byte by byte as unsigned, a shorter string before its continuations: the order of
    /// trimmed views is SQL's.
    package func compared(to other: StringView) -> Int {
        if prefix != other.prefix { return prefix < other.prefix ? -1 : 1 }
        let common = Swift.min(count, other.count)
        if common > 0, let left = bytes.baseAddress, let right = other.bytes.baseAddress {
            let order = memcmp(left, right, common)
            if order != 0 { return Int(order) }
        }
        return count - other.count
    }
}
