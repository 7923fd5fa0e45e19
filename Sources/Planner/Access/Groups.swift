import Catalog
import SQLSyntax
import SQLTypes

/// CREATE, ALTER and DROP GROUP.
extension Planner {
    func createGroup(_ name: Identifier, _ users: [Identifier]) throws(SQLError) -> PlannedAccess {
        try expectSuperuser("create groups")
        try expectGroupName(name)
        let group = GroupDefinition(
            id: principals.next.group, name: name.name, members: try members(users))
        return PlannedAccess("CREATE GROUP", [.createGroup(group)])
    }

    func alterGroup(_ name: Identifier, _ action: GroupAction) throws(SQLError) -> PlannedAccess {
        try expectSuperuser("alter groups")
        var group = try group(name)
        switch action {
        case .add(let users): group.members = Set(group.members).union(try members(users)).sorted()
        case .drop(let users):
            let leaving = Set(try members(users))
            group.members.removeAll { leaving.contains($0) }
        case .renameTo(let new):
            if new.name != group.name { try expectGroupName(new) }
            group.name = new.name
        }
        return PlannedAccess("ALTER GROUP", [.replaceGroup(group)])
    }

    func dropGroup(_ name: Identifier) throws(SQLError) -> PlannedAccess {
        try expectSuperuser("drop groups")
        let group = try group(name)
        guard !context.catalog.access.names(.group(group.id)) else {
            throw SQLError.cannotDrop("group", group.name, because: "the group has a privilege on some object")
                .at(name.position.character)
        }
        return PlannedAccess("DROP GROUP", [.dropGroup(group.id)])
    }

    func group(_ name: Identifier) throws(SQLError) -> GroupDefinition {
        guard let group = principals.group(named: name.name) else {
            throw SQLError(
                .undefinedObject, "group \"\(name.name)\" does not exist", position: name.position.character)
        }
        return group
    }

    private func members(_ names: [Identifier]) throws(SQLError) -> [UserID] {
        var members: Set<UserID> = []
        for name in names { members.insert(try user(name).id) }
        return members.sorted()
    }

    private func expectGroupName(_ name: Identifier) throws(SQLError) {
        guard !name.name.hasPrefix("__"), name.name != "public" else {
            throw SQLError(
                .reservedName, "group name \"\(name.name)\" is reserved", position: name.position.character)
        }
        guard principals.group(named: name.name) == nil else { throw Self.duplicate("group", name) }
    }
}
