/// A rotation of the workspace's key: what leads a digest made with the keys so far to the one that the new key makes. Nothing but the digest is needed.
package struct KeyChange: Sendable {
    /// Fingerprints of both.
    package let from: String
    package let to: String
    package let person: @Sendable (PersonDigest) -> PersonDigest
    /// For the digest of the values that were written for a member.
    package let values: @Sendable (UInt64) -> UInt64

    package init(
        from: String, to: String, person: @escaping @Sendable (PersonDigest) -> PersonDigest, values: @escaping @Sendable (UInt64) -> UInt64
    ) {
        self.from = from
        self.to = to
        self.person = person
        self.values = values
    }

    package func fact(_ fact: PersonFact) -> PersonFact {
        var changed = fact
        changed.person = fact.person.map(person)
        changed.record = fact.record.map(person)
        if case .changed(let field, let to) = fact.kind { changed.kind = .changed(field: field, to: values(to)) }
        return changed
    }
}
