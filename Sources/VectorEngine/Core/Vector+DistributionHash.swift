package import SQLTypes

extension Batch {
    /// The distribution hash of each row's key. Of one column it is the column's, as tables place rows; of several it
    /// is a mix of theirs, which only `dist` steps among themselves agree on.
    package func distributionHashes(of keys: [Int], types: [SQLType], to target: UnsafeMutablePointer<UInt64>) {
        precondition(keys.count == types.count && !keys.isEmpty, "\(keys.count) keys of \(types.count) types")
        columns[keys[0]].distributionHashes(as: types[0], to: target)
        guard keys.count > 1 else { return }
        let next = Scratch<UInt64>(capacity: count)
        let others = next.pointer
        for (key, type) in zip(keys, types).dropFirst() {
            columns[key].distributionHashes(as: type, to: others)
            for row in 0..<count {
                target[row] = DistributionHash.mix((target[row] << 31 | target[row] >> 33) ^ others[row])
            }
        }
        withExtendedLifetime(next) {}
    }
}

extension Vector {
    /// What `DistributionHash` says of each value, whatever form the vector has.
    package func distributionHashes(as type: SQLType, to target: UnsafeMutablePointer<UInt64>) {
        switch KeyKind(type) {
        case .word, .wide:
            if kind == .int128 {
                withScratch(Int128.self) { values in
                    copyIntegers(to: values)
                    for row in 0..<count { target[row] = DistributionHash.hash(values[row]) }
                }
            } else {
                withScratch(Int64.self) { values in
                    copyIntegers(to: values)
                    for row in 0..<count { target[row] = DistributionHash.hash(values[row]) }
                }
            }
        case .float:
            withScratch(Double.self) { values in
                copyDoubles(to: values)
                for row in 0..<count { target[row] = DistributionHash.hash(values[row]) }
            }
        case .text, .bytes: hashStrings(trims: KeyKind(type) == .text, to: target)
        }
        guard mayHaveNulls else { return }
        withScratch(UInt8.self) { valid in
            copyValidity(to: valid)
            for row in 0..<count where valid[row] == 0 { target[row] = DistributionHash.null }
        }
    }

    private func withScratch<T: BitwiseCopyable>(_ type: T.Type, _ body: (UnsafeMutablePointer<T>) -> Void) {
        let memory = Scratch<T>(capacity: count)
        withExtendedLifetime(memory) { body(memory.pointer) }
    }

    private func hashStrings(trims: Bool, to target: UnsafeMutablePointer<UInt64>) {
        func hash(_ view: StringView) -> UInt64 {
            trims ? DistributionHash.hash(string: view.bytes) : DistributionHash.hash(bytes: view.bytes)
        }
        if case .dictionary(_, let dictionary) = form, dictionary.count > 0, dictionary.count <= count {
            let hashes = dictionary.entries.map(hash)
            withScratch(UInt32.self) { codes in
                copyCodes(to: codes)
                let last = UInt32(hashes.count - 1)
                for row in 0..<count { target[row] = hashes[Int(Swift.min(codes[row], last))] }
            }
            return
        }
        withScratch(StringView.self) { views in
            let owners = copyViews(to: views)
            withExtendedLifetime(owners) {
                for row in 0..<count { target[row] = hash(views[row]) }
            }
        }
    }
}
