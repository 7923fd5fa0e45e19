import Benchmarking
import Testing

@Suite struct HTMLTests {
    /// Every element is closed by its own end, attributes are quoted, text has no bare `<`, and nothing is fetched.
    @Test(arguments: [[1, 2, 4], [1, 2], [1], [2, 4]])
    func wellFormed(slices: [Int]) throws {
        let report = madeReport(slices: slices)
        let page = HTMLReport.text(Analysis(report, bootstrap: Bootstrap(resamples: 50)))
        var open: [String] = []
        var rest = page[...]
        while let start = rest.firstIndex(of: "<") {
            rest = rest[start...]
            let end = try #require(rest.firstIndex(of: ">"), "an element without an end")
            let element = rest[rest.index(after: start)..<end]
            rest = rest[rest.index(after: end)...]
            #expect(!element.contains("<"), "a bare < before \(element)")
            #expect(element.count { $0 == "\"" } % 2 == 0, "\(element)")
            let name = String(element.drop { $0 == "/" }.prefix { $0.isLetter || $0.isNumber || $0 == "!" })
            if name == "!DOCTYPE" { continue }
            if element.hasPrefix("/") {
                #expect(open.popLast() == name, "</\(name)> closes something else")
            } else if !element.hasSuffix("/") {
                open.append(name)
            }
        }
        #expect(open.isEmpty, "\(open)")
        #expect(page.contains("quotes &quot; &amp; &lt;angles&gt;"))
        #expect(!page.contains("abc<def>"))
        for outside in ["src=", "href=", "@import", "url(", "<script", "NaN", "inf"] {
            #expect(!page.contains(outside), "\(outside)")
        }
    }

    @Test func figures() {
        func count(_ slices: [Int]) -> Int {
            HTMLReport.text(Analysis(madeReport(slices: slices), bootstrap: Bootstrap(resamples: 50)))
                .ranges(of: "<figure>").count
        }
        // The curve, the times, and for each parallel configuration its queries and its losses.
        #expect(count([1, 2, 4]) == 6)
        // Nothing to compare with: times only.
        #expect(count([1]) == 1)
    }
}
