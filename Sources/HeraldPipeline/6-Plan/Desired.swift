package import HeraldModel

/// What the files want, composed down to what a provider would hold. Input of the plan, next to state and readings.
package struct Desired: Sendable {
    package var lists: [DesiredList] = []
    package var emails: [DesiredEmail] = []
    package var campaigns: [DesiredCampaign] = []
    /// Items that this version cannot do, with the reason.
    package var unsupported: [Refusal] = []

    package init() {}
}

package struct DesiredList: Sendable {
    package var address: Address
    package var source: Place
    package var provider: String
    package var spec: ObjectSpec
    /// Digest of the condition and every filter that it uses.
    package var condition: String
    package var members: DesiredMembers
    /// Whether its people stay until somebody refreshes it.
    package var isOnDemand: Bool
    /// Per cent of removals that pass without being asked for.
    package var removalLimit: Int
    /// What the members are made of, to be kept with them; nil where that is not known, or nothing of the list changes.
    package var basis: MemberBasis?
    /// Nil where nothing is known of the time when they were last written.
    package var earlier: EarlierMembers?

    package init(
        address: Address, source: Place, provider: String, spec: ObjectSpec, condition: String, members: DesiredMembers,
        isOnDemand: Bool = false, removalLimit: Int
    ) {
        self.address = address
        self.source = source
        self.provider = provider
        self.spec = spec
        self.condition = condition
        self.members = members
        self.isOnDemand = isOnDemand
        self.removalLimit = removalLimit
    }
}

package struct DesiredEmail: Sendable {
    package var address: Address
    package var source: Place
    package var provider: String
    package var spec: ObjectSpec
    /// Digest of its own document and template: what may not change after a send.
    package var document: String
    package var content: MailContent
    package var list: Address
    package var members: DesiredMembers
    /// Nil for `schedule: manual`.
    package var at: ScheduleEntry?
    package var audience: EmailDefinition.Audience

    package init(
        address: Address, source: Place, provider: String, spec: ObjectSpec, document: String, content: MailContent,
        list: Address, members: DesiredMembers, at: ScheduleEntry?, audience: EmailDefinition.Audience
    ) {
        self.address = address
        self.source = source
        self.provider = provider
        self.spec = spec
        self.document = document
        self.content = content
        self.list = list
        self.members = members
        self.at = at
        self.audience = audience
    }

    /// What an approval of this email covers; nil where it is sent by hand.
    package func envelope() -> Envelope? {
        at.map {
            Envelope(
                content: content.digest, audience: members.setDigest, count: members.members.count,
                atMost: audience.atMost?.value, change: audience.change, frozen: audience.members == .frozen, at: $0.instant)
        }
    }
}

package struct DesiredCampaign: Sendable {
    package var address: Address
    package var source: Place
    package var name: String
    package var mark: String
    package var code: Located<String>
    package var formerCodes: [String]
    /// Everything else that is recorded, as text.
    package var fields: [String: String]

    package init(
        address: Address, source: Place, name: String, mark: String, code: Located<String>, formerCodes: [String],
        fields: [String: String]
    ) {
        self.address = address
        self.source = source
        self.name = name
        self.mark = mark
        self.code = code
        self.formerCodes = formerCodes
        self.fields = fields
    }
}
