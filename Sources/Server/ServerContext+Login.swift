#if Server
import Catalog
import ClusterRuntime
import PGWire
import SQLTypes

extension ServerContext {
    /// What is known of the user's password, and why it may not log in even with the right one.
    func identify(_ request: LoginRequest) -> (proof: PasswordProof?, refusal: SQLError?) {
        do throws(SQLError) {
            let user = try leader.login(user: request.user, database: request.database)
            return (PasswordProof(user), nil)
        } catch {
            // Only who knows the password learns what else is wrong.
            return (leader.user(named: request.user).flatMap { PasswordProof($0) }, error)
        }
    }
}

extension PasswordProof {
    /// nil: no password lets the user in.
    init?(_ user: UserDefinition) {
        guard let verifiers = user.verifiers else { return nil }
        self.init(
            md5: verifiers.md5,
            scram: verifiers.scram.map {
                ScramVerifier(
                    salt: $0.salt, iterations: $0.iterations, storedKey: $0.storedKey, serverKey: $0.serverKey)
            }, sha256: verifiers.sha256.map { SaltedDigest(salt: $0.salt, digest: $0.digest) })
    }
}
#endif
