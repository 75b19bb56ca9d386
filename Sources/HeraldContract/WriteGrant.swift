/// The permission to write at providers. It exists only because an approved plan was spent in the state (`StateSession.spend`, `StateSession.resume`),
/// and cannot be copied or kept; so code that plans cannot reach a writer.
package struct WriteGrant: ~Copyable, Sendable {
    /// What was spent for it, as `SpentPlan.id`.
    package let plan: String

    init(plan: String) { self.plan = plan }
}
