extension ColumnEncoding {
    /// `attencodingtype` of pg_attribute, which `format_encoding` turns into the name. Redshift tells no list of its
    /// numbers; 0 is no encoding there, too.
    package var code: Int {
        switch self {
        case .raw: 0
        case .runlength: 1
        case .bytedict: 2
        case .delta: 3
        case .delta32k: 4
        case .mostly8: 5
        case .mostly16: 6
        case .mostly32: 7
        case .text255: 8
        case .text32k: 9
        case .lzo: 10
        case .zstd: 11
        case .az64: 12
        }
    }

    package init?(code: Int) {
        guard let encoding = Self.allCases.first(where: { $0.code == code }) else { return nil }
        self = encoding
    }

    /// As PG_TABLE_DEF and `format_encoding` write it.
    package var shownName: String { self == .raw ? "none" : rawValue }
}
