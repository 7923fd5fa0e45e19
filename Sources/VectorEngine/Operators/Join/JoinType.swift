/// Which rows a join hands out.
///
/// - Source: the plan's `JoinKind`, which says what each means for nulls.
package enum JoinType: Hashable, Sendable {
    case inner, left, right, full, semi, anti, nullAwareAnti

    /// Build columns are handed on.
    package var showsBuild: Bool { self == .inner || self == .left || self == .right || self == .full }
    /// Probe rows without a match are handed on.
    var keepsProbe: Bool { self == .left || self == .full }
    var keepsBuild: Bool { self == .right || self == .full }
}
