#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The few facts that this module asks of the machine and its clock.
enum Platform {
    /// Cores that threads may run on, at least 1.
    static var coreCount: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

    static var physicalMemoryBytes: Int {
        let pages = sysconf(Int32(_SC_PHYS_PAGES))
        let pageBytes = sysconf(Int32(_SC_PAGESIZE))
        guard pages > 0, pageBytes > 0 else { return 4 << 30 }
        return pages * pageBytes
    }

    /// Wall clock: microseconds since 2000-01-01 00:00:00 UTC, as TIMESTAMP counts.
    static var timestampNow: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        let secondsTo2000: Int64 = 946_684_800
        return (Int64(time.tv_sec) - secondsTo2000) * 1_000_000 + Int64(time.tv_nsec) / 1_000
    }

    /// All bytes of a file; nil if it cannot be read or has more than `limit`.
    static func contents(ofFile path: String, limit: Int) -> [UInt8]? {
        guard let file = fopen(path, "rb") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: limit + 1)
        let count = fread(&bytes, 1, bytes.count, file)
        guard ferror(file) == 0, count <= limit else { return nil }
        return Array(bytes.prefix(count))
    }

    /// Names in a directory; empty if it cannot be read.
    static func names(inDirectory path: String) -> [String] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { field in
                field.withMemoryRebound(to: CChar.self, capacity: 1) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}

/// To base e.
func logarithm(_ value: Double) -> Double { log(value) }

func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }

/// Which cores threads may run on. The calls are looked up by name: C declares them for GNU sources only, which Swift's are
/// not.
struct CoreAffinity: Sendable {
    #if os(Linux)
        private typealias Call = @convention(c) (Int32, Int, UnsafeRawPointer) -> Int32
        private let setCall: Call
        private let currentCall: @convention(c) () -> Int32
        /// The kernel's `cpu_set_t`: a bit for each core.
        private typealias Cores = [UInt64]
        private static let wordCount = 1_024 / 64
        private let all: Cores

        /// nil: the system has no such calls.
        init?() {
            guard let get = dlsym(nil, "sched_getaffinity"), let set = dlsym(nil, "sched_setaffinity"),
                let current = dlsym(nil, "sched_getcpu")
            else { return nil }
            setCall = unsafeBitCast(set, to: Call.self)
            currentCall = unsafeBitCast(current, to: (@convention(c) () -> Int32).self)
            var all = Cores(repeating: 0, count: CoreAffinity.wordCount)
            typealias Question = @convention(c) (Int32, Int, UnsafeMutableRawPointer) -> Int32
            guard unsafeBitCast(get, to: Question.self)(0, all.count * 8, &all) == 0 else { return nil }
            self.all = all
        }

        /// The cores that this process may use, by number.
        var cores: [Int] { (0..<all.count * 64).filter { all[$0 / 64] >> UInt64($0 % 64) & 1 != 0 } }

        /// Where the calling thread runs at this moment.
        var current: Int { Int(currentCall()) }

        /// The calling thread, and threads that it makes, run on this core only; without effect if the system refuses.
        func stay(on core: Int) {
            withUnsafeTemporaryAllocation(of: UInt64.self, capacity: CoreAffinity.wordCount) { set in
                set.initialize(repeating: 0)
                guard core >= 0, core / 64 < set.count, let start = set.baseAddress else { return }
                set[core / 64] = 1 << UInt64(core % 64)
                _ = setCall(0, set.count * 8, start)
            }
        }

        /// The calling thread runs on any of `cores` again.
        func roam() { _ = setCall(0, all.count * 8, all) }
    #else
        let cores: [Int] = []
        let current = -1
        init?() { nil }
        func stay(on core: Int) {}
        func roam() {}
    #endif
}
