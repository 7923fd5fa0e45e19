import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Standard input as chunks of bytes. A thread of its own does the blocking reads: neither the cooperative pool nor a slice's
/// queue ever waits for a person.
func standardInputChunks() -> AsyncStream<[UInt8]> {
    AsyncStream { continuation in
        Thread.detachNewThread {
            var chunk = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = read(STDIN_FILENO, &chunk, chunk.count)
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else { break }
                continuation.yield(Array(chunk[..<count]))
            }
            continuation.finish()
        }
    }
}
