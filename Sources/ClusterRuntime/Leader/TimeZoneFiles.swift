import SQLTypes
import Synchronization

/// The zones of the system's IANA database by name, in any case: `us/pacific`. Each file is read once.
///
/// Any task may ask: what is known lies behind a lock that is held without waiting for a file.
final class TimeZoneFiles: Sendable {
    static let system = TimeZoneFiles(directory: "/usr/share/zoneinfo")

    private let directory: String
    /// By name in lower case; a nil zone: there is none of that name.
    private let known = Mutex<[String: SessionTimeZone?]>([:])

    /// The largest file of the database has less than 4 KB.
    private static let byteMaximum = 1 << 16
    /// Names that are not there are remembered too, up to this number.
    private static let knownMaximum = 4_096

    init(directory: String) { self.directory = directory }

    /// - Parameter name: in lower case.
    func zone(named name: String) -> SessionTimeZone? {
        if let zone = known.withLock({ $0[name] }) { return zone }
        let zone = read(name)
        known.withLock { known in
            if known.count < Self.knownMaximum { known[name] = .some(zone) }
        }
        return zone
    }

    private func read(_ name: String) -> SessionTimeZone? {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        guard (1...3).contains(parts.count), name.utf8.count <= 64 else { return nil }
        var path = directory
        var spelled: [String] = []
        for part in parts {
            // Only what the directory lists is opened, so that no name leads out of it.
            guard let entry = Platform.names(inDirectory: path).first(where: { $0.lowercased() == part }) else {
                return nil
            }
            path += "/" + entry
            spelled.append(entry)
        }
        guard let bytes = Platform.contents(ofFile: path, limit: Self.byteMaximum) else { return nil }
        return SessionTimeZone(name: spelled.joined(separator: "/"), tzif: bytes.span)
    }
}

extension DateTimeContext {
    /// UTC, with the system's zones by name.
    static let system = DateTimeContext(namedZone: { TimeZoneFiles.system.zone(named: $0) })
}
