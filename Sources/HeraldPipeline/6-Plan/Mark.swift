import HeraldDigest
package import HeraldModel

/// What finds an object again: a digest of workspace, environment and the first address of its definition. It comes from git alone and does not
/// change with edits; the state keeps it through a move.
package enum Mark {
    package static func of(_ address: Address, workspace: String, environment: String?) -> String {
        String(SHA256.hexadecimal("\(workspace)\u{0}\(environment ?? "")\u{0}\(address)").prefix(32))
    }

    package static func of(_ address: Address, _ settings: WorkspaceSettings) -> String {
        of(address, workspace: settings.id.value, environment: settings.environment)
    }
}
