package import SQLTypes

/// What a role is wanted for.
package enum ObjectAction: Hashable, Sendable {
    case read(bucket: String)
    case write(bucket: String)
}

/// Says whether a cluster may use a role.
package protocol RoleAuthority: Sendable {
    /// Throws unless database user `user` may do `action` through `authorization`. Returns the role that did it.
    @discardableResult
    func authorize(_ authorization: CopyAuthorization, for action: ObjectAction, user: String) throws(SQLError)
        -> RoleARN
}

/// The roles attached to an embedded cluster. An attached role may do everything; any other is refused as AWS refuses
/// it.
package struct AttachedRoles: RoleAuthority {
    /// Attached to a cluster that nobody has given roles.
    package static let standardRole = "arn:aws:iam::123456789012:role/blueshift"

    package let roles: [RoleARN]
    /// What `IAM_ROLE default` stands for; nil: there is no default role.
    package let defaultRole: RoleARN?
    /// Shown in the user's ARN when a role is refused.
    package let clusterIdentifier: String
    package let region: String
    package let accountID: String

    package init(
        roles: [RoleARN], defaultRole: RoleARN? = nil, clusterIdentifier: String = "blueshift",
        region: String = "us-west-2", accountID: String = "123456789012"
    ) {
        self.roles = roles
        self.defaultRole = defaultRole
        self.clusterIdentifier = clusterIdentifier
        self.region = region
        self.accountID = accountID
    }

    /// The standard role alone, and as the default.
    package static func standard(
        clusterIdentifier: String = "blueshift", region: String = "us-west-2"
    ) throws(SQLError) -> AttachedRoles {
        let role = try RoleARN(standardRole)
        return AttachedRoles(roles: [role], defaultRole: role, clusterIdentifier: clusterIdentifier, region: region)
    }

    package func authorize(
        _ authorization: CopyAuthorization, for action: ObjectAction, user: String
    ) throws(SQLError) -> RoleARN {
        switch authorization {
        case .defaultRole:
            guard let defaultRole else {
                throw SQLError(
                    .objectNotInPrerequisiteState, "There is no default IAM role set for the cluster",
                    hint: "Name one: IAM_ROLE 'arn:aws:iam::<12-digit account id>:role/<role name>'.")
            }
            return defaultRole
        case .roles(let chain):
            guard let first = chain.first, let last = chain.last else {
                throw SQLError.internalError("an empty chain of roles")
            }
            guard roles.contains(first) else {
                let names = roles.map(\.text).joined(separator: ", ")
                throw SQLError(
                    .internalError,
                    "User arn:aws:redshift:\(region):\(accountID):dbuser:\(clusterIdentifier)/\(user) "
                        + "is not authorized to assume IAM Role \(first)",
                    detail: "The role is not attached to the cluster.",
                    hint: names.isEmpty ? "No role is attached." : "Attached: \(names)")
            }
            return last
        }
    }
}
