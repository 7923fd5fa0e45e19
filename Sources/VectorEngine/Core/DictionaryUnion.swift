import SQLTypes

/// Makes one dictionary of several, with the bytes of its entries in memory of its own.
struct DictionaryUnion {
    /// As stored: entries that differ in trailing blanks stay two.
    private let entries = GroupTable([.varbyte(length: SQLType.maximumVarcharLength)], numbersText: false)
    private var known: [ObjectIdentifier: [UInt32]] = [:]
    /// What `known` names by address must not be freed.
    private var sources: [StringDictionary] = []

    /// By code of that dictionary, the code in the union; nil if there are more entries than a code can name.
    /// Complexity: O(entries) the first time.
    mutating func add(_ dictionary: StringDictionary) -> [UInt32]? {
        if let codes = known[ObjectIdentifier(dictionary)] { return codes }
        let count = dictionary.count
        let views = Vector(
            kind: .bytes, count: count, form: .views(dictionary.views, owners: dictionary.owners))
        let codes = [UInt32](unsafeUninitializedCapacity: count) { target, filled in
            guard let start = target.baseAddress else { return }
            filled = (try? entries.assign([views], count: count, groups: start)) == nil ? 0 : count
        }
        guard codes.count == count else { return nil }
        known[ObjectIdentifier(dictionary)] = codes
        sources.append(dictionary)
        return codes
    }

    func finish() -> StringDictionary? {
        guard case .views(let views, let owners) = entries.finish()[0].form else { return nil }
        return StringDictionary(views: views, owners: owners)
    }
}
