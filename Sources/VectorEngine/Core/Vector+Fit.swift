import SQLTypes

extension Vector {
    /// These strings as a column of at most `limit` bytes holds them: surplus blanks are cut. nil if a row, not null, is
    /// too long without them. The vector itself if nothing is to be cut, which is found out without a look at the bytes.
    package func fitted(to limit: Int) -> Vector? {
        assert(kind == .bytes, "lengths of \(kind)")
        if isWithin(limit) { return self }
        let views = Scratch<StringView>(capacity: count)
        // Null rows have the empty string.
        let owners = copyViews(to: views.pointer)
        for row in 0..<count where views.pointer[row].count > limit && views.pointer[row].trimmedCount > limit {
            return nil
        }
        let fitting = Buffer.filled(count: count, of: StringView.self) { target in
            for row in 0..<count {
                let view = views.pointer[row]
                target[row] = view.count > limit ? StringView(view.bytes.baseAddress, count: limit) : view
            }
        }
        withExtendedLifetime(views) {}
        return Vector(
            kind: .bytes, count: count, form: .views(fitting, owners: owners), validity: validityFromZero())
    }

    /// False if some string may be longer; entries of a dictionary that no row has count, too.
    private func isWithin(_ limit: Int) -> Bool {
        switch form {
        case .views(let buffer, _):
            let start = buffer.pointer(as: StringView.self) + offset
            var longest = 0
            for row in 0..<count { longest = Swift.max(longest, start[row].count) }
            return longest <= limit
        case .dictionary(_, let dictionary): return dictionary.entries.allSatisfy { $0.count <= limit }
        case .constant(let value): return (value.storedBytes?.count ?? 0) <= limit
        case .flat, .coded: return true
        }
    }
}
