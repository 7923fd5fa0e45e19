import SQLTypes

/// Names of AWS regions: `us-west-2`, `us-gov-east-1`. The form is checked, not a list, which grows by some each year.
enum RegionName {
    private static let directions: Set<String> = [
        "north", "northeast", "east", "southeast", "south", "southwest", "west", "northwest", "central",
    ]
    /// Parts of the world, of which some have parts of their own.
    private static let partitions: Set<String> = ["gov", "iso", "isob", "isoe", "isof"]

    static func check(_ name: String) throws(SQLError) {
        guard isRegion(name) else {
            throw SQLError(
                .invalidParameterValue, "Invalid region '\(name)'", hint: "For instance REGION 'us-west-2'.")
        }
    }

    private static func isRegion(_ name: String) -> Bool {
        var parts = name.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        guard parts.count >= 3, let area = parts.first, area.utf8.count == 2, area.utf8.allSatisfy(isLetter) else {
            return false
        }
        parts.removeFirst()
        if parts.count == 3, partitions.contains(parts[0]) { parts.removeFirst() }
        return parts.count == 2 && directions.contains(parts[0]) && (1...2).contains(parts[1].utf8.count)
            && parts[1].utf8.allSatisfy(isDigit) && parts[1].first != "0"
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
