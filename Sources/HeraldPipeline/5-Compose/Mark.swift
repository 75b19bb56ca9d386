import HeraldDigest
package import HeraldModel

/// What an object carries at its provider so that it is found again: from git alone, stable under edits. The state keeps it through moves.
package enum Mark {
    /// 96 bits of a digest of workspace, environment and the object's first address.
    package static func of(_ address: Address, workspace: String, environment: String?) -> String {
        String(SHA256.hexadecimal("herald/mark\u{0}\(workspace)\u{0}\(environment ?? "")\u{0}\(address)").prefix(24))
    }
}
