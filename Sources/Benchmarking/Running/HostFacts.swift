/// Where the figures were measured, as far as it bears on them.
package struct HostFacts: Hashable, Sendable, Codable {
    package var cpu: String
    /// Cores that threads may run on.
    package var cores: Int
    package var memoryBytes: Int64
    package var kernel: String
    /// Of core 0: `performance`, `schedutil`; nil where it cannot be read, as in most virtual machines.
    package var governor: String?
    /// 1, 5 and 15 minutes, when the run began.
    package var loadAverages: [Double]?
    package var swift: String
    package var isDebugBuild: Bool
    /// Of the source tree that the program was built from, where the one who runs it knows it.
    package var commit: String?

    package static func current(commit: String? = nil) -> HostFacts {
        HostFacts(
            cpu: cpuModel(inCPUInfo: Platform.smallFile("/proc/cpuinfo") ?? "") ?? "unknown", cores: Platform.coreCount,
            memoryBytes: Platform.physicalMemoryBytes, kernel: Platform.kernel,
            governor: Platform.smallFile("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor").map(firstLine),
            loadAverages: Platform.loadAverages, swift: swiftVersion, isDebugBuild: isDebugBuild, commit: commit)
    }

    /// The first `model name` (x86) or, on arm64, what stands for one.
    static func cpuModel(inCPUInfo text: String) -> String? {
        for key in ["model name", "Model", "CPU implementer"] {
            for line in text.split(separator: "\n") where line.hasPrefix(key) {
                guard let colon = line.firstIndex(of: ":") else { continue }
                return String(line[line.index(after: colon)...].drop { $0 == " " })
            }
        }
        return nil
    }

    private static func firstLine(_ text: String) -> String { String(text.prefix { !$0.isNewline }) }

    private static var swiftVersion: String {
        #if compiler(>=6.4)
        "6.4 or later"
        #elseif compiler(>=6.3)
        "6.3"
        #else
        "6.2"
        #endif
    }

    package static var isDebugBuild: Bool {
        // An assertion is evaluated in debug builds only.
        var isDebug = false
        assert(
            {
                isDebug = true
                return true
            }())
        return isDebug
    }
}
