package import HeraldModel

/// Where what cannot be rebuilt is kept: facts about people, by digests only. A backend can do three things: read them all, add some at the end, and put
/// records with another key in their place.
package protocol RecordsStore: Sendable {
    /// What a person calls the place.
    var name: String { get }
    /// Nil where there are none. Throws where they are damaged, or not those that go on from `known`: older ones, or others.
    func load(from known: RecordsPosition?) throws(StoreFailure) -> Records?
    /// Makes records without facts. Refuses where there are some.
    func create(_ head: RecordsHead) throws(StoreFailure) -> Records
    /// Adds facts, all of them or none; durable when it returns. Throws `moved` where somebody added some in between.
    func append(_ facts: [PersonFact], to records: Records) throws(StoreFailure) -> Records
    /// The values that the last run saw in fields that are asked whether they changed; nil where nothing was watched yet. Throws where they are damaged, or were kept under
    /// another key than the one with this fingerprint.
    func watched(key fingerprint: String) throws(StoreFailure) -> WatchedValues?
    /// Keeps them in the place of those before; durable when it returns.
    func watch(_ values: WatchedValues, key fingerprint: String) throws(StoreFailure)
    /// Puts the same facts under the digests of another key in the place of these.
    func replace(_ records: Records, key fingerprint: String, with facts: [PersonFact]) throws(StoreFailure) -> Records
}

/// Whose records they are.
package struct RecordsHead: Hashable, Sendable {
    /// Random; tells these records from all others.
    package var id: String
    package var workspace: String
    package var environment: String?
    /// Fingerprint of the key that their digests were made with.
    package var key: String
    /// Where a rotation of the key began to write them anew: how far they went under the key before.
    package var formerly: RecordsPosition?

    package init(id: String, workspace: String, environment: String?, key: String, formerly: RecordsPosition? = nil) {
        self.id = id
        self.workspace = workspace
        self.environment = environment
        self.key = key
        self.formerly = formerly
    }
}

/// Records as they were read.
package struct Records: Sendable {
    package let head: RecordsHead
    package let facts: [PersonFact]
    package let position: RecordsPosition
    /// Where the last whole fact ends; what stands behind it was never acknowledged.
    package let end: Int

    package init(head: RecordsHead, facts: [PersonFact], position: RecordsPosition, end: Int) {
        self.head = head
        self.facts = facts
        self.position = position
        self.end = end
    }
}
