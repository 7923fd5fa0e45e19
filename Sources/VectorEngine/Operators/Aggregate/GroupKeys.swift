import SQLTypes

/// The keys of the groups found so far, column by column; group g is place g of each.
final class GroupKeys {
    let types: [SQLType]
    let kinds: [KeyKind]
    private let words: [Column<Int64>]
    private let wides: [Column<Int128>]
    /// As compared: trimmed for text.
    private let views: [Column<StringView>]
    /// As first seen, blanks included: what the group shows. Text only.
    private let shown: [Column<StringView>]
    /// Without places as long as no key has had a null.
    private let nulls: [Column<UInt64>]
    private var arena = StringArena()
    private var hasNulls = false
    private(set) var count = 0

    init(_ types: [SQLType]) {
        self.types = types
        kinds = types.map { KeyKind($0) }
        words = types.map { _ in Column(capacity: 0) }
        wides = types.map { _ in Column(capacity: 0) }
        views = types.map { _ in Column(capacity: 0) }
        shown = types.map { _ in Column(capacity: 0) }
        nulls = (0..<(types.count + 63) / 64).map { _ in Column(capacity: 0) }
    }

    /// As new, but for the memory that is kept.
    func empty() {
        for column in words { column.removeAll() }
        for column in wides { column.removeAll() }
        for column in views { column.removeAll() }
        for column in shown { column.removeAll() }
        for column in nulls { column.removeAll() }
        arena = StringArena()
        hasNulls = false
        count = 0
    }

    var byteCount: Int {
        var total = arena.byteCount
        for index in kinds.indices {
            total += words[index].byteCount + wides[index].byteCount + views[index].byteCount + shown[index].byteCount
        }
        return total
    }

    /// The only column, if it is one of words: what a table's short path reads.
    var soleWords: UnsafeMutablePointer<Int64>? {
        kinds.count == 1 && (kinds[0] == .word || kinds[0] == .float) ? words[0].pointer : nil
    }

    /// Adds the keys of the block's rows as new groups, in that order. `originals` are the block's source columns:
    /// strings are kept as stored there.
    func append(_ rows: UnsafeBufferPointer<UInt32>, of block: KeyBlock, originals: [Vector]) {
        for index in kinds.indices {
            switch kinds[index] {
            case .word, .float:
                GroupKeys.copy(rows, from: block.words(index), to: words[index])
            case .wide: GroupKeys.copy(rows, from: block.wides(index), to: wides[index])
            case .text, .bytes: appendStrings(rows, of: block, originals[index], index)
            }
        }
        if block.hasNulls && !hasNulls {
            hasNulls = true
            for column in nulls { column.grow(to: count, filling: 0) }
        }
        if hasNulls {
            for index in nulls.indices { GroupKeys.copy(rows, from: block.nullWords(index), to: nulls[index]) }
        }
        count += rows.count
    }

    private static func copy<T: BitwiseCopyable>(
        _ rows: UnsafeBufferPointer<UInt32>, from source: UnsafePointer<T>, to column: Column<T>
    ) {
        let target = column.extend(by: rows.count)
        for index in 0..<rows.count { target[index] = source[Int(rows[index])] }
    }

    private func appendStrings(
        _ rows: UnsafeBufferPointer<UInt32>, of block: KeyBlock, _ original: Vector, _ index: Int
    ) {
        guard !rows.isEmpty else { return }
        let source = original.gathered(Span(_unsafeElements: rows))
        let stored = shown[index].extend(by: rows.count)
        let owners = source.copyViews(to: stored)
        arena.copyBytes(of: stored, count: rows.count)
        withExtendedLifetime(owners) {}
        let compared = views[index].extend(by: rows.count)
        if kinds[index] == .text {
            for position in 0..<rows.count { compared[position] = stored[position].trimmed }
        } else {
            compared.update(from: stored, count: rows.count)
        }
    }

    /// `equal[i] = 1` if row `rows[i]` of the block has the key of group `groups[i]`, else 0. Column by column.
    func compare(
        _ rows: UnsafePointer<UInt32>, of block: KeyBlock, _ groups: UnsafePointer<UInt32>, count: Int,
        equal: UnsafeMutablePointer<UInt8>
    ) {
        equal.update(repeating: 1, count: count)
        for index in kinds.indices {
            switch kinds[index] {
            case .word, .float:
                KeyBlock.compare(block.words(index), rows, words[index].pointer, groups, count, equal)
            case .wide: KeyBlock.compare(block.wides(index), rows, wides[index].pointer, groups, count, equal)
            case .text, .bytes:
                let left = block.views(index)
                let right = views[index].pointer
                for pair in 0..<count where equal[pair] != 0 {
                    equal[pair] = left[Int(rows[pair])].hasSameBytes(as: right[Int(groups[pair])]) ? 1 : 0
                }
            }
        }
        guard hasNulls || block.hasNulls else { return }
        for index in nulls.indices {
            KeyBlock.compare(block.nullWords(index), rows, nulls[index].pointer, groups, count, equal)
        }
    }

    // MARK: Output

    /// The keys of all groups as vectors of their types. The string bytes move out: no group may follow.
    func finish() -> [Vector] {
        let owners = arena.takeAll()
        return kinds.indices.map { index in
            let kind = types[index].storage
            let valid = validity(of: index)
            switch kinds[index] {
            case .word:
                return Vector(kind: kind, count: count, form: .flat(narrowed(index, kind, 0..<count)), validity: valid)
            case .float: return Vector(kind: kind, count: count, form: .flat(floats(index, kind)), validity: valid)
            case .wide: return Vector(kind: kind, count: count, form: .flat(wides[index].buffer()), validity: valid)
            case .text, .bytes:
                return Vector(
                    kind: kind, count: count, form: .views(shown[index].buffer(), owners: owners), validity: valid)
            }
        }
    }

    /// The keys of some groups; nil: there are strings, whose bytes move out all together.
    func keys(of groups: Range<Int>) -> [Vector]? {
        guard kinds.allSatisfy({ $0 == .word }), !hasNulls else { return nil }
        return kinds.indices.map { index in
            let kind = types[index].storage
            return Vector(kind: kind, count: groups.count, form: .flat(narrowed(index, kind, groups)))
        }
    }

    private func validity(of index: Int) -> Buffer? {
        guard hasNulls else { return nil }
        let source = nulls[index / 64].pointer
        let shift = UInt64(index % 64)
        var any = false
        let buffer = Buffer(count: count, of: UInt8.self) { target in
            for group in 0..<count {
                let isNull = source[group] >> shift & 1 != 0
                target[group] = isNull ? 0 : 1
                any = any || isNull
            }
        }
        return any ? buffer : nil
    }

    private func narrowed(_ index: Int, _ kind: StorageKind, _ groups: Range<Int>) -> Buffer {
        let source = words[index].pointer + groups.lowerBound
        func cut<T: FixedWidthInteger & BitwiseCopyable>(_ type: T.Type) -> Buffer {
            Buffer.filled(count: groups.count, of: T.self) { target in
                for group in 0..<groups.count { target[group] = T(truncatingIfNeeded: source[group]) }
            }
        }
        return switch kind {
        case .int8: cut(Int8.self)
        case .int16: cut(Int16.self)
        case .int32: cut(Int32.self)
        default: cut(Int64.self)
        }
    }

    private func floats(_ index: Int, _ kind: StorageKind) -> Buffer {
        let source = words[index].pointer
        guard kind == .float32 else { return words[index].buffer() }
        return Buffer(count: count, of: Float.self) { target in
            for group in 0..<count { target[group] = Float(Double(bitPattern: UInt64(bitPattern: source[group]))) }
        }
    }
}
