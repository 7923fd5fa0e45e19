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
