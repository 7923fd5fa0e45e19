import SQLTypes

/// How the bytes of a spilled batch are to be read. It stays in memory, beside the ticket; the bytes are sections that
/// begin at multiples of 64, with 64 zero bytes at least after each, so that vectors can point into them.
struct SpillFrame: Sendable {
    enum Form: Sendable {
        case flat(at: Int)
        case coded(at: Int, width: Int, base: Int64)
        /// Codes, then the lengths of the entries that they use (4 bytes each), then the entries' bytes.
        case dictionary(at: Int, width: Int, entryCount: Int, lengthsAt: Int, bytesAt: Int)
        case strings(lengthsAt: Int, bytesAt: Int)
        case constant(SQLValue)
    }

    struct Column: Sendable {
        var kind: StorageKind
        var form: Form
        /// One byte a row; nil: no row is null.
        var validityAt: Int?
    }

    var columns: [Column] = []
    var count: Int
    /// What the batch takes in memory once it is read again.
    var memoryBytes = 0

    /// The batch; its vectors point into `bytes`, and views into strings are made anew.
    func batch(_ bytes: Buffer) -> Batch {
        Batch(columns: columns.map { vector($0, bytes) }, count: count)
    }

    private func vector(_ column: Column, _ bytes: Buffer) -> Vector {
        let validity = column.validityAt.map { section($0, count, bytes) }
        let form: Vector.Form
        switch column.form {
        case .flat(let at): form = .flat(section(at, count * (column.kind.width ?? 0), bytes))
        case .coded(let at, let width, let base): form = .coded(codes(at, width, bytes), base: base)
        case .dictionary(let at, let width, let entryCount, let lengthsAt, let bytesAt):
            let views = views(entryCount, lengthsAt: lengthsAt, bytesAt: bytesAt, bytes)
            form = .dictionary(codes(at, width, bytes), StringDictionary(views: views, owners: [bytes]))
        case .strings(let lengthsAt, let bytesAt):
            form = .views(views(count, lengthsAt: lengthsAt, bytesAt: bytesAt, bytes), owners: [bytes])
        case .constant(let value): return .constant(value, kind: column.kind, count: count)
        }
        return Vector(kind: column.kind, count: count, form: form, validity: validity)
    }

    private func section(_ start: Int, _ byteCount: Int, _ bytes: Buffer) -> Buffer {
        let whole = UnsafeRawBufferPointer(bytes.values(as: UInt8.self))
        return Buffer(borrowing: UnsafeRawBufferPointer(rebasing: whole[start..<start + byteCount]), from: bytes)
    }

    private func codes(_ start: Int, _ width: Int, _ bytes: Buffer) -> Codes {
        let section = section(start, count * width, bytes)
        return switch width {
        case 1: .u8(section)
        case 2: .u16(section)
        default: .u32(section)
        }
    }

    private func views(_ count: Int, lengthsAt: Int, bytesAt: Int, _ bytes: Buffer) -> Buffer {
        let start = bytes.pointer(as: UInt8.self)
        let lengths = UnsafeRawPointer(start + lengthsAt).assumingMemoryBound(to: UInt32.self)
        return Buffer.filled(count: count, of: StringView.self) { target in
            var next = start + bytesAt
            for index in 0..<count {
                let length = Int(lengths[index])
                target[index] = StringView(next, count: length)
                next += length
            }
        }
    }
}

/// Turns batches into frames. Vectors stay as narrow as they are: codes as codes, of a dictionary the entries that the
/// rows use. Belongs to one task; its memory is reused.
final class SpillEncoder {
    private(set) var bytes = GrowableBuffer<UInt8>(capacity: 4_096)
    private let codes = Scratch<UInt32>(capacity: 1)
    private let numbers = Scratch<UInt32>(capacity: 1)
    private let views = Scratch<StringView>(capacity: 1)

    /// The frame of the batch; its bytes are in `bytes` until the next call.
    func encode(_ batch: Batch) -> SpillFrame {
        bytes.count = 0
        var frame = SpillFrame(count: batch.count)
        for column in batch.columns { frame.columns.append(encode(column, &frame.memoryBytes)) }
        frame.memoryBytes += bytes.count + 128
        return frame
    }

    private func encode(_ vector: Vector, _ memoryBytes: inout Int) -> SpillFrame.Column {
        let (count, kind) = (vector.count, vector.kind)
        if case .constant(let value) = vector.form { return .init(kind: kind, form: .constant(value)) }
        var validityAt: Int?
        if let valid = vector.validityPointer {
            var validCount = 0
            for row in 0..<count { validCount &+= Int(valid[row]) }
            if validCount == 0 { return .init(kind: kind, form: .constant(.null)) }
            if validCount < count { validityAt = append(valid, byteCount: count) }
        }
        let form: SpillFrame.Form
        switch vector.form {
        case .flat(let buffer):
            let width = kind.width ?? 0
            form = .flat(at: append(buffer.pointer(as: UInt8.self) + vector.offset * width, byteCount: count * width))
        case .coded(let codes, let base):
            let source = codes.buffer.pointer(as: UInt8.self) + vector.offset * codes.width
            form = .coded(at: append(source, byteCount: count * codes.width), width: codes.width, base: base)
        case .dictionary(_, let dictionary) where dictionary.count <= Swift.max(count, 1_024):
            form = encode(vector, dictionary, &memoryBytes)
        case .dictionary, .views:
            let views = views.reserve(count)
            let owners = vector.copyViews(to: views)
            form = withExtendedLifetime(owners) {
                let strings = append(UnsafeBufferPointer(start: views, count: count))
                return .strings(lengthsAt: strings.lengthsAt, bytesAt: strings.bytesAt)
            }
            memoryBytes += count * MemoryLayout<StringView>.stride
        case .constant(let value): form = .constant(value)
        }
        return .init(kind: kind, form: form, validityAt: validityAt)
    }

    /// Of the dictionary only what the rows use, numbered anew in the order of first use.
    private func encode(
        _ vector: Vector, _ dictionary: StringDictionary, _ memoryBytes: inout Int
    ) -> SpillFrame.Form {
        let count = vector.count
        let codes = codes.reserve(count)
        vector.copyCodes(to: codes)
        let unused = UInt32.max
        let numbers = numbers.reserve(dictionary.count)
        numbers.update(repeating: unused, count: dictionary.count)
        let views = views.reserve(dictionary.count)
        let valid = vector.validityPointer
        var used: UInt32 = 0
        for row in 0..<count {
            // The filler of a null row need not be a code of the dictionary.
            if let valid, valid[row] == 0 {
                codes[row] = 0
                continue
            }
            let code = Int(codes[row])
            if numbers[code] == unused {
                numbers[code] = used
                views[Int(used)] = dictionary.entries[code]
                used += 1
            }
            codes[row] = numbers[code]
        }
        let width = used <= 1 << 8 ? 1 : used <= 1 << 16 ? 2 : 4
        let at = append(codes, count: count, width: width)
        let strings = withExtendedLifetime(dictionary) {
            append(UnsafeBufferPointer(start: views, count: Int(used)))
        }
        memoryBytes += Int(used) * MemoryLayout<StringView>.stride
        return .dictionary(
            at: at, width: width, entryCount: Int(used), lengthsAt: strings.lengthsAt, bytesAt: strings.bytesAt)
    }

    // MARK: Sections

    private func startSection(_ byteCount: Int) -> UnsafeMutablePointer<UInt8> {
        let end = bytes.count
        let start = end == 0 ? 0 : (end + 127) / 64 * 64
        bytes.reserve(start + byteCount)
        (bytes.pointer + end).update(repeating: 0, count: start - end)
        bytes.count = start + byteCount
        return bytes.pointer + start
    }

    private func append(_ source: UnsafePointer<UInt8>, byteCount: Int) -> Int {
        startSection(byteCount).update(from: source, count: byteCount)
        return bytes.count - byteCount
    }

    private func append(_ codes: UnsafePointer<UInt32>, count: Int, width: Int) -> Int {
        let target = UnsafeMutableRawPointer(startSection(count * width))
        switch width {
        case 1:
            let narrow = target.assumingMemoryBound(to: UInt8.self)
            for row in 0..<count { narrow[row] = UInt8(truncatingIfNeeded: codes[row]) }
        case 2:
            let narrow = target.assumingMemoryBound(to: UInt16.self)
            for row in 0..<count { narrow[row] = UInt16(truncatingIfNeeded: codes[row]) }
        default: target.assumingMemoryBound(to: UInt32.self).update(from: codes, count: count)
        }
        return bytes.count - count * width
    }

    private func append(_ strings: UnsafeBufferPointer<StringView>) -> (lengthsAt: Int, bytesAt: Int) {
        var total = 0
        for string in strings { total += string.count }
        let lengths = UnsafeMutableRawPointer(startSection(4 * strings.count)).assumingMemoryBound(to: UInt32.self)
        for (index, string) in strings.enumerated() { lengths[index] = UInt32(truncatingIfNeeded: string.count) }
        let lengthsAt = bytes.count - 4 * strings.count
        var target = startSection(total)
        for string in strings {
            if let source = string.bytes.baseAddress { target.update(from: source, count: string.count) }
            target += string.count
        }
        return (lengthsAt, bytes.count - total)
    }
}
