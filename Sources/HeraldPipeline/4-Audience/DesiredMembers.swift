package import HeraldModel

/// Who a list or a send is to have, as digests; people themselves come out only when a writer asks for them.
package struct DesiredMembers: Sendable {
    /// Ascending by person.
    package let members: [MemberState]
    /// Of the sorted persons; equal sets have equal digests.
    package let setDigest: String
    /// Records that each step left out, in the fixed order.
    package let leftOut: [(reason: LeaveReason, count: Int)]
    package let inByEmptiness: Int
    /// Why a person who is not in was left out; nil where no record has their address.
    package let reason: @Sendable (PersonDigest) -> LeaveReason?
    /// Masked examples of these people, made where the data was read.
    package let sample: @Sendable ([PersonDigest]) -> [String]
    /// The people themselves, for a writer.
    package let reveal: @Sendable ([PersonDigest]) -> [Member]
    /// All of them as recipients of a mail, in the order of their digests.
    package let recipients: @Sendable () -> [Recipient]

    package init(
        members: [MemberState], setDigest: String, leftOut: [(reason: LeaveReason, count: Int)], inByEmptiness: Int,
        reason: @escaping @Sendable (PersonDigest) -> LeaveReason?, sample: @escaping @Sendable ([PersonDigest]) -> [String],
        reveal: @escaping @Sendable ([PersonDigest]) -> [Member], recipients: @escaping @Sendable () -> [Recipient]
    ) {
        self.members = members
        self.setDigest = setDigest
        self.leftOut = leftOut
        self.inByEmptiness = inByEmptiness
        self.reason = reason
        self.sample = sample
        self.reveal = reveal
        self.recipients = recipients
    }
}
