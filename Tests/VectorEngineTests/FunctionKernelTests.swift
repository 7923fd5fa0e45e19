import SQLTypes
import Testing

@testable import VectorEngine

/// The kernels behind the hash functions and REGEXP_*.
struct FunctionKernelTests {
    /// SHA-256 of the digests of 300 messages of 0 to 299 bytes, so that all lengths of blocks and tails occur.
    /// - Source: computed with CPython's hashlib, mmh3 (seed = length) and FarmHash.
    @Test(arguments: [
        ("md5", "78cbcf33f4273ed24d826d0419ce12eb2ba2dbc09d9655a46c4a467824a1fcd7"),
        ("sha1", "bfcc9438c62153d1f02f182886838fe02d0a5f7d0a26a5ab0fc3fc8ad649d477"),
        ("224", "ceabe47f9a5cadbb47e33e2688cfe04a8848adcfca55ae61fe3f9b5dfcdbac23"),
        ("256", "5940f32563970225cfe82725d7f7a71552d44a85e885b60e93abfdda1902a110"),
        ("384", "d1bfd1937e722d4bb53c7e8fa82cd7e2fdbc0a5367421ef9fd481936e5462f1d"),
        ("512", "1f08fe4479393b61598fbd3e8ff2ede991f865a1c4031200192279c1d25bdf1f"),
        ("murmur", "27d9c5c7d5ab18b1e9c441cc86f285f9f477058cef530d8ec3f463de63062064"),
        ("farm", "9ffd635a3c94afe1a6e364ffeefd1547a1e6e3a5a9e359c55fde047a1c9307ed"),
    ])
    func digestsOfAllLengths(name: String, expected: String) {
        var all: [UInt8] = []
        for length in 0..<300 {
            let message = (0..<length).map { UInt8(97 + ($0 * 7) % 26) }
            all += message.withUnsafeBufferPointer { bytes -> [UInt8] in
                switch name {
                case "md5": return MD5.digest(bytes)
                case "sha1": return SHA1.digest(bytes)
                case "murmur":
                    let hash = Murmur3.hash(UnsafeRawBufferPointer(bytes), seed: UInt32(length))
                    return withUnsafeBytes(of: hash.bigEndian) { Array($0) }
                case "farm": return withUnsafeBytes(of: FarmFingerprint.hash(bytes).bigEndian) { Array($0) }
                default: return SHA2.digest(bytes, bits: Int(name) ?? 0) ?? []
                }
            }
        }
        let digest = all.withUnsafeBufferPointer { SHA2.digest($0, bits: 256) ?? [] }
        var text: [UInt8] = []
        TextWriter.append(hex: digest, to: &text)
        #expect(String(decoding: text, as: UTF8.self) == expected)
    }

    /// - Source: RFC 3720, appendix B.4, and the check value of the polynomial.
    @Test func castagnoli() {
        func checksum(_ bytes: [UInt8]) -> UInt32 { bytes.withUnsafeBufferPointer { CRC32C.checksum($0) } }
        #expect(checksum(Array("123456789".utf8)) == 0xE306_9283)
        #expect(checksum([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
        #expect(checksum([UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
    }

    private static func pattern(_ random: inout SplitMix64, depth: Int) -> String {
        // Without assertions a part matches alone as it does in its place.
        let atoms = ["a", "b", "[ab]", ".", "é", "[^a]"]
        guard depth > 0 else { return atoms[random.below(atoms.count)] }
        let inner = pattern(&random, depth: depth - 1)
        let other = pattern(&random, depth: depth - 1)
        return [inner + other, "(\(inner)|\(other))", "(\(inner))*", "(\(inner))?\(other)", "(\(inner)){1,2}"][
            random.below(5)]
    }

    /// A POSIX search finds the leftmost and of those the longest of all parts of the text that match as a whole, which
    /// the automaton behind SIMILAR TO and `~` tells by itself.
    @Test(arguments: UInt64(0)..<60)
    func searchFindsTheLeftmostLongest(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let source = Self.pattern(&random, depth: 3)
        guard let whole = try? RegularExpression(posix: Array("^(\(source))$".utf8), isCaseInsensitive: false) else {
            return
        }
        let program = try RegularExpressionProgram(Array(source.utf8), foldsCase: false, isPerl: false)
        var search = RegularExpressionSearch(program)
        for _ in 0..<10 {
            let letters = (0..<random.below(8)).map { _ in ["a", "b", "é"][random.below(3)] }
            func matches(_ range: Range<Int>) -> Bool {
                Array(letters[range].joined().utf8).withUnsafeBufferPointer { whole.matches($0) }
            }
            var expected: Range<Int>?
            for start in 0...letters.count where expected == nil {
                expected = (start...letters.count).reversed().first { matches(start..<$0) }.map { start..<$0 }
            }
            Array(letters.joined().utf8).withUnsafeBufferPointer { search.load($0) }
            let found = search.firstMatch(from: 0).map { Int($0[0])..<Int($0[1]) }
            #expect(found == expected, "seed \(seed): \(source) in \(letters.joined())")
        }
    }

    /// Patterns that make a backtracking matcher run for ever.
    @Test func searchTimeDoesNotExplode() throws {
        let text = [UInt8](repeating: UInt8(ascii: "a"), count: 400)
        for (source, isPerl) in [("(a*)*b", false), ("(a|a)*b", true), ("(?=(a+)+b)a", true)] {
            let program = try RegularExpressionProgram(Array(source.utf8), foldsCase: false, isPerl: isPerl)
            var search = RegularExpressionSearch(program)
            text.withUnsafeBufferPointer { search.load($0) }
            #expect(search.firstMatch(from: 0) == nil)
        }
    }

    @Test func jsonNestedTooDeepIsNoJSON() {
        let text = Array(String(repeating: "[", count: 100_000).utf8)
        text.withUnsafeBufferPointer { text in
            var scanner = JSONScanner(text)
            #expect(scanner.document() == nil)
        }
    }
}
