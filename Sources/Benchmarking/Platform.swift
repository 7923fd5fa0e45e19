#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The few facts that this module asks of the C library: elementary functions, the host, files.
enum Platform {
    /// 1, 5 and 15 minutes; nil where it cannot be read.
    static var loadAverages: [Double]? {
        var averages = [Double](repeating: 0, count: 3)
        guard getloadavg(&averages, 3) == 3 else { return nil }
        return averages
    }

    static var coreCount: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

    static var physicalMemoryBytes: Int64 {
        Int64(sysconf(Int32(_SC_PHYS_PAGES))) * Int64(sysconf(Int32(_SC_PAGESIZE)))
    }

    /// `Linux 6.1.0 x86_64`.
    static var kernel: String {
        var name = utsname()
        guard uname(&name) == 0 else { return "unknown" }
        return [text(name.sysname), text(name.release), text(name.machine)].joined(separator: " ")
    }

    /// A field of a C struct, which Swift sees as a tuple of characters.
    private static func text<Field>(_ field: Field) -> String {
        withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    /// A small text file of /proc or /sys, which tell no size; nil if it cannot be read.
    static func smallFile(_ path: String) -> String? {
        guard let file = fopen(path, "rb") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 256 << 10)
        let count = fread(&bytes, 1, bytes.count, file)
        return ferror(file) == 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
    }

    static var secondsSince1970: Int64 { Int64(time(nil)) }

    /// The text of the C library's last error.
    static var lastError: String { String(cString: strerror(errno)) }
}

func logarithm(_ value: Double) -> Double { log(value) }
func exponential(_ value: Double) -> Double { exp(value) }
func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }
func logarithm10(_ value: Double) -> Double { log10(value) }

/// Another program, with pipes to its standard input and from its standard output. Its calls block. It is told to end
/// (by the end of its input) and waited for when this is released.
final class ChildProcess {
    private let process: pid_t
    private let input: UnsafeMutablePointer<FILE>
    private let output: UnsafeMutablePointer<FILE>

    /// - Parameter arguments: the program, as a path or a name to look for on the path, and what it is called with.
    init(_ arguments: [String]) throws(BenchmarkError) {
        // A program that has died must be an error of ours, not a signal.
        signal(SIGPIPE, SIG_IGN)
        var toChild: [Int32] = [0, 0]
        var fromChild: [Int32] = [0, 0]
        guard pipe(&toChild) == 0 else { throw BenchmarkError("no pipe: \(Platform.lastError)") }
        guard pipe(&fromChild) == 0 else {
            let reason = Platform.lastError
            for end in toChild { close(end) }
            throw BenchmarkError("no pipe: \(reason)")
        }
        // Our ends are not for this child, nor for another one.
        for end in [toChild[1], fromChild[0]] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let status: Int32
        (status, process) = ChildProcess.spawn(arguments, input: toChild[0], output: fromChild[1])
        close(toChild[0])
        close(fromChild[1])
        guard status == 0, let input = fdopen(toChild[1], "w"), let output = fdopen(fromChild[0], "r") else {
            close(toChild[1])
            close(fromChild[0])
            throw BenchmarkError("cannot run \(arguments[0]): \(String(cString: strerror(status)))")
        }
        self.input = input
        self.output = output
    }

    deinit {
        fclose(input)
        fclose(output)
        var status: Int32 = 0
        waitpid(process, &status, 0)
    }

    private static func spawn(_ arguments: [String], input: Int32, output: Int32) -> (Int32, pid_t) {
        #if canImport(Darwin)
        var actions: posix_spawn_file_actions_t?
        #else
        var actions = posix_spawn_file_actions_t()
        #endif
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_addclose(&actions, input)
        posix_spawn_file_actions_addclose(&actions, output)
        var words = arguments.map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var process: pid_t = 0
        return (posix_spawnp(&process, arguments[0], &actions, nil, &words, environ), process)
    }

    /// False if the program has closed its input.
    func write(_ bytes: [UInt8]) -> Bool {
        fwrite(bytes, 1, bytes.count, input) == bytes.count && fflush(input) == 0
    }

    /// Without waiting for more than one line; nil at the end.
    func readLine() -> [UInt8]? {
        var buffer: UnsafeMutablePointer<CChar>?
        var capacity = 0
        defer { free(buffer) }
        let count = getline(&buffer, &capacity, output)
        guard count > 0, let buffer else { return nil }
        return UnsafeRawBufferPointer(start: buffer, count: count).map(\.self)
    }
}
