#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What the C library does better or alone.
enum Platform {
    /// Negative, 0 or positive: the order of the first `count` bytes, as unsigned.
    @inline(__always)
    static func compareBytes(_ left: UnsafePointer<UInt8>, _ right: UnsafePointer<UInt8>, _ count: Int) -> Int {
        Int(memcmp(left, right, count))
    }

    /// The first occurrence of `byte`; nil if there is none.
    @inline(__always)
    static func firstIndex(of byte: UInt8, in bytes: UnsafePointer<UInt8>, count: Int) -> Int? {
        guard count > 0, let found = memchr(bytes, Int32(byte), count) else { return nil }
        return UnsafeRawPointer(found) - UnsafeRawPointer(bytes)
    }

    /// Fresh memory, all zeros, `byteCount` a multiple of the page size; nil if the system refuses it.
    /// - Parameter isReserved: false: the pages are not promised; using them may fail when there are none left.
    static func map(byteCount: Int, usesHugePages: Bool, isReserved: Bool = true) -> UnsafeMutableRawPointer? {
        #if os(Linux)
        let flags = MAP_PRIVATE | MAP_ANONYMOUS | (isReserved ? 0 : MAP_NORESERVE)
        #else
        let flags = MAP_PRIVATE | MAP_ANONYMOUS
        #endif
        guard let memory = mmap(nil, byteCount, PROT_READ | PROT_WRITE, flags, -1, 0), memory != MAP_FAILED else {
            return nil
        }
        #if os(Linux)
        // Advice only: without huge pages it works as well.
        if usesHugePages { _ = madvise(memory, byteCount, MADV_HUGEPAGE) }
        #endif
        return memory
    }

    #if canImport(Glibc)
    /// `mremap`, whose further arguments keep it from being imported; without MREMAP_FIXED it looks at none.
    private typealias MoveMapping =
        @convention(c) (UnsafeMutableRawPointer?, Int, Int, Int32) -> UnsafeMutableRawPointer?
    /// MREMAP_MAYMOVE, of `linux/mman.h`.
    private static let mayMove: Int32 = 1
    private static let moveMapping: MoveMapping? = dlsym(nil, "mremap").map {
        unsafeBitCast($0, to: MoveMapping.self)
    }
    #endif

    /// Maps the pages of a piece elsewhere, with fresh ones after them; nil, and nothing done, if the system cannot.
    static func remap(
        _ memory: UnsafeMutableRawPointer, byteCount: Int, to newByteCount: Int
    ) -> UnsafeMutableRawPointer? {
        #if canImport(Glibc)
        guard let moved = moveMapping?(memory, byteCount, newByteCount, mayMove), moved != MAP_FAILED
        else { return nil }
        _ = madvise(moved, newByteCount, MADV_HUGEPAGE)
        return moved
        #else
        return nil
        #endif
    }

    /// The pages go back to the system; the addresses stay mapped, to zeros.
    static func discard(_ memory: UnsafeMutableRawPointer, byteCount: Int) { madvise(memory, byteCount, MADV_DONTNEED) }

    static func unmap(_ memory: UnsafeMutableRawPointer, byteCount: Int) { munmap(memory, byteCount) }

    static func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }
    static func exponential(_ value: Double) -> Double { exp(value) }
    static func naturalLogarithm(_ value: Double) -> Double { log(value) }
    static func decimalLogarithm(_ value: Double) -> Double { log10(value) }
    static func cubeRoot(_ value: Double) -> Double { cbrt(value) }
    static func sine(_ value: Double) -> Double { sin(value) }
    static func cosine(_ value: Double) -> Double { cos(value) }
    static func tangent(_ value: Double) -> Double { tan(value) }
    static func arcSine(_ value: Double) -> Double { asin(value) }
    static func arcCosine(_ value: Double) -> Double { acos(value) }
    static func arcTangent(_ value: Double) -> Double { atan(value) }
    static func arcTangent(_ y: Double, _ x: Double) -> Double { atan2(y, x) }
}

/// A pointer that each thread has its own of; nil at first.
package struct ThreadSlot: Sendable {
    private let key: pthread_key_t

    /// - Parameter atEnd: gets the pointer of a thread that ends.
    /// - Returns: nil if the system has no slot left.
    package init?(atEnd: @convention(c) (UnsafeMutableRawPointer) -> Void) {
        var key = pthread_key_t()
        #if canImport(Darwin)
            guard pthread_key_create(&key, atEnd) == 0 else { return nil }
        #else
            // Of no other pointer than one that was set.
            let ending = unsafeBitCast(atEnd, to: (@convention(c) (UnsafeMutableRawPointer?) -> Void).self)
            guard pthread_key_create(&key, ending) == 0 else { return nil }
        #endif
        self.key = key
    }

    @inline(__always)
    package var value: UnsafeMutableRawPointer? { pthread_getspecific(key) }

    /// False: there is no memory for it.
    package func set(_ value: UnsafeMutableRawPointer) -> Bool { pthread_setspecific(key, value) == 0 }
}
