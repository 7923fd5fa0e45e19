/// How the files of a table's last COPY were dealt to the slices.
struct LastLoad: Sendable {
    /// By slice; a part of a file counts as one.
    var filesPerSlice: [Int]
}
