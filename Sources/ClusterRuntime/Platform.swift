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
