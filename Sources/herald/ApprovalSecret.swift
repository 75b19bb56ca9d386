import HeraldContract
import HeraldDigest
import HeraldModel
import HeraldPipeline

/// The secret with which a role approves.
enum ApprovalSecret {
    /// Ends the command where it is not set, or too short to keep anybody out.
    static func of(_ role: String, _ environment: RunEnvironment) throws -> String {
        let variable = ApprovalFile.variable(of: role)
        guard let secret = environment.variables[variable], !secret.isEmpty else {
            Terminal.talk("error: the variable \(variable) is not set, and it holds the secret with which \(role) approves")
            Terminal.talk("help: set it where \(role) approves, and where plans are applied; make it with `openssl rand -base64 32`")
            throw Ended(.credentials)
        }
        guard secret.utf8.count >= Seal.shortestSecret else {
            Terminal.talk("error: the secret in \(variable) has fewer than \(Seal.shortestSecret) characters")
            Terminal.talk("help: make one with `openssl rand -base64 32`")
            throw Ended(.credentials)
        }
        return secret
    }
}

extension RunEnvironment {
    /// Who runs the command, as CI or the system calls them: a login, for the history. An address is shown masked.
    var actor: String {
        let names = ["HERALD_ACTOR", "GITHUB_ACTOR", "GITLAB_USER_LOGIN", "BUILD_REQUESTEDFOR", "USER", "LOGNAME"]
        let found = names.lazy.compactMap { self.variables[$0] }.first { !$0.isEmpty } ?? "unknown"
        return found.contains("@") ? ContactMask.mask(found) : String(found.prefix(100))
    }
}
