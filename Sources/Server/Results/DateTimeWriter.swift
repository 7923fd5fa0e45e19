#if Server
import SQLTypes

/// Dates and times as DateStyle ISO shows them, written backwards from `end`. What the calendar's four-digit years do not
/// cover goes through `TextWriter`.
enum DateTimeWriter {
    /// Bytes that a value needs at most.
    static let dateWidth = 16
    static let timeWidth = 24
    static let timestampWidth = 48

    static func write(date: Int64, endingAt end: UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8> {
        let civil = CivilDate(daysSince2000: Int(date))
        guard (1...9_999).contains(civil.year) else {
            return copy(end) { TextWriter.append(date: Int32(truncatingIfNeeded: date), to: &$0) }
        }
        var writer = DigitWriter(endingAt: end)
        write(civil, to: &writer)
        return writer.start
    }

    static func write(time: Int64, endingAt end: UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8> {
        var writer = DigitWriter(endingAt: end)
        write(time, to: &writer)
        return writer.start
    }

    static func write(timestamp: Int64, endingAt end: UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8> {
        let (days, time) = TimeOfDay.split(timestamp)
        let civil = CivilDate(daysSince2000: days)
        guard (1...9_999).contains(civil.year) else {
            return copy(end) { TextWriter.append(timestamp: timestamp, to: &$0) }
        }
        var writer = DigitWriter(endingAt: end)
        write(time, to: &writer)
        writer.write(UInt8(ascii: " "))
        write(civil, to: &writer)
        return writer.start
    }

    static func write(
        timestamptz: Int64, zone: SessionTimeZone, endingAt end: UnsafeMutablePointer<UInt8>
    ) -> UnsafeMutablePointer<UInt8> {
        let secondsEast = Int(zone.secondsEast(atUTC: timestamptz))
        let (days, _) = TimeOfDay.split(timestamptz)
        // A day away from where years get other lengths, so that the zone cannot lead there.
        guard secondsEast % 3_600 == 0, abs(secondsEast) < 360_000, (-730_000...2_900_000).contains(days) else {
            return copy(end) { TextWriter.append(timestamptz: timestamptz, zone: zone, to: &$0) }
        }
        end[-1] = UInt8(ascii: "0") + UInt8(abs(secondsEast) / 3_600 % 10)
        end[-2] = UInt8(ascii: "0") + UInt8(abs(secondsEast) / 36_000)
        end[-3] = UInt8(ascii: secondsEast < 0 ? "-" : "+")
        return write(timestamp: timestamptz + Int64(secondsEast) * 1_000_000, endingAt: end - 3)
    }

    @inline(__always)
    private static func write(_ date: CivilDate, to writer: inout DigitWriter) {
        writer.write(twoDigits: date.day)
        writer.write(UInt8(ascii: "-"))
        writer.write(twoDigits: date.month)
        writer.write(UInt8(ascii: "-"))
        _ = writer.write(UInt64(date.year), digits: 4)
    }

    /// Microseconds since midnight: 0 … 24 h.
    @inline(__always)
    private static func write(_ time: Int64, to writer: inout DigitWriter) {
        var (seconds, fraction) = time.magnitude.quotientAndRemainder(dividingBy: 1_000_000)
        if fraction != 0 {
            var digits = 6
            while fraction % 10 == 0 {
                fraction /= 10
                digits -= 1
            }
            _ = writer.write(fraction, digits: digits)
            writer.write(UInt8(ascii: "."))
        }
        writer.write(twoDigits: Int(seconds % 60))
        seconds /= 60
        writer.write(UInt8(ascii: ":"))
        writer.write(twoDigits: Int(seconds % 60))
        writer.write(UInt8(ascii: ":"))
        writer.write(twoDigits: Int(seconds / 60 % 100))
    }

    private static func copy(
        _ end: UnsafeMutablePointer<UInt8>, _ append: (inout [UInt8]) -> Void
    ) -> UnsafeMutablePointer<UInt8> {
        var text: [UInt8] = []
        append(&text)
        let start = end - text.count
        start.update(from: text, count: text.count)
        return start
    }
}
#endif
