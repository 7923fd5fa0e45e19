import Catalog
import SQLSyntax
import SQLTypes

extension TableDefinition {
    func finding(style wanted: Distribution.Style?, isEffective: Bool) -> AssertionReport.Finding {
        let shown = distribution.shownText(columns)
        let isPassed: Bool
        let wantedText: String
        if let wanted {
            isPassed = distribution.effective == wanted && (isEffective || !distribution.isAutomatic)
            wantedText = Distribution(wanted).shownText(columns)
        } else {
            isPassed = distribution.isAutomatic
            wantedText = "AUTO"
        }
        var finding = AssertionReport.Finding(
            isPassed,
            "the DISTSTYLE of \(name.name) is \(shown), \(isEffective ? "effectively " : "")\(wantedText) was asserted")
        guard !isPassed else { return finding }
        let change =
            switch wanted {
            case .key(let column)?: "ALTER DISTKEY \(sqlName(ofColumn: column))"
            case .even?: "ALTER DISTSTYLE EVEN"
            case .all?: "ALTER DISTSTYLE ALL"
            case nil: "ALTER DISTSTYLE AUTO"
            }
        finding.hint = "Try ALTER TABLE \(shortSQLName) \(change)."
        if let wanted, wanted == distribution.effective {
            finding.hint = "AUTO has come to the same: ASSERT EFFECTIVE DISTSTYLE holds. Or \(finding.hint ?? "")"
        }
        return finding
    }
}

extension Distribution {
    /// `KEY(listid)`, `AUTO(EVEN)`: as SVV_TABLE_INFO shows it.
    func shownText(_ columns: [Catalog.ColumnDefinition]) -> String {
        let text =
            switch effective {
            case .even: "EVEN"
            case .all: "ALL"
            case .key(let column): "KEY(\(columns[column].name))"
            }
        return isAutomatic ? "AUTO(\(text))" : text
    }
}
