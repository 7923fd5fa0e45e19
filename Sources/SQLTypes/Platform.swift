#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

enum Platform {
    static func sine(_ value: Double) -> Double { sin(value) }

    /// `%.<digits>g` of the C library: correctly rounded from the exact binary value.
    static func shortestGeneral(_ value: Double, significantDigits: Int) -> [UInt8] {
        var buffer = [CChar](repeating: 0, count: 64)
        let length = withVaList([Int32(significantDigits), value]) { arguments in
            vsnprintf(&buffer, buffer.count, "%.*g", arguments)
        }
        return buffer.prefix(max(0, min(Int(length), buffer.count - 1))).map { UInt8(bitPattern: $0) }
    }
}
