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
        for (text, pattern, isMatch) in [
            ("ABC", "a_c", true), ("xyZ", "%Z", true), ("É", "é", false), ("aBc", "%b%", true),
        ] {
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

struct ExpressionsRegularExpressionTests {
    /// - Source: Redshift developer guide, "SIMILAR TO", "POSIX operators"; the rest is ours.
    @Test(arguments: [
        ("abc", "abc", true), ("abc", "_b_", true), ("abc", "_A_", false), ("abc", "%(b|d)%", true),
        ("abc", "(b|c)%", false),
        ("AbcAbcdefgefg12efgefg12", "((Ab)?c)+d((efg)+(12))+", true), ("aaaaaab11111xy", "a{6}_[0-9]{5}(x|y){2}", true),
        ("a.c", "a.c", true), ("abc", "a.c", false), ("", "", true), ("", "a*", true), ("a%", "a\\%", true),
        ("ab", "a\\%", false),
        ("é", "_", true), ("ab", "a", false), ("aaaa", "a{2,3}", false), ("aaa", "a{2,}", true), ("x^y", "x^y", true),
    ])
    func similarTo(text: String, pattern: String, isMatch: Bool) throws {
        let expression = try RegularExpression(similarTo: Array(pattern.utf8), escape: UInt8(ascii: "\\"))
        #expect(Array(text.utf8).withUnsafeBufferPointer { expression.matches($0) } == isMatch)
    }

    @Test(arguments: [
        ("abc", "b", true), ("abc", "^b", false), ("abc", "^a", true), ("abc", "c$", true), ("abc", "b$", false),
        ("abc", "^abc$", true), ("", "^$", true), ("a1", "\\d", true), ("ab", "\\d", false), ("a b", "\\s", true),
        ("Éa", "[^a-z]a", true), ("x", "[[:digit:]x]", true), ("a]b", "a[]]b", true), ("ab", "a|^z", true),
        ("abd", "ab(c|d)", true),
        ("colour", "colou?r", true), ("foo.bar", "o\\.b", true), ("fooxbar", "o\\.b", false), ("é", "[à-ü]", true),
        ("zzzab", "(a|b)*ab$", true), ("a-b", "[a\\-]-b", true),
    ])
    func posix(text: String, pattern: String, isMatch: Bool) throws {
        let expression = try RegularExpression(posix: Array(pattern.utf8), isCaseInsensitive: false)
        #expect(Array(text.utf8).withUnsafeBufferPointer { expression.matches($0) } == isMatch)
    }

    /// A pattern whose deterministic automaton has 2²⁰ states is run on sets of states, and gives the same.
    @Test func largeAutomata() throws {
        let expression = try RegularExpression(posix: Array("(a|b)*a(a|b){20}$".utf8), isCaseInsensitive: true)
        for (text, isMatch) in [
            ("A" + String(repeating: "b", count: 20), true), (String(repeating: "b", count: 40), false),
        ] {
            #expect(Array(text.utf8).withUnsafeBufferPointer { expression.matches($0) } == isMatch)
        }
    }

    @Test(arguments: ["(", "a)", "[a", "a{2", "a{3,2}", "*a", "a{999}", "[[:nope:]]", "a\\", "(((a{255}){255}){255})"])
    func invalid(pattern: String) {
        #expect(throws: SQLError.self) { try RegularExpression(posix: Array(pattern.utf8), isCaseInsensitive: false) }
    }
}
