import SQLTypes

/// Any pattern operator's pattern, compiled.
struct PatternMatcher: Sendable {
    private enum Kind: Sendable {
        case like(LikeMatcher)
        case regular(RegularExpression)
    }

    private let kind: Kind

    init(_ match: ExpressionNode.Match, pattern: [UInt8]) throws(SQLError) {
        switch match {
        case .like(let escape):
            kind = .like(try LikeMatcher(pattern: pattern, escape: escape, foldsCase: false))
        case .ilike(let escape):
            kind = .like(try LikeMatcher(pattern: pattern, escape: escape, foldsCase: true))
        case .similarTo(let escape):
            kind = .regular(try RegularExpression(similarTo: pattern, escape: escape))
        case .posix(let isCaseInsensitive):
            kind = .regular(try RegularExpression(posix: pattern, isCaseInsensitive: isCaseInsensitive))
        }
    }

    func matches(_ view: StringView) -> Bool {
        switch kind {
        case .like(let matcher): matcher.matches(view.bytes)
        case .regular(let expression): expression.matches(view.bytes)
        }
    }

    /// Drops the rows that do not match (`isNegated`: that do). Validity is not looked at.
    func keep(_ vector: Vector, isNegated: Bool, mask: inout RowMask) {
        let lanes = vector.stringLanes()
        switch kind {
        case .like(let matcher):
            matcher.withRun { run in keep(lanes, &mask) { run.matches($0) != isNegated } }
        case .regular(let expression):
            keep(lanes, &mask) { expression.matches($0) != isNegated }
        }
        withExtendedLifetime(lanes) {}
    }

    @inline(__always)
    private func keep(
        _ lanes: StringLanes, _ mask: inout RowMask, test: (UnsafeBufferPointer<UInt8>) -> Bool
    ) {
        mask.withMutableBytes { bytes in
            if let views = lanes.lanes.values {
                for row in 0..<bytes.count where bytes[row] != 0 && !test(views[row].bytes) { bytes[row] = 0 }
            } else if !test(lanes.lanes.constant.bytes) {
                bytes.update(repeating: 0)
            }
        }
    }
}
