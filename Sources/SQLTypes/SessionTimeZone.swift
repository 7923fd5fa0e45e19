/// A time zone: how far local time is ahead of UTC, and when.
public struct SessionTimeZone: Hashable, Sendable {
    /// From `utcSecond` (since 1970-01-01) on, local time is `secondsEast` ahead of UTC.
    struct Transition: Hashable, Sendable {
        var utcSecond: Int64
        var secondsEast: Int32
    }

    public let name: String
    let initialSecondsEast: Int32
    /// Ascending; empty for a fixed offset.
    let transitions: [Transition]

    public static let utc = SessionTimeZone(name: "UTC", secondsEast: 0)

    public init(name: String, secondsEast: Int32) {
        self.name = name
        initialSecondsEast = secondsEast
        transitions = []
    }

    init(name: String, initialSecondsEast: Int32, transitions: [Transition]) {
        self.name = name
        self.initialSecondsEast = initialSecondsEast
        self.transitions = transitions
    }

    /// - Parameter timestamp: microseconds since 2000-01-01 UTC.
    package func secondsEast(atUTC timestamp: Int64) -> Int32 {
        if transitions.isEmpty { return initialSecondsEast }
        return secondsEast(atUnixSecond: SessionTimeZone.unixSecond(timestamp))
    }

    /// - Parameter timestamp: microseconds since 2000-01-01 of the zone's own clock. An hour that does not exist counts
    ///   with the offset before the change, one that comes twice with standard time (PostgreSQL's choice).
    package func secondsEast(atLocal timestamp: Int64) -> Int32 {
        if transitions.isEmpty { return initialSecondsEast }
        let local = SessionTimeZone.unixSecond(timestamp)
        let before = secondsEast(atUnixSecond: local - 86_400)
        let after = secondsEast(atUnixSecond: local + 86_400)
        if before == after { return before }
        let beforeHolds = secondsEast(atUnixSecond: local - Int64(before)) == before
        let afterHolds = secondsEast(atUnixSecond: local - Int64(after)) == after
        if beforeHolds, afterHolds { return min(before, after) }
        return afterHolds ? after : before
    }

    package func local(fromUTC timestamp: Int64) -> Int64 {
        timestamp + Int64(secondsEast(atUTC: timestamp)) * TimeOfDay.microsecondsPerSecond
    }

    package func utc(fromLocal timestamp: Int64) -> Int64 {
        timestamp - Int64(secondsEast(atLocal: timestamp)) * TimeOfDay.microsecondsPerSecond
    }

    private static func unixSecond(_ timestamp: Int64) -> Int64 {
        CivilDate.floorDivide(timestamp, TimeOfDay.microsecondsPerSecond) + TimeOfDay.secondsFromUnixEpoch
    }

    private func secondsEast(atUnixSecond second: Int64) -> Int32 {
        var lower = 0
        var upper = transitions.count
        while lower < upper {
            let middle = (lower + upper) / 2
            if transitions[middle].utcSecond <= second { lower = middle + 1 } else { upper = middle }
        }
        return lower == 0 ? initialSecondsEast : transitions[lower - 1].secondsEast
    }

    /// A zone that needs no data file: an abbreviation (`PST`: a fixed offset) or a POSIX form (`EST5`: five hours
    /// *west*; `PST8PDT`: with daylight saving). Any case.
    package init?(dataFreeName name: String) {
        if let minutes = SessionTimeZone.abbreviations[name.lowercased()] {
            self.init(name: name, secondsEast: Int32(minutes) * 60)
        } else if let zone = SessionTimeZone(posix: name) {
            self = zone
        } else {
            return nil
        }
    }

    /// Minutes east of UTC.
    private static let abbreviations: [String: Int] = [
        "utc": 0, "gmt": 0, "ut": 0, "z": 0, "zulu": 0, "wet": 0,
        "bst": 60, "cet": 60, "west": 60, "met": 60, "cest": 120, "eet": 120, "mest": 120, "eest": 180, "msk": 180,
        "jst": 540, "kst": 540, "hkt": 480, "sgt": 480, "awst": 480, "acst": 570, "aest": 600, "aedt": 660,
        "nzst": 720, "nzdt": 780,
        "ast": -240, "adt": -180, "nst": -210, "ndt": -150, "est": -300, "edt": -240, "cst": -360, "cdt": -300,
        "mst": -420, "mdt": -360, "pst": -480, "pdt": -420, "akst": -540, "akdt": -480, "hst": -600,
    ]
}

/// What the text of a date or time may depend on.
public struct DateTimeContext: Sendable {
    /// Microseconds since 2000-01-01 UTC at which the transaction began: what `now` and `today` mean. nil where such
    /// words are not wanted, as in data files.
    public var transactionStart: Int64?
    public var zone: SessionTimeZone
    /// Finds a zone whose data is in a file by its name, which comes in lower case (`us/pacific`).
    public var namedZone: (@Sendable (String) -> SessionTimeZone?)?

    /// UTC, without a clock.
    public static let utc = DateTimeContext()

    public init(
        transactionStart: Int64? = nil, zone: SessionTimeZone = .utc,
        namedZone: (@Sendable (String) -> SessionTimeZone?)? = nil
    ) {
        self.transactionStart = transactionStart
        self.zone = zone
        self.namedZone = namedZone
    }
}
