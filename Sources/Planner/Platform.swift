#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

func binaryLogarithm(_ value: Double) -> Double { log2(value) }
