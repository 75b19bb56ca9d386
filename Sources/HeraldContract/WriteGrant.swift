/// The permission to write at providers. It exists only because an approved plan was spent in the state (`StateSession.spend`, `StateSession.resume`),
/// and cannot be copied or kept; so code that plans cannot reach a writer.
package struct WriteGrant: ~Copyable, Sendable {
    /// The digest of the plan that was spent for it.
    package let plan: String

    init(plan: String) { self.plan = plan }
}
