package import HeraldAudience
package import HeraldContract

extension ServerAccess {
    /// By the variables of a run: its secrets, and the hosts that the runner trusts with them.
    package init(_ environment: RunEnvironment) {
        let secrets = Secrets(environment)
        let trusted = environment.variables["HERALD_TRUSTED_HOSTS"].map { Set($0.split { $0 == "," || $0 == " " }.map(String.init)) }
        self.init(
            secret: { secret throws(Missing) in
                do throws(SecretFailure) { return try secrets.resolve(secret) } catch { throw Missing(error.message) }
            }, trustedHosts: trusted, authorities: environment.variables["SSL_CERT_FILE"].flatMap { $0.isEmpty ? nil : $0 })
    }
}
