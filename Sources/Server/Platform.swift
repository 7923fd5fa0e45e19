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
