import HeraldDatabase
package import HeraldModel

extension Rule {
    static let sourceCredentials = Rule("source-credentials", exit: .credentials)
    static let sourceUntrusted = Rule("source-untrusted", exit: .refused)
    /// The server is not there at the moment, or takes too long.
    static let sourceUnavailable = Rule("source-unavailable", exit: .failed)
}

/// What it takes to reach the servers that hold contact data: handed in, since nothing here asks for variables by itself.
package struct ServerAccess: Sendable {
    /// Why a secret is not to be had, naming its variable or file.
    package struct Missing: Error {
        let message: String

        package init(_ message: String) { self.message = message }
    }

    private let secret: @Sendable (Secret) throws(Missing) -> String
    /// The hosts that credentials may be sent to besides this machine; nil is all.
    private let trusted: Set<String>?
    /// A file of certificates (PEM) of those who are trusted to sign a server's; nil for those of the system.
    let authorities: String?

    package init(secret: @escaping @Sendable (Secret) throws(Missing) -> String, trustedHosts: Set<String>?, authorities: String?) {
        self.secret = secret
        trusted = trustedHosts.map { Set($0.map { $0.lowercased() }) }
        self.authorities = authorities
    }

    /// Where no server is to be reached.
    package static let none = ServerAccess(secret: { _ throws(Missing) in throw Missing("there are no secrets here") }, trustedHosts: nil, authorities: nil)

    /// The connection string of a source; nil after reporting that there is none.
    func text(_ secret: Secret, of id: String, at span: SourceSpan, _ diagnostics: Diagnostics) -> String? {
        do throws(Missing) {
            return try self.secret(secret)
        } catch {
            diagnostics.report(
                .sourceCredentials, "source \(id) cannot be reached: \(error.message)", at: span,
                suggestion: "without secrets, `herald validate` and `herald test` still work")
            return nil
        }
    }

    /// Whether credentials may be sent to all of these hosts; false after reporting one that is not trusted.
    func trusts(_ hosts: [String], of id: String, at span: SourceSpan, _ diagnostics: Diagnostics) -> Bool {
        guard let trusted, let stranger = hosts.first(where: { !ServerAccess.isHere($0) && !trusted.contains($0.lowercased()) }) else { return true }
        diagnostics.report(
            .sourceUntrusted, "source \(id) is on \(stranger), and HERALD_TRUSTED_HOSTS does not name that host", at: span,
            suggestion: "add the host to HERALD_TRUSTED_HOSTS where the runner is set up, if it is yours")
        return false
    }

    /// This machine by its very name, or a socket on it.
    private static func isHere(_ host: String) -> Bool { host.hasPrefix("/") || WebAddress.isLoopback(host.lowercased()) }

    /// Whether a source is on this machine; also where its secret is not to be had, since then nothing is reached.
    package func isHere(_ location: SourceDefinition.Location) -> Bool {
        switch location {
        case .csv, .sqlite: return true
        case .postgres(let secret):
            guard let text = try? self.secret(secret), let target = try? PostgresTarget(text) else { return true }
            return target.hosts.allSatisfy(ServerAccess.isHere)
        case .clickhouse(let secret):
            guard let text = try? self.secret(secret), let address = ClickHouseAddress(text) else { return true }
            return ServerAccess.isHere(address.host)
        }
    }
}
