/// An SVG picture in the making. Colours come from classes, so that one picture serves light and dark pages.
struct SVGCanvas {
    let width: Double
    let height: Double
    private var elements: [String] = []
    private let label: String

    /// - Parameter label: what the picture shows, for those who cannot see it.
    init(width: Double, height: Double, label: String) {
        self.width = width
        self.height = height
        self.label = label
    }

    var markup: String {
        """
        <svg viewBox="0 0 \(SVGCanvas.number(width)) \(SVGCanvas.number(height))" role="img" \
        aria-label="\(escaped(label))" xmlns="http://www.w3.org/2000/svg">
        \(elements.joined(separator: "\n"))
        </svg>
        """
    }

    static func number(_ value: Double) -> String {
        var text = rounded(value, 2)
        while text.contains("."), text.last == "0" || text.last == "." {
            let wasPoint = text.removeLast() == "."
            if wasPoint { break }
        }
        return text == "-0" ? "0" : text
    }

    mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ style: String) {
        let places = zip(["x1", "y1", "x2", "y2"], [x1, y1, x2, y2]).map { "\($0)=\"\(SVGCanvas.number($1))\"" }
        elements.append("<line \(places.joined(separator: " ")) class=\"\(style)\"/>")
    }

    mutating func path(_ points: [(x: Double, y: Double)], _ style: String) {
        guard let first = points.first else { return }
        let rest = points.dropFirst().map { "L\(SVGCanvas.number($0.x)) \(SVGCanvas.number($0.y))" }
        let data = "M\(SVGCanvas.number(first.x)) \(SVGCanvas.number(first.y))" + rest.joined()
        elements.append("<path d=\"\(data)\" class=\"\(style)\"/>")
    }

    mutating func rectangle(
        _ x: Double, _ y: Double, _ width: Double, _ height: Double, _ style: String, title: String? = nil
    ) {
        let places = zip(["x", "y", "width", "height"], [x, y, max(0, width), max(0, height)]).map {
            "\($0)=\"\(SVGCanvas.number($1))\""
        }
        add("rect", "\(places.joined(separator: " ")) class=\"\(style)\"", title)
    }

    mutating func circle(_ x: Double, _ y: Double, _ radius: Double, _ style: String, title: String? = nil) {
        let place = "cx=\"\(SVGCanvas.number(x))\" cy=\"\(SVGCanvas.number(y))\" r=\"\(SVGCanvas.number(radius))\""
        add("circle", "\(place) class=\"\(style)\"", title)
    }

    mutating func diamond(_ x: Double, _ y: Double, _ radius: Double, _ style: String, title: String? = nil) {
        let points = [(x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y)]
            .map { "\(SVGCanvas.number($0.0)),\(SVGCanvas.number($0.1))" }.joined(separator: " ")
        add("polygon", "points=\"\(points)\" class=\"\(style)\"", title)
    }

    enum Anchor: String { case start, middle, end }

    mutating func text(_ text: String, _ x: Double, _ y: Double, _ anchor: Anchor = .start, _ style: String = "label") {
        let place = "x=\"\(SVGCanvas.number(x))\" y=\"\(SVGCanvas.number(y))\" text-anchor=\"\(anchor.rawValue)\""
        elements.append("<text \(place) class=\"\(style)\">\(escaped(text))</text>")
    }

    mutating func turnedText(_ text: String, _ x: Double, _ y: Double) {
        let place = "\(SVGCanvas.number(x)) \(SVGCanvas.number(y))"
        elements.append(
            "<text transform=\"translate(\(place)) rotate(-90)\" text-anchor=\"middle\" class=\"axis-title\">"
                + "\(escaped(text))</text>")
    }

    /// A title is what shows under the pointer.
    private mutating func add(_ element: String, _ attributes: String, _ title: String?) {
        guard let title else { return elements.append("<\(element) \(attributes)/>") }
        elements.append("<\(element) \(attributes)><title>\(escaped(title))</title></\(element)>")
    }
}

/// Text as HTML and XML take it.
func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
        .replacing("\"", with: "&quot;")
}
