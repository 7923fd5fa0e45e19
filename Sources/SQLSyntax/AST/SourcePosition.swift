/// Where a piece of syntax begins in the text that was parsed.
///
/// Positions take no part in equality or hashing: two trees are equal when they mean the same SQL, wherever it stood.
/// So `parse(print(tree)) == tree`, and a GROUP BY expression can be compared with one of the select list.
package struct SourcePosition: Sendable {
    /// 1-based, in Unicode scalars; 0 when unknown.
    private let number: Int32

    package init(_ number: Int) { self.number = Int32(clamping: number) }

    /// Of syntax that no text was parsed for.
    package static let unknown = SourcePosition(0)

    /// What `SQLError.position` wants: 1-based, in Unicode scalars; nil when unknown.
    package var character: Int? { number > 0 ? Int(number) : nil }
}

extension SourcePosition: Hashable {
    package static func == (left: SourcePosition, right: SourcePosition) -> Bool { true }
    package func hash(into hasher: inout Hasher) {}
}
