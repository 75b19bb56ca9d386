/// What the members of a list were made of when they were last written: so that a later plan can tell why they are others now, without keeping the old data.
///
/// Digests are 32 hexadecimal digits. Whoever is asked about later stands in the data of that later plan; of the old data only this is kept.
package struct MemberBasis: Hashable, Sendable {
    /// Of the condition with every filter and list that it uses.
    package var condition: String
    /// Of everything else in the files that says how the data is read: sources, entities, columns, the zone.
    package var reading: String
    /// Of the content of the tables that decide who is in; nil where that cannot be told, as of a database server.
    package var data: String?
    /// When they were decided.
    package var at: Instant

    package init(condition: String, reading: String, data: String?, at: Instant) {
        (self.condition, self.reading, self.data, self.at) = (condition, reading, data, at)
    }
}

/// What a plan can ask of somebody who came or went since the members were last written.
package struct EarlierMembers: Sendable {
    /// Whether they would have been on the list at that time, by today's condition, data and records; nil where that is not known.
    package let wouldBeIn: @Sendable (PersonDigest) -> Bool?
    /// Whether the records say something of them since.
    package let spoke: @Sendable (PersonDigest) -> Bool
    /// Whether the data has a record with their address today.
    package let isThere: @Sendable (PersonDigest) -> Bool

    package init(
        wouldBeIn: @escaping @Sendable (PersonDigest) -> Bool?, spoke: @escaping @Sendable (PersonDigest) -> Bool,
        isThere: @escaping @Sendable (PersonDigest) -> Bool
    ) {
        (self.wouldBeIn, self.spoke, self.isThere) = (wouldBeIn, spoke, isThere)
    }
}
