#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

func binaryLogarithm(_ value: Double) -> Double { log2(value) }

/// Bytes of stack that the calling thread has left, as far as the system tells: on Linux what a thread is given by
/// default, which Dispatch does not change.
func stackBytesLeft(below address: UInt) -> UInt {
    #if canImport(Darwin)
    let top = UInt(bitPattern: pthread_get_stackaddr_np(pthread_self()))
    let size = UInt(pthread_get_stacksize_np(pthread_self()))
    return address < top && top - address < size ? size - (top - address) : 0
    #else
    var limit = rlimit()
    let unlimitedDefault: UInt = 2 << 20
    guard getrlimit(__rlimit_resource_t(RLIMIT_STACK.rawValue), &limit) == 0 else { return unlimitedDefault }
    return limit.rlim_cur > 1 << 30 ? unlimitedDefault : UInt(limit.rlim_cur)
    #endif
}
