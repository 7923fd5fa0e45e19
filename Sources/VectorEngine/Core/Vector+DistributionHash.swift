package import SQLTypes

extension Batch {
    /// The distribution hash of each row's key. Of one column it is the column's, as tables place rows; of several it is a mix
    /// of theirs, which only `dist` steps among themselves agree on.
    package func distributionHashes(of keys: [Int], types: [SQLType], to target: UnsafeMutablePointer<UInt64>) {
        precondition(keys.count == types.count && !keys.isEmpty, "\(keys.count) keys of \(types.count) types")
        columns[keys[0]].distributionHashes(as: types[0], to: target)
        guard keys.count > 1 else { return }
        let next = Scratch<UInt64>(capacity: count)
        for (key, type) in zip(keys, types).dropFirst() {
            columns[key].distributionHashes(as: type, to: next.pointer)
            for row in 0 ..< count {
                target[row] = DistributionHash.mix((target[row] << 31 | target[row] >> 33) ^ next.pointer[row])
            }
        }
    }
}

extension Vector {
    /// What `DistributionHash` says of each value, whatever form the vector has.
    package func distributionHashes(as type: SQLType, to target: UnsafeMutablePointer<UInt64>) {
        switch KeyKind(type) {
        case .word, .wide:
            if kind == .int128 {
                let values = Scratch<Int128>(capacity: count)
                copyIntegers(to: values.pointer)
                for row in 0 ..< count { target[row] = DistributionHash.hash(values.pointer[row]) }
            } else {
                let values = Scratch<Int64>(capacity: count)
                copyIntegers(to: values.pointer)
                for row in 0 ..< count { target[row] = DistributionHash.hash(values.pointer[row]) }
            }
        case .float:
            let values = Scratch<Double>(capacity: count)
            copyDoubles(to: values.pointer)
            for row in 0 ..< count { target[row] = DistributionHash.hash(values.pointer[row]) }
        case .text, .bytes: hashStrings(trims: KeyKind(type) == .text, to: target)
        }
        guard mayHaveNulls else { return }
        let valid = Scratch<UInt8>(capacity: count)
        copyValidity(to: valid.pointer)
        for row in 0 ..< count where valid.pointer[row] == 0 { target[row] = DistributionHash.null }
    }

    private func hashStrings(trims: Bool, to target: UnsafeMutablePointer<UInt64>) {
        func hash(_ view: StringView) -> UInt64 {
            trims ? DistributionHash.hash(string: view.bytes) : DistributionHash.hash(bytes: view.bytes)
        }
        if case .dictionary(_, let dictionary) = form, dictionary.count > 0, dictionary.count <= count {
            let hashes = dictionary.entries.map(hash)
            let codes = Scratch<UInt32>(capacity: count)
            copyCodes(to: codes.pointer)
            let last = UInt32(hashes.count - 1)
            for row in 0 ..< count { target[row] = hashes[Int(Swift.min(codes.pointer[row], last))] }
            return
        }
        let views = Scratch<StringView>(capacity: count)
        let owners = copyViews(to: views.pointer)
        withExtendedLifetime(owners) {
            for row in 0 ..< count { target[row] = hash(views.pointer[row]) }
        }
    }
}
