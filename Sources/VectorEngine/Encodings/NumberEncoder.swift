import SQLTypes

/// Numbers of a block as unsigned codes: value = base + code, 0 ≤ code ≤ range. A floating-point value is its bits,
/// with base 0.
///
///     offset  bytes
///     0       16     base
///     16      8      range
struct NumberFrame {
    var base: Int128
    var range: UInt64

    func write(to output: inout ByteWriter) {
        output.i128(base)
        output.u64(range)
    }
}

/// The codes of a block, and what the sizes of the codecs follow from.
struct NumberCodes {
    var codes: [UInt64]
    var range: UInt64
    var runCount: Int
    /// Of neighbours, in 64-bit wrapping arithmetic: right if `range` is below 2⁶³.
    var minimumDelta: Int64
    var maximumDelta: Int64

    var count: Int { codes.count }
    var width: Int { BitPacking.width(for: range) }

    /// `code` gives each row's code, a null row's excepted: its code is that of the row before, which costs least.
    init(count: Int, range: UInt64, validity: UnsafePointer<UInt8>?, code: (Int) -> UInt64) {
        self.range = range
        var runs = 0
        var minimum = Int64.max
        var maximum = Int64.min
        codes = [UInt64](unsafeUninitializedCapacity: count) { target, initialized in
            var previous: UInt64 = 0
            for row in 0..<count {
                let isNull = validity.map { $0[row] == 0 } ?? false
                let code = isNull ? previous : code(row)
                target[row] = code
                if row == 0 {
                    runs = 1
                } else {
                    runs += code != previous ? 1 : 0
                    let delta = Int64(bitPattern: code &- previous)
                    minimum = min(minimum, delta)
                    maximum = max(maximum, delta)
                }
                previous = code
            }
            initialized = count
        }
        runCount = runs
        minimumDelta = count > 1 ? minimum : 0
        maximumDelta = count > 1 ? maximum : 0
    }
}

extension ColumnEncoder {
    /// int8 … int64 and floating point.
    func encodeNumbers(_ source: BlockSource) -> EncodedBlock {
        let words = UnsafePointer(source.chunk.words.pointer + source.rows.lowerBound)
        let validity = source.validity
        if source.chunk.kind.isInteger {
            let (low, high) = bounds(
                UnsafeRawPointer(words).assumingMemoryBound(to: Int64.self), validity, source.count)
            let base = UInt64(bitPattern: low)
            let codes = NumberCodes(count: source.count, range: UInt64(bitPattern: high) &- base, validity: validity) {
                words[$0] &- base
            }
            return encode(
                codes, base: Int128(low), source, minimum: SQLValue(storedInteger: Int128(low), as: type),
                maximum: SQLValue(storedInteger: Int128(high), as: type))
        }
        var highest: UInt64 = 0
        let codes = NumberCodes(count: source.count, range: .max, validity: validity) {
            highest = max(highest, words[$0])
            return words[$0]
        }
        var framed = codes
        framed.range = highest
        let (minimum, maximum) = floatBounds(words, validity, source.count)
        return encode(framed, base: 0, source, minimum: minimum, maximum: maximum)
    }

    /// int128: as 64-bit codes if the values lie close enough together, else as they are.
    func encodeWide(_ source: BlockSource) -> EncodedBlock {
        let values = UnsafePointer(source.chunk.wide.pointer + source.rows.lowerBound)
        let validity = source.validity
        let (low, high) = bounds(values, validity, source.count)
        let minimum = SQLValue(storedInteger: low, as: type)
        let maximum = SQLValue(storedInteger: high, as: type)
        let span = UInt128(bitPattern: high &- low)
        if let range = UInt64(exactly: span) {
            let codes = NumberCodes(count: source.count, range: range, validity: validity) {
                UInt64(truncatingIfNeeded: values[$0] &- low)
            }
            return encode(codes, base: low, source, minimum: minimum, maximum: maximum)
        }
        var output = source.begin(.raw, flags: BlockHeader.isWide, capacity: source.count * 16)
        for row in 0..<source.count {
            let isNull = validity.map { $0[row] == 0 } ?? false
            output.i128(isNull ? low : values[row])
        }
        return source.finish(.raw, output, minimum: minimum, maximum: maximum)
    }

    private func encode(
        _ codes: NumberCodes, base: Int128, _ source: BlockSource, minimum: SQLValue?, maximum: SQLValue?
    ) -> EncodedBlock {
        let frame = NumberFrame(base: base, range: codes.range)
        let codec = numberCodec(for: codes, frame, kind: source.chunk.kind)
        var output = source.begin(codec, capacity: 64 + codes.count * codes.width / 8)
        frame.write(to: &output)
        switch codec {
        case .packed: PackedNumbers.encode(codes, to: &output)
        case .delta: DeltaNumbers.encode(codes, to: &output)
        case .mostly8, .mostly16, .mostly32: MostlyNumbers.encode(codes, frame, codec, to: &output)
        case .runLength: RunLengthNumbers.encode(codes, to: &output)
        case .dictionary: DictionaryNumbers.encode(codes, to: &output)
        case .raw, .text255, .text32k, .deflate, .symbols, .allNull:
            RawNumbers.encode(codes, frame, kind: source.chunk.kind, to: &output)
        }
        return source.finish(codec, output, minimum: minimum, maximum: maximum)
    }

    private func numberCodec(for codes: NumberCodes, _ frame: NumberFrame, kind: StorageKind) -> BlockCodec {
        let raw = RawNumbers.byteCount(codes.count, kind: kind)
        switch choice {
        case .smallest:
            // The plain form wins unless another saves a fifth: it unpacks quickest.
            var best: BlockCodec = kind.isInteger ? .packed : .raw
            var bestBytes = (kind.isInteger ? PackedNumbers.byteCount(codes) : raw) * 4 / 5
            let others: [BlockCodec] = kind.isInteger ? [.runLength, .delta, .dictionary] : [.runLength, .dictionary]
            for codec in others {
                guard let bytes = byteCount(codes, frame, codec, kind), bytes < bestBytes else { continue }
                best = codec
                bestBytes = bytes
            }
            return best
        case .only(let codec):
            if let bytes = byteCount(codes, frame, codec, kind), bytes < raw { return codec }
            return .raw
        }
    }

    /// nil: the codec does not suit the values.
    private func byteCount(
        _ codes: NumberCodes, _ frame: NumberFrame, _ codec: BlockCodec, _ kind: StorageKind
    ) -> Int? {
        switch codec {
        case .packed: kind.isInteger ? PackedNumbers.byteCount(codes) : nil
        case .delta: kind.isInteger ? DeltaNumbers.byteCount(codes) : nil
        case .mostly8, .mostly16, .mostly32:
            kind.isInteger ? MostlyNumbers.byteCount(codes, frame, codec) : nil
        case .runLength: RunLengthNumbers.byteCount(codes)
        case .dictionary: DictionaryNumbers.byteCount(codes)
        case .raw, .text255, .text32k, .deflate, .symbols, .allNull: nil
        }
    }

    /// Smallest and largest of the rows that are not null, of which there is at least one.
    private func bounds<Value: FixedWidthInteger>(
        _ values: UnsafePointer<Value>, _ validity: UnsafePointer<UInt8>?, _ count: Int
    ) -> (Value, Value) {
        var low = Value.max
        var high = Value.min
        if let validity {
            for row in 0..<count where validity[row] != 0 {
                low = min(low, values[row])
                high = max(high, values[row])
            }
        } else {
            for row in 0..<count {
                low = min(low, values[row])
                high = max(high, values[row])
            }
        }
        return (low, high)
    }

    /// NaN counts as greater than any number, as in SQL.
    private func floatBounds(
        _ words: UnsafePointer<UInt64>, _ validity: UnsafePointer<UInt8>?, _ count: Int
    ) -> (SQLValue, SQLValue) {
        let isSingle = type.storage == .float32
        var low = Double.infinity
        var high = -Double.infinity
        var nanCount = 0
        var numberCount = 0
        for row in 0..<count where validity.map({ $0[row] != 0 }) ?? true {
            let value =
                isSingle
                ? Double(Float(bitPattern: UInt32(truncatingIfNeeded: words[row]))) : Double(bitPattern: words[row])
            if value.isNaN {
                nanCount += 1
            } else {
                numberCount += 1
                low = min(low, value)
                high = max(high, value)
            }
        }
        if nanCount > 0 { high = .nan }
        if numberCount == 0 { low = .nan }
        return isSingle ? (.real(Float(low)), .real(Float(high))) : (.double(low), .double(high))
    }
}
