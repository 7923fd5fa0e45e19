/// One grant: what a grantee was given on one object by one grantor.
package struct AccessEntry: Hashable, Sendable {
    package var grantee: Grantee
    package var grantor: UserID
    package var privileges: Privileges
    /// Those that the grantee may grant on; all of them are among `privileges`.
    package var grantable: Privileges

    package init(grantee: Grantee, grantor: UserID, privileges: Privileges, grantable: Privileges = []) {
        self.grantee = grantee
        self.grantor = grantor
        self.privileges = privileges
        self.grantable = grantable
    }
}

/// What was granted on one object, in the order of the granting. The owner has everything without being listed.
package struct AccessList: Hashable, Sendable {
    package private(set) var entries: [AccessEntry]

    package init(_ entries: [AccessEntry] = []) { self.entries = entries }

    package var isEmpty: Bool { entries.isEmpty }

    /// Adds to what the grantee has from the same grantor.
    package mutating func grant(_ entry: AccessEntry) {
        if let index = index(entry.grantee, entry.grantor) {
            entries[index].privileges.formUnion(entry.privileges)
            entries[index].grantable.formUnion(entry.grantable)
        } else if !entry.privileges.isEmpty {
            entries.append(entry)
        }
    }

    /// Takes privileges, or the right to grant them on, that the grantor has given.
    package mutating func revoke(
        _ privileges: Privileges, from grantee: Grantee, by grantor: UserID, grantOptionOnly: Bool
    ) {
        guard let index = index(grantee, grantor) else { return }
        entries[index].grantable.subtract(privileges)
        if !grantOptionOnly { entries[index].privileges.subtract(privileges) }
        if entries[index].privileges.isEmpty { entries.remove(at: index) }
    }

    /// All that the grantee itself was given, whoever gave it.
    package func privileges(of grantee: Grantee) -> Privileges {
        entries.reduce(into: []) { if $1.grantee == grantee { $0.formUnion($1.privileges) } }
    }

    package func grantable(by grantee: Grantee) -> Privileges {
        entries.reduce(into: []) { if $1.grantee == grantee { $0.formUnion($1.grantable) } }
    }

    package func names(_ grantee: Grantee) -> Bool { entries.contains { $0.grantee == grantee } }

    /// Grants made by somebody who may not grant them: the owner may, and whoever holds the option.
    package func orphans(owner: UserID) -> [AccessEntry] {
        entries.compactMap { entry in
            guard entry.grantor != owner else { return nil }
            let lost = entry.privileges.subtracting(grantable(by: .user(entry.grantor)))
            guard !lost.isEmpty else { return nil }
            var orphan = entry
            orphan.privileges = lost
            return orphan
        }
    }

    func handedOver(from old: UserID, to new: UserID) -> AccessList {
        var list = AccessList()
        for var entry in entries where entry.grantee != .user(new) {
            if entry.grantor == old || entry.grantor == new { entry.grantor = new }
            list.grant(entry)
        }
        return list
    }

    /// Without what the users, groups or roles were given.
    package func without(_ isGone: (Grantee) -> Bool) -> AccessList {
        AccessList(entries.filter { !isGone($0.grantee) })
    }

    private func index(_ grantee: Grantee, _ grantor: UserID) -> Int? {
        entries.firstIndex { $0.grantee == grantee && $0.grantor == grantor }
    }
}
