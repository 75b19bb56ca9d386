/// One thing that is kept for ever about a person: what they said about being mailed, or that an operator took them off a list. It is bound to digests and
/// holds no address; a later fact may outdate it, nothing changes it.
package struct PersonFact: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case consent(ConsentStatus)
        /// Taken off the list with this mark by hand, and let back onto it.
        case removed(list: String)
        case restored(list: String)
        /// A field of the record (`contact.stage`) has another value than at the run before; by the digest of the value.
        case changed(field: String, to: UInt64)
    }

    package var kind: Kind
    /// Of the address; nil where the record had none.
    package var person: PersonDigest?
    /// Of the entity's key, so that it outlives a changed address; nil where no record was known.
    package var record: PersonDigest?
    /// When the person said so, by the clock of whoever heard it.
    package var at: Instant
    /// When herald took it down.
    package var recorded: Instant
    /// `operator`, or a provider's id.
    package var source: String
    /// As the operator gave it; holds no address.
    package var reason: String

    package init(kind: Kind, person: PersonDigest?, record: PersonDigest?, at: Instant, recorded: Instant, source: String, reason: String) {
        self.kind = kind
        self.person = person
        self.record = record
        self.at = at
        self.recorded = recorded
        self.source = source
        self.reason = reason
    }

    /// What was said about being mailed, in every list; nil for what concerns one list.
    package var status: ConsentStatus? { if case .consent(let status) = kind { status } else { nil } }

    /// Whether it speaks of the same address and record.
    package func isBound(like other: PersonFact) -> Bool { person == other.person && record == other.record }
}

/// How far records go, as the state knows it: which records they are, how many facts they hold, and the chained digest of these.
package struct RecordsPosition: Hashable, Sendable {
    package var id: String
    package var count: Int
    package var chain: String

    package init(id: String, count: Int, chain: String) {
        self.id = id
        self.count = count
        self.chain = chain
    }
}

extension String {
    /// Whether something in it could be an address: an @ with anything but white space on both sides of it.
    package var looksLikeAnAddress: Bool {
        let scalars = Array(unicodeScalars)
        return scalars.indices.dropFirst().dropLast().contains { index in
            (scalars[index] == "@" || scalars[index] == "\u{FF20}" || scalars[index] == "\u{FE6B}")
                && !scalars[index - 1].properties.isWhitespace && !scalars[index + 1].properties.isWhitespace
        }
    }
}
