import SQLTypes

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The few system calls of this module, with errors as values. Paths are plain strings without NUL.
enum Platform {
    /// An errno.
    struct Failure: Error {
        let code: Int32
        /// Also for a symbolic link where a folder should be.
        static var notAFolder: Failure { Failure(code: ENOTDIR) }
    }

    struct FileStatus {
        let isDirectory: Bool
        let isRegular: Bool
        let isSymbolicLink: Bool
        let sizeBytes: Int
    }

    /// Microseconds since 2000-01-01 00:00:00 UTC, as TIMESTAMP counts.
    static var timestampNow: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        let secondsTo2000: Int64 = 946_684_800
        return (Int64(time.tv_sec) - secondsTo2000) * 1_000_000 + Int64(time.tv_nsec) / 1_000
    }

    /// For intervals.
    static var monotonicNs: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    static func reason(_ failure: Failure) -> String { String(cString: strerror(failure.code)) }
    static func isMissing(_ failure: Failure) -> Bool { failure.code == ENOENT || failure.code == ENOTDIR }

    /// - Parameter followsLink: what a symbolic link at the end of the path leads to, not the link itself.
    static func status(of path: String, followsLink: Bool = false) throws(Failure) -> FileStatus {
        var status = stat()
        guard (followsLink ? stat(path, &status) : lstat(path, &status)) == 0 else { throw Failure(code: errno) }
        let kind = status.st_mode & S_IFMT
        return FileStatus(
            isDirectory: kind == S_IFDIR, isRegular: kind == S_IFREG, isSymbolicLink: kind == S_IFLNK,
            sizeBytes: Int(status.st_size))
    }

    /// - Parameter followsLink: false: a symbolic link at the end of the path is refused.
    static func openForReading(_ path: String, followsLink: Bool = false) throws(Failure) -> Int32 {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | (followsLink ? 0 : O_NOFOLLOW))
        guard descriptor >= 0 else { throw Failure(code: errno) }
        return descriptor
    }

    static func createForWriting(_ path: String) throws(Failure) -> Int32 {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard descriptor >= 0 else { throw Failure(code: errno) }
        return descriptor
    }

    static func closeFile(_ descriptor: Int32) { _ = close(descriptor) }

    static func read(_ descriptor: Int32, at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(Failure)
        -> Int
    {
        while true {
            let count = pread(descriptor, buffer.baseAddress, buffer.count, off_t(offset))
            if count >= 0 { return count }
            if errno != EINTR { throw Failure(code: errno) }
        }
    }

    static func writeAll(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) throws(Failure) {
        var rest = bytes
        while !rest.isEmpty {
            let count = write(descriptor, rest.baseAddress, rest.count)
            if count > 0 {
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            } else if count < 0, errno != EINTR {
                throw Failure(code: errno)
            }
        }
    }

    static func sync(_ descriptor: Int32) throws(Failure) {
        guard fsync(descriptor) == 0 else { throw Failure(code: errno) }
    }

    static func rename(_ from: String, to target: String) throws(Failure) {
        #if canImport(Glibc)
        let result = Glibc.rename(from, target)
        #elseif canImport(Musl)
        let result = Musl.rename(from, target)
        #else
        let result = Darwin.rename(from, target)
        #endif
        guard result == 0 else { throw Failure(code: errno) }
    }

    static func remove(_ path: String) throws(Failure) {
        guard unlink(path) == 0 else { throw Failure(code: errno) }
    }

    /// Is content with a directory that is there.
    static func makeDirectory(_ path: String) throws(Failure) {
        guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw Failure(code: errno) }
    }

    /// Names without `.` and `..`, in no particular order; names that are not UTF-8 are left out.
    static func entries(of directory: String) throws(Failure) -> [String] {
        guard let stream = opendir(directory) else { throw Failure(code: errno) }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { field in
                field.withMemoryRebound(to: CChar.self, capacity: 256) { String(validatingCString: $0) }
            }
            if let name, name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    static func processID() -> Int32 { getpid() }
}
