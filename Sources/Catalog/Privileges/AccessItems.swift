/// Access lists as PostgreSQL writes them: `{owner=arwd/owner,mary=r*/owner,=r/owner}`.
extension CatalogSnapshot {
    /// For `relacl`, `nspacl`, `datacl` and `lanacl`: nil if nothing was ever granted or revoked.
    package func accessItems(of object: Securable) -> String? {
        guard let list = access.lists[object] else { return nil }
        let owner = access.owner(of: object)
        let own = AccessEntry(grantee: .user(owner), grantor: owner, privileges: object.allPrivileges)
        return items([own] + list.entries)
    }

    /// For `attacl`: nil if nothing was granted on the column.
    package func accessItems(of object: Securable, column: String) -> String? {
        access.columns[object]?[column].map { items($0.entries) }
    }

    /// For `defaclacl`.
    package func accessItems(of list: AccessList) -> String { items(list.entries) }

    private func items(_ entries: [AccessEntry]) -> String {
        "{" + entries.map(item).joined(separator: ",") + "}"
    }

    private func item(_ entry: AccessEntry) -> String {
        let letters = entry.privileges.letters(grantable: entry.grantable)
        let item = "\(itemName(entry.grantee))=\(letters)/\(quoted(principals.userName(entry.grantor)))"
        // An element of an array: what the array's own syntax would take apart is in quotes.
        guard item.contains(where: { " ,{}\"\\".contains($0) }) else { return item }
        return "\"" + item.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }

    private func itemName(_ grantee: Grantee) -> String {
        switch grantee {
        case .everyone: ""
        case .user(let id): quoted(principals.userName(id))
        case .group(let id): "group " + quoted(principals.groups[id]?.name ?? "\(id.rawValue)")
        case .role(let id): "role " + quoted(principals.roles[id]?.name ?? "\(id.rawValue)")
        }
    }

    private func quoted(_ name: String) -> String {
        let isPlain = name.utf8.allSatisfy { byte in
            UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
                || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte || byte == UInt8(ascii: "_")
        }
        return isPlain ? name : "\"" + name.replacing("\"", with: "\\\"") + "\""
    }
}
