package import SQLTypes

/// Probes a join table. Batch out: `probeOutput` columns, then (inner, left, right, full) `buildOutput` columns; of
/// `buildSemi` and `buildAnti` these alone.
///
/// A batch is looked up as a whole when it comes; matches are handed out from a cursor, `Batch.targetRows` at a time,
/// however many there are. Order: that of the probe rows, and of the build rows within each; probe rows without a match
/// come after the batch's matches if there is a residual condition, and build rows by whether they had one at the very
/// end.
package final class HashJoinOperator: BatchOperator {
    private let table: JoinTable
    private let type: JoinType
    private let keys: [Int]
    private let residual: ExpressionEvaluator?
    private let probeOutput: [Int]
    private let buildOutput: [Int]
    /// Of all input columns, for the null side of a right join.
    private let probeKinds: [StorageKind]

    private let block: KeyBlock
    private let scratch = ProbeScratch()
    private let firstScratch = Scratch<UInt32>()
    private let probeRows = Scratch<UInt32>()
    private let buildRows = Scratch<UInt32>()
    private let matchedProbe = Scratch<UInt8>()
    private let matchedBuild: Column<UInt8>
    /// Build rows that have no mark yet; counted where only marks matter.
    private var unmatchedBuild: Int
    private var mask = RowMask()

    private enum State {
        case waiting
        /// Handing out pairs: the probe row, and the build row that comes next (`none`: the first of the row after).
        case pairs(Batch, row: Int, build: UInt32)
        /// Probe rows by whether they matched.
        case probeRows(Batch)
        /// Build rows by whether somebody matched them, from this one on.
        case buildRows(Int)
        case ended
    }
    private var state = State.waiting

    package init(
        table: JoinTable, type: JoinType, keys: [Int], residual: ExpressionEvaluator?, probeOutput: [Int],
        buildOutput: [Int], probeKinds: [StorageKind]
    ) throws(SQLError) {
        if type == .nullAwareAnti && residual != nil {
            throw SQLError.unsupported("NOT IN with a correlated condition")
        }
        assert(keys.count == table.keyKinds.count, "\(keys.count) keys for \(table.keyKinds.count)")
        self.table = table
        self.type = type
        self.keys = keys
        self.residual = residual
        self.probeOutput = probeOutput
        self.buildOutput = buildOutput
        self.probeKinds = probeKinds
        block = KeyBlock(table.keyKinds, tracksNulls: false)
        matchedBuild = Column(capacity: type.marksBuild ? table.rowCount : 1)
        if type.marksBuild { matchedBuild.grow(to: table.rowCount, filling: 0) }
        unmatchedBuild = table.rowCount
    }

    /// 1 for each row of the last batch that has met a build row; valid when `produce` has returned nil.
    var matchedProbeRows: UnsafePointer<UInt8> { UnsafePointer(matchedProbe.pointer) }

    package var algorithm: String { table.algorithm }
    package var memoryBytes: Int { matchedBuild.byteCount }

    /// No probe row can come through (an inner or semi join with nothing), or change a mark.
    package var isSatisfied: Bool {
        switch type {
        case .inner, .semi, .right: table.rowCount == 0
        case .nullAwareAnti: table.hasNullKey
        case .buildSemi, .buildAnti: unmatchedBuild == 0
        case .left, .full, .anti: false
        }
    }

    package func consume(_ batch: Batch) throws(SQLError) {
        guard batch.count > 0 else { return }
        let first = firstScratch.reserve(batch.count)
        block.load(keys.map { batch.columns[$0] }, count: batch.count, needsHashes: table.needsHashes)
        table.find(block, scratch, first: first)
        if !table.isUnique && (residual != nil || type.showsPairs) {
            let rows = buildRows.reserve(batch.count)
            rows.update(from: first, count: batch.count)
            table.touchChains(rows, count: batch.count)
        }
        if type.showsOnlyBuild && residual == nil { return markChains(first, count: batch.count) }
        let matched = matchedProbe.reserve(batch.count)
        guard residual == nil else {
            matched.update(repeating: 0, count: batch.count)
            state = .pairs(batch, row: 0, build: JoinTable.none)
            return
        }
        for row in 0..<batch.count { matched[row] = first[row] == JoinTable.none ? 0 : 1 }
        state = type.showsPairs ? .pairs(batch, row: 0, build: JoinTable.none) : .probeRows(batch)
    }

    package func produce() throws(SQLError) -> Batch? {
        while true {
            switch state {
            case .waiting, .ended: return nil
            case .pairs(let batch, let row, let build):
                if let output = try nextPairs(batch, row: row, build: build) { return output }
                if case .pairs = state { return .stillWorking }
            case .probeRows(let batch):
                state = .waiting
                if let output = chosenProbeRows(batch) { return output }
            case .buildRows(let row):
                if let output = chosenBuildRows(from: row) { return output }
                state = .ended
            }
        }
    }

    package func inputEnded() {
        state = type.marksBuild ? .buildRows(0) : .ended
    }

    // MARK: Marks

    /// All rows of a key are marked at its first meeting; later ones see that at the first row.
    private func markChains(_ first: UnsafePointer<UInt32>, count: Int) {
        let matched = matchedBuild.pointer
        for row in 0..<count {
            var current = first[row]
            while current != JoinTable.none && matched[Int(current)] == 0 {
                matched[Int(current)] = 1
                unmatchedBuild -= 1
                current = table.following(current)
            }
        }
    }

    /// Pairs of probe rows and build rows that have no mark yet: the others are not asked again. Moves `state` on.
    private func collectUnmarkedPairs(_ batch: Batch, row start: Int, build: UInt32) -> Int {
        let limit = Batch.targetRows
        let probe = probeRows.reserve(limit)
        let target = buildRows.reserve(limit)
        let first = firstScratch.pointer
        let matched = matchedBuild.pointer
        var count = 0
        var row = start
        var current = build
        while row < batch.count {
            if current == JoinTable.none { current = first[row] }
            while current != JoinTable.none && count < limit {
                probe[count] = UInt32(truncatingIfNeeded: row)
                target[count] = current
                count += matched[Int(current)] == 0 ? 1 : 0
                current = table.following(current)
            }
            if current != JoinTable.none { break }
            row += 1
        }
        state = row < batch.count ? .pairs(batch, row: row, build: current) : .waiting
        return count
    }

    // MARK: Pairs

    /// The next pairs, at most a batch of them; nil if none of those looked at passed. Moves `state` on.
    private func nextPairs(_ batch: Batch, row start: Int, build: UInt32) throws(SQLError) -> Batch? {
        let count =
            type.showsOnlyBuild
            ? collectUnmarkedPairs(batch, row: start, build: build) : collectPairs(batch, row: start, build: build)
        guard count > 0 else { return nil }
        var pairs = Pairs(
            probe: UnsafeBufferPointer(start: UnsafePointer(probeRows.pointer), count: count),
            build: UnsafeBufferPointer(start: UnsafePointer(buildRows.pointer), count: count))
        if let residual {
            pairs = try passing(pairs, batch, residual)
            guard !pairs.probe.isEmpty else { return nil }
        }
        if type.marksBuild {
            let matched = matchedBuild.pointer
            for row in pairs.build where row != JoinTable.none && matched[Int(row)] == 0 {
                matched[Int(row)] = 1
                unmatchedBuild -= 1
            }
        }
        guard type.showsPairs else { return nil }
        return output(pairs, of: batch)
    }

    private struct Pairs {
        var probe: UnsafeBufferPointer<UInt32>
        var build: UnsafeBufferPointer<UInt32>
    }

    /// Without a residual, a probe row that an outer join keeps is paired with `none` here; with one it waits until all
    /// its candidates have been tried.
    private func collectPairs(_ batch: Batch, row start: Int, build: UInt32) -> Int {
        let limit = Batch.targetRows
        let probe = probeRows.reserve(limit)
        let build = (target: buildRows.reserve(limit), next: build)
        let first = firstScratch.pointer
        let keepsProbe = type.keepsProbe && residual == nil
        let isUnique = table.isUnique
        var count = 0
        var row = start
        var next = build.next
        if isUnique && !keepsProbe && batch.count - start <= limit {
            // At most one pair a row, and room for all: no branches.
            while row < batch.count {
                let match = first[row]
                probe[count] = UInt32(truncatingIfNeeded: row)
                build.target[count] = match
                count &+= match == JoinTable.none ? 0 : 1
                row &+= 1
            }
        }
        while row < batch.count {
            var current = next == JoinTable.none ? first[row] : next
            next = JoinTable.none
            if current == JoinTable.none {
                if keepsProbe {
                    guard count < limit else { break }
                    probe[count] = UInt32(truncatingIfNeeded: row)
                    build.target[count] = Vector.noRow
                    count += 1
                }
                row += 1
                continue
            }
            if isUnique {
                // The chains are all of one row: not worth a look into memory.
                guard count < limit else { break }
                probe[count] = UInt32(truncatingIfNeeded: row)
                build.target[count] = current
                count += 1
                row += 1
                continue
            }
            while current != JoinTable.none && count < limit {
                probe[count] = UInt32(truncatingIfNeeded: row)
                build.target[count] = current
                count += 1
                current = table.following(current)
            }
            if current != JoinTable.none {
                next = current
                break
            }
            row += 1
            if count == limit { break }
        }
        if row < batch.count {
            state = .pairs(batch, row: row, build: next)
        } else {
            state = residual != nil && type != .inner && type != .right ? .probeRows(batch) : .waiting
        }
        return count
    }

    /// The pairs for which the residual condition is true; marks their probe rows as matched. Over the input's columns
    /// and the build's payload.
    private func passing(_ pairs: Pairs, _ batch: Batch, _ residual: ExpressionEvaluator) throws(SQLError) -> Pairs {
        let probe = Span(_unsafeElements: pairs.probe)
        let build = Span(_unsafeElements: pairs.build)
        let columns = batch.columns.map { $0.gathered(probe) } + table.payload.columns.map { $0.gathered(build) }
        mask.reset(count: pairs.probe.count)
        try residual.filter(Batch(columns: columns, count: pairs.probe.count), into: &mask)
        let probeRows = self.probeRows.pointer
        let buildRows = self.buildRows.pointer
        let matched = matchedProbe.pointer
        var kept = 0
        mask.withBytes { (mask: UnsafeBufferPointer<UInt8>) in
            for pair in 0..<mask.count where mask[pair] != 0 {
                probeRows[kept] = probeRows[pair]
                buildRows[kept] = buildRows[pair]
                matched[Int(probeRows[kept])] = 1
                kept += 1
            }
        }
        return Pairs(
            probe: UnsafeBufferPointer(start: UnsafePointer(probeRows), count: kept),
            build: UnsafeBufferPointer(start: UnsafePointer(buildRows), count: kept))
    }

    private func output(_ pairs: Pairs, of batch: Batch) -> Batch {
        let build = Span(_unsafeElements: pairs.build)
        var columns = probeOutput.map { batch.columns[$0] }
        // Each probe row once, in order: its columns pass as they are.
        let isWhole = pairs.probe.count == batch.count && isIdentity(pairs.probe)
        if !isWhole {
            let probe = Span(_unsafeElements: pairs.probe)
            columns = columns.map { $0.gathered(probe) }
        }
        for column in buildOutput {
            let payload = table.payload.columns[column]
            columns.append(type.keepsProbe ? payload.gatheredOrNull(build) : payload.gathered(build))
        }
        return Batch(columns: columns, count: pairs.probe.count)
    }

    private func isIdentity(_ rows: UnsafeBufferPointer<UInt32>) -> Bool {
        var difference: UInt32 = 0
        for index in rows.indices { difference |= rows[index] ^ UInt32(truncatingIfNeeded: index) }
        return difference == 0
    }

    // MARK: Single rows

    /// Semi and anti joins: the probe rows that qualify. Outer joins with a residual: those without a match, build side
    /// null.
    private func chosenProbeRows(_ batch: Batch) -> Batch? {
        let matched = matchedProbe.pointer
        let rows = probeRows.reserve(batch.count)
        let wanted: UInt8 = type == .semi ? 1 : 0
        var count = 0
        // A null key is in no set but the empty one.
        let dropsNulls = type == .nullAwareAnti && table.rowCount > 0
        let valid = block.valid
        if type == .nullAwareAnti && table.hasNullKey { return nil }
        for row in 0..<batch.count {
            rows[count] = UInt32(truncatingIfNeeded: row)
            let isDropped = dropsNulls && valid[row] == 0
            count += matched[row] == wanted && !isDropped ? 1 : 0
        }
        guard count > 0 else { return nil }
        let picked = Span(_unsafeElements: UnsafeBufferPointer(start: UnsafePointer(rows), count: count))
        let isWhole = count == batch.count
        var columns = probeOutput.map { isWhole ? batch.columns[$0] : batch.columns[$0].gathered(picked) }
        if type.showsPairs {
            columns += buildOutput.map { Vector.nulls(kind: table.payload.columns[$0].kind, count: count) }
        }
        return Batch(columns: columns, count: count)
    }

    /// `buildSemi`: build rows with a match; else those without one, probe side null.
    private func chosenBuildRows(from start: Int) -> Batch? {
        let wanted: UInt8 = type == .buildSemi ? 1 : 0
        let rows = buildRows.reserve(Batch.targetRows)
        var count = 0
        var row = start
        while row < table.rowCount && count < Batch.targetRows {
            rows[count] = UInt32(truncatingIfNeeded: row)
            count += matchedBuild.pointer[row] == wanted ? 1 : 0
            row += 1
        }
        guard count > 0 else { return nil }
        state = .buildRows(row)
        let picked = Span(_unsafeElements: UnsafeBufferPointer(start: UnsafePointer(rows), count: count))
        let probe = probeOutput.map { Vector.nulls(kind: probeKinds[$0], count: count) }
        let build = buildOutput.map { table.payload.columns[$0].gathered(picked) }
        return Batch(columns: probe + build, count: count)
    }
}
