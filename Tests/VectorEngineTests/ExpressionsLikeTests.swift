import SQLTypes
import Testing
@testable import VectorEngine

struct ExpressionsLikeTests {
    /// - Source: Redshift developer guide, "LIKE"; the last group is ours.
    @Test(arguments: [
        ("abc", "abc", true), ("abc", "a%", true), ("abc", "_b_", true), ("abc", "c", false), ("abc", "%b%", true),
        ("", "", true), ("", "%", true), ("", "_", false), ("", "%a%", false), ("abc", "", false),
        ("éb", "%éb%_%", false), ("éba", "%éb%_%", true), ("aéb\\", "%éb%_%", true), ("xéyb", "%éb%_%", false),
        ("a%c", "a\\%c", true), ("abc", "a\\%c", false), ("a_c", "%\\_c", true),
        ("promo brass", "promo%", true), ("medium polished", "%polished", true), ("ab", "%a%a%", false),
        ("aXbXXbb", "a%bb", true), ("aab", "%ab", true), ("abab", "ab", false), ("ab ", "ab", false),
    ])
    func like(text: String, pattern: String, isMatch: Bool) throws {
        let matcher = try PatternMatcher(.like(escape: UInt8(ascii: "\\")), pattern: Array(pattern.utf8))
        let bytes = Buffer(Array(text.utf8))
        let view = StringView(bytes.pointer(as: UInt8.self), count: bytes.byteCount)
        #expect(matcher.matches(view) == isMatch)
        withExtendedLifetime(bytes) {}
    }

    @Test func ilikeFoldsASCIIOnly() throws {
        for (text, pattern, isMatch) in [("ABC", "a_c", true), ("xyZ", "%Z", true), ("É", "é", false), ("aBc", "%b%", true)] {
            let matcher = try PatternMatcher(.ilike(escape: nil), pattern: Array(pattern.utf8))
            let bytes = Buffer(Array(text.utf8))
            let view = StringView(bytes.pointer(as: UInt8.self), count: bytes.byteCount)
            #expect(matcher.matches(view) == isMatch, "\(text) ILIKE \(pattern)")
            withExtendedLifetime(bytes) {}
        }
    }

    @Test func patternMustNotEndInItsEscape() {
        #expect(throws: SQLError.self) {
            try PatternMatcher(.like(escape: UInt8(ascii: "\\")), pattern: Array("a\\".utf8))
        }
    }
}
