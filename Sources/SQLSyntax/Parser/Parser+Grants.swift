import SQLTypes

/// GRANT and REVOKE.
extension Parser {
    mutating func grantOrRevoke() throws(SQLError) -> Statement {
        let isGrant = at(.grant)
        let what = isGrant ? "GRANT" : "REVOKE"
        let start = position
        advance()
        if at(.role) || takesAdminOption { return .principal(try roleGrant(isGrant)) }
        throw .unsupported(what, at: start.character)
    }

    /// `ADMIN OPTION FOR`, which stands before roles only.
    private var takesAdminOption: Bool {
        currentWord == "admin" && token(1).kind == .word && token(2).keyword == .for
    }

    /// `GRANT ROLE a, ROLE b TO user, ROLE c WITH ADMIN OPTION`; the word ROLE may be left out of all but the first.
    private mutating func roleGrant(_ isGrant: Bool) throws(SQLError) -> PrincipalStatement {
        let adminOptionOnly = !isGrant && takesAdminOption
        if adminOptionOnly {
            advance(2)
            try expect(.for)
        }
        var roles: [Identifier] = []
        repeat {
            _ = take(.role)
            roles.append(try roleName())
        } while take(.comma)
        try expect(isGrant ? .to : .from)
        guard isGrant else {
            var grantees = [try granteeName()]
            while take(.comma) { grantees.append(try granteeName()) }
            return .revokeRoles(roles, from: grantees, adminOptionOnly: adminOptionOnly)
        }
        return .grantRoles(roles, to: try grantTargets(option: "admin"))
    }

    /// `name [WITH GRANT OPTION], …`; the option belongs to the name before it.
    mutating func grantTargets(option: String) throws(SQLError) -> [GrantTarget] {
        var targets: [GrantTarget] = []
        repeat {
            let start = position
            var target = GrantTarget(try granteeName(), at: start)
            if take(.with) {
                try expectWord(option)
                try expectWord("option")
                target.withOption = true
            }
            targets.append(target)
        } while take(.comma)
        return targets
    }
}
