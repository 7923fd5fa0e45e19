#if Server
import SQLTypes

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What the operating system is asked for.
enum Platform {
    /// Of the wall clock.
    static var secondsSince2000: Int64 { Int64(time(nil)) - TimeOfDay.secondsFromUnixEpoch }

    /// Of the wall clock, to the second: `2026-11-22T21:00:00Z`.
    static var timestamp: String {
        var text: [UInt8] = []
        TextWriter.append(timestamp: secondsSince2000 * TimeOfDay.microsecondsPerSecond, to: &text)
        return String(decoding: text, as: UTF8.self).replacing(" ", with: "T") + "Z"
    }

    /// One write, so that lines of several threads do not mix.
    static func writeToStandardError(_ text: String) {
        // Nobody can be told if this fails.
        _ = text.utf8.withContiguousStorageIfAvailable { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }

    /// How soon a client whose machine is gone is noticed, as options of TCP: after two minutes of silence it is asked
    /// four times, every half minute.
    static var keepAlive: [(option: Int32, value: Int32)] {
        #if os(Linux)
        [(TCP_KEEPIDLE, 120), (TCP_KEEPINTVL, 30), (TCP_KEEPCNT, 4)]
        #else
        []
        #endif
    }

    static func fileExists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// Makes the file, or replaces what it holds.
    static func writeFile(_ path: String, _ bytes: [UInt8], mode: UInt32) throws(SQLError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode_t(mode))
        guard descriptor >= 0 else { throw failure(path) }
        defer { close(descriptor) }
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { throw failure(path) }
            written += count
        }
    }

    private static func failure(_ path: String) -> SQLError {
        SQLError(.ioError, "cannot write \(path)", detail: String(cString: strerror(errno)))
    }
}
#endif
