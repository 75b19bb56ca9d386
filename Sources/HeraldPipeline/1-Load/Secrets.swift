package import HeraldContract
package import HeraldModel

/// Why a secret could not be had; names the variable or file, never what is in it.
package struct SecretFailure: Error, Sendable {
    package let message: String
}

/// Resolves secrets at the moment of use. A pull request is foreign input, so where the runner limits variables and folders, nothing else is read.
package struct Secrets: Sendable {
    private let environment: RunEnvironment

    package init(_ environment: RunEnvironment) { self.environment = environment }

    /// The variables that may be used: all, or those that HERALD_ENV_ALLOW names where it is set.
    package static func allowed(_ variables: [String: String]) -> [String: String] {
        guard let allowed = variables["HERALD_ENV_ALLOW"] else { return variables }
        let names = Set(allowed.split { $0 == "," || $0 == " " }.map(String.init))
        return variables.filter { names.contains($0.key) }
    }

    /// The secret's text without line breaks at its end.
    package func resolve(_ secret: Secret) throws(SecretFailure) -> String {
        switch secret {
        case .environment(let name):
            if let value = Secrets.allowed(environment.variables)[name], !value.isEmpty { return value }
            let isThere = !(environment.variables[name] ?? "").isEmpty
            throw SecretFailure(message: "the variable \(name) is not \(isThere ? "among those that HERALD_ENV_ALLOW allows" : "set")")
        case .file(let path): return try read(path)
        }
    }

    private func read(_ path: String) throws(SecretFailure) -> String {
        let full = environment.path(path)
        let folder = environment.variables["HERALD_SECRETS_DIR"].map { ReadFile.resolved($0) ?? $0 }
        let bytes: [UInt8]
        do { bytes = try ReadFile.read(full, limit: 1 << 16, inside: folder) } catch {
            let reason = error == .outside ? "it is not below HERALD_SECRETS_DIR" : error.message
            throw SecretFailure(message: "the secret in \(path) cannot be read: \(reason)")
        }
        var text = String(decoding: bytes, as: UTF8.self)
        while text.unicodeScalars.last.map({ $0 == "\n" || $0 == "\r" }) ?? false { text.unicodeScalars.removeLast() }
        guard !text.isEmpty else { throw SecretFailure(message: "the secret in \(path) is empty") }
        return text
    }
}
