extension DatabaseSession {
    /// Values of session parameters as SHOW prints them; nil for names that are none.
    package func parameters(_ names: [String]) -> [String?] { names.map { settings[$0] } }
}
