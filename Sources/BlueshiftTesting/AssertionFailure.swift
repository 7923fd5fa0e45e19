public import Blueshift

/// An assertion does not hold. Its description says all: where it stands, which claim fails, the slice, the value, the figure
/// and the limit, and what to try.
public struct AssertionFailure: Error, Sendable, CustomStringConvertible {
    /// What was found.
    public let report: AssertionReport
    /// The file that asserts, as `#filePath` names it.
    public let filePath: String
    /// The line that asserts, from 1.
    public let line: Int

    /// `File.swift:12: ASSERT SKEW OF sales AT MOST 1.2`, and what was found below.
    public var description: String {
        "\(filePath.split(separator: "/").last ?? ""):\(line): \(report)"
    }
}
