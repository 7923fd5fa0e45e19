import SQLTypes
import Testing

/// Known answers. All lengths of messages are in `FunctionKernelTests`.
@Suite struct DigestTests {
    /// - Source: RFC 4231, test cases 1, 2, 6 and 7.
    @Test(arguments: [
        (
            [UInt8](repeating: 0x0B, count: 20), "Hi There",
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        ),
        (
            Array("Jefe".utf8), "what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
        (
            [UInt8](repeating: 0xAA, count: 131), "Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
        (
            [UInt8](repeating: 0xAA, count: 131),
            "This is a test using a larger than block-size key and a larger than block-size data. The key needs to be "
                + "hashed before being used by the HMAC algorithm.",
            "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"
        ),
    ])
    func hmac(key: [UInt8], message: String, expected: String) {
        #expect(Hexadecimal.text(HMAC.sha256(Array(message.utf8), key: key)) == expected)
    }

    /// - Source: RFC 7914, section 11 (first 32 bytes); computed with CPython's hashlib.
    @Test(arguments: [
        ("passwd", "salt", 1, "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"),
        ("Password", "NaCl", 300, "48377faa8be8f0a136333f58c1c542fd73bc0dc25acc1e1c7fad434dc7e91963"),
    ])
    func pbkdf2(password: String, salt: String, iterations: Int, expected: String) {
        let key = HMAC.pbkdf2(password: Array(password.utf8), salt: Array(salt.utf8), iterations: iterations)
        #expect(Hexadecimal.text(key) == expected)
    }

    @Test func hexadecimal() {
        #expect(Hexadecimal.text([0, 0x7F, 0xA0, 0xFF]) == "007fa0ff")
        #expect(Hexadecimal.bytes("007fA0Ff") == [0, 0x7F, 0xA0, 0xFF])
        #expect(Hexadecimal.bytes("") == [])
        #expect(Hexadecimal.bytes("abc") == nil)
        #expect(Hexadecimal.bytes("0g") == nil)
    }
}
