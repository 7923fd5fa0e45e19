/// FarmHash's Fingerprint64.
/// - Source: Geoff Pike, FarmHash (Google, 2014), variant `farmhashna`.
enum FarmFingerprint {
    static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
        let text = Text(raw: UnsafeRawBufferPointer(bytes))
        switch bytes.count {
        case 0...16: return text.upTo16()
        case 17...32: return text.upTo32()
        case 33...64: return text.upTo64()
        default: return text.long()
        }
    }

    private static let k0: UInt64 = 0xC3A5_C85C_97CB_3127
    private static let k1: UInt64 = 0xB492_B66F_BE98_F273
    private static let k2: UInt64 = 0x9AE1_6A3B_2F90_404F

    private static func rotate(_ value: UInt64, _ count: UInt64) -> UInt64 {
        count == 0 ? value : value >> count | value << (64 - count)
    }

    private static func mixed(_ value: UInt64) -> UInt64 { value ^ (value >> 47) }

    private static func hash16(_ u: UInt64, _ v: UInt64, _ factor: UInt64) -> UInt64 {
        var a = (u ^ v) &* factor
        a ^= a >> 47
        var b = (v ^ a) &* factor
        b ^= b >> 47
        return b &* factor
    }

    private struct Text {
        let raw: UnsafeRawBufferPointer
        var count: Int { raw.count }
        var length: UInt64 { UInt64(raw.count) }

        func word(_ offset: Int) -> UInt64 {
            UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        }

        func half(_ offset: Int) -> UInt64 {
            UInt64(UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
        }

        func upTo16() -> UInt64 {
            let factor = k2 &+ length &* 2
            if count >= 8 {
                let a = word(0) &+ k2
                let b = word(count - 8)
                let c = rotate(b, 37) &* factor &+ a
                let d = (rotate(a, 25) &+ b) &* factor
                return hash16(c, d, factor)
            }
            if count >= 4 { return hash16(length &+ (half(0) << 3), half(count - 4), factor) }
            guard count > 0 else { return k2 }
            let y = UInt64(raw[0]) &+ (UInt64(raw[count >> 1]) << 8)
            let z = length &+ (UInt64(raw[count - 1]) << 2)
            return mixed((y &* k2) ^ (z &* k0)) &* k2
        }

        func upTo32() -> UInt64 {
            let factor = k2 &+ length &* 2
            let a = word(0) &* k1
            let b = word(8)
            let c = word(count - 8) &* factor
            let d = word(count - 16) &* k2
            return hash16(
                rotate(a &+ b, 43) &+ rotate(c, 30) &+ d, a &+ rotate(b &+ k2, 18) &+ c, factor)
        }

        func upTo64() -> UInt64 {
            let factor = k2 &+ length &* 2
            let a = word(0) &* k2
            let b = word(8)
            let c = word(count - 8) &* factor
            let d = word(count - 16) &* k2
            let y = rotate(a &+ b, 43) &+ rotate(c, 30) &+ d
            let z = hash16(y, a &+ rotate(b &+ k2, 18) &+ c, factor)
            let e = word(16) &* factor
            let f = word(24)
            let g = (y &+ word(count - 32)) &* factor
            let h = (z &+ word(count - 24)) &* factor
            return hash16(rotate(e &+ f, 43) &+ rotate(g, 30) &+ h, e &+ rotate(f &+ a, 18) &+ g, factor)
        }

        /// 32 bytes with two seeds.
        private func weak(_ offset: Int, _ first: UInt64, _ second: UInt64) -> (UInt64, UInt64) {
            let z = word(offset + 24)
            var a = first &+ word(offset)
            var b = rotate(second &+ a &+ z, 21)
            let c = a
            a = a &+ word(offset + 8) &+ word(offset + 16)
            b = b &+ rotate(a, 44)
            return (a &+ z, b &+ c)
        }

        func long() -> UInt64 {
            let seed: UInt64 = 81
            var x = seed &* k2 &+ word(0)
            var y = seed &* k1 &+ 113
            var z = mixed(y &* k2 &+ 113) &* k2
            var v: (UInt64, UInt64) = (0, 0)
            var w: (UInt64, UInt64) = (0, 0)
            let end = (count - 1) / 64 * 64
            for offset in stride(from: 0, to: end, by: 64) {
                x = rotate(x &+ y &+ v.0 &+ word(offset + 8), 37) &* k1
                y = rotate(y &+ v.1 &+ word(offset + 48), 42) &* k1
                x ^= w.1
                y = y &+ v.0 &+ word(offset + 40)
                z = rotate(z &+ w.0, 33) &* k1
                v = weak(offset, v.1 &* k1, x &+ w.0)
                w = weak(offset + 32, z &+ w.1, y &+ word(offset + 16))
                swap(&z, &x)
            }
            let factor = k1 &+ ((z & 0xFF) << 1)
            let last = count - 64
            w.0 = w.0 &+ ((length &- 1) & 63)
            v.0 = v.0 &+ w.0
            w.0 = w.0 &+ v.0
            x = rotate(x &+ y &+ v.0 &+ word(last + 8), 37) &* factor
            y = rotate(y &+ v.1 &+ word(last + 48), 42) &* factor
            x ^= w.1 &* 9
            y = y &+ v.0 &* 9 &+ word(last + 40)
            z = rotate(z &+ w.0, 33) &* factor
            v = weak(last, v.1 &* factor, x &+ w.0)
            w = weak(last + 32, z &+ w.1, y &+ word(last + 16))
            swap(&z, &x)
            return hash16(
                hash16(v.0, w.0, factor) &+ mixed(y) &* k0 &+ z, hash16(v.1, w.1, factor) &+ x, factor)
        }
    }
}
