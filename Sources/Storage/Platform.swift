#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The system calls that this module needs, with `errno` as part of the result. Interrupted calls are repeated.
enum Platform {
    struct Failure: Error {
        let code: Int32
        var isNoEntry: Bool { code == ENOENT }
        var isFull: Bool { code == ENOSPC || code == EDQUOT }
        var isExisting: Bool { code == EEXIST }
        var isLocked: Bool { code == EWOULDBLOCK }
        var text: String { strerror(code).map { String(cString: $0) } ?? "error \(code)" }
    }

    enum OpenMode { case readOnly, readWrite, createReadWrite, createNewReadWrite }

    static func open(_ path: String, _ mode: OpenMode) throws(Failure) -> Int32 {
        let flags =
            switch mode {
            case .readOnly: O_RDONLY | O_CLOEXEC
            case .readWrite: O_RDWR | O_CLOEXEC
            case .createReadWrite: O_RDWR | O_CREAT | O_CLOEXEC
            case .createNewReadWrite: O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC
            }
        while true {
            #if canImport(Glibc)
            let descriptor = Glibc.open(path, flags, 0o600)
            #else
            let descriptor = Darwin.open(path, flags, 0o600)
            #endif
            if descriptor >= 0 { return descriptor }
            if errno != EINTR { throw Failure(code: errno) }
        }
    }

    static func close(_ descriptor: Int32) {
        // What had to be durable was synced before, with its errors looked at; closing has none of interest.
        #if canImport(Glibc)
        _ = Glibc.close(descriptor)
        #else
        _ = Darwin.close(descriptor)
        #endif
    }

    /// Fewer bytes than asked for only at the end of the file.
    static func read(_ descriptor: Int32, at offset: Int64, into target: UnsafeMutableRawBufferPointer) throws(Failure)
        -> Int
    {
        var done = 0
        while done < target.count {
            let count = pread(
                descriptor, target.baseAddress.map { $0 + done }, target.count - done, off_t(offset) + off_t(done))
            if count == 0 { break }
            if count > 0 { done += count } else if errno != EINTR { throw Failure(code: errno) }
        }
        return done
    }

    static func write(_ descriptor: Int32, at offset: Int64, _ source: UnsafeRawBufferPointer) throws(Failure) {
        var done = 0
        while done < source.count {
            let count = pwrite(
                descriptor, source.baseAddress.map { $0 + done }, source.count - done, off_t(offset) + off_t(done))
            if count >= 0 { done += count } else if errno != EINTR { throw Failure(code: errno) }
        }
    }

    static func write(_ descriptor: Int32, at offset: Int64, _ source: [UInt8]) throws(Failure) {
        let result = source.withUnsafeBytes { bytes in
            Result { () throws(Failure) in try write(descriptor, at: offset, bytes) }
        }
        try result.get()
    }

    static func truncate(_ descriptor: Int32, to size: Int64) throws(Failure) {
        while ftruncate(descriptor, off_t(size)) != 0 {
            if errno != EINTR { throw Failure(code: errno) }
        }
    }

    /// Until the disk has it: on Darwin `fsync` alone leaves data in the disk's cache.
    static func sync(_ descriptor: Int32) throws(Failure) {
        #if canImport(Darwin)
        if fcntl(descriptor, F_FULLFSYNC) == 0 { return }
        #endif
        while fsync(descriptor) != 0 {
            if errno != EINTR { throw Failure(code: errno) }
        }
    }

    static func size(_ path: String) throws(Failure) -> Int64 {
        var information = stat()
        guard stat(path, &information) == 0 else { throw Failure(code: errno) }
        return Int64(information.st_size)
    }

    /// That an ordinary user may still write to the file system of the path; nil: the system does not say.
    static func freeBytes(_ path: String) -> Int64? {
        var information = statvfs()
        guard statvfs(path, &information) == 0 else { return nil }
        let (bytes, overflow) = Int64(clamping: information.f_bavail).multipliedReportingOverflow(
            by: Int64(clamping: information.f_frsize))
        return overflow ? nil : bytes
    }

    static func rename(_ from: String, to: String) throws(Failure) {
        #if canImport(Glibc)
        let result = Glibc.rename(from, to)
        #else
        let result = Darwin.rename(from, to)
        #endif
        if result != 0 { throw Failure(code: errno) }
    }

    static func unlink(_ path: String) throws(Failure) {
        #if canImport(Glibc)
        let result = Glibc.unlink(path)
        #else
        let result = Darwin.unlink(path)
        #endif
        if result != 0 { throw Failure(code: errno) }
    }

    /// For its owner alone: verifiers of passwords are in there, which some ways to log in take for the password.
    static func makeDirectory(_ path: String, isPrivate: Bool = true) throws(Failure) {
        if mkdir(path, isPrivate ? 0o700 : 0o755) != 0 { throw Failure(code: errno) }
    }

    /// Takes from all others what they may do with a directory that is there.
    static func makePrivate(_ path: String) throws(Failure) {
        if chmod(path, 0o700) != 0 { throw Failure(code: errno) }
    }

    struct Access {
        /// The process runs as its owner.
        var isOurs: Bool
        /// Others than the owner may do something with it.
        var isOpen: Bool
        /// Everybody may put files into it, and take away none but his own.
        var isSticky: Bool
    }

    /// nil: there is no such file or directory.
    static func access(_ path: String) throws(Failure) -> Access? {
        var information = stat()
        guard stat(path, &information) == 0 else {
            if errno == ENOENT { return nil }
            throw Failure(code: errno)
        }
        return Access(
            isOurs: information.st_uid == geteuid(), isOpen: information.st_mode & 0o077 != 0,
            isSticky: information.st_mode & 0o1000 != 0)
    }

    /// Names in the directory, without `.` and `..`, in no order.
    static func list(_ path: String) throws(Failure) -> [String] {
        guard let directory = opendir(path) else { throw Failure(code: errno) }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: pointer.pointee)) {
                    String(cString: $0)
                }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }

    /// Without waiting. The lock goes with the descriptor, at the latest when the process ends.
    static func lockExclusively(_ descriptor: Int32) throws(Failure) {
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            if errno != EINTR { throw Failure(code: errno) }
        }
    }

    static var processID: Int32 { getpid() }

    /// `TMPDIR`, or `/tmp`.
    static var temporaryDirectory: String {
        guard let named = getenv("TMPDIR"), named.pointee != 0 else { return "/tmp" }
        return String(cString: named)
    }
}
