/// Which rows a join hands out.
///
/// - Source: the plan's `JoinKind`, which says what each means for nulls.
package enum JoinType: Hashable, Sendable {
    case inner, left, right, full, semi, anti, nullAwareAnti, buildSemi, buildAnti

    /// Build columns are handed on.
    package var showsBuild: Bool { showsPairs || showsOnlyBuild }
    /// Rows of both sides, side by side.
    var showsPairs: Bool { self == .inner || self == .left || self == .right || self == .full }
    /// Probe rows only mark build rows, which come at the end.
    package var showsOnlyBuild: Bool { self == .buildSemi || self == .buildAnti }
    /// Probe rows without a match are handed on.
    var keepsProbe: Bool { self == .left || self == .full }
    /// Which build rows have a match is kept, for the end.
    var marksBuild: Bool { self == .right || self == .full || showsOnlyBuild }
}
