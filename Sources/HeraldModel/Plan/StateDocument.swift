/// What herald must remember between runs. Small, no personal data; written only by compare-and-swap on `serial`.
package struct StateDocument: Hashable, Sendable {
    /// Tells one state from another of the same workspace.
    package var lineage: String
    /// Grows by one with every write: the fence between two runners.
    package var serial: Int
    package var workspace: String
    package var environment: String?
    /// Fingerprint of the workspace's key, so that a wrong one is noticed before anything is computed.
    package var keyFingerprint: String
    /// How far the records go; nil in a state of before there were any.
    package var records: RecordsPosition?
    /// While it stands, nothing is sent.
    package var hold: SendHold?
    /// The account of each provider that was written to. Another account holds other objects, whatever its name, and has seen other sends.
    package var accounts: [String: String] = [:]
    /// Of each provider whose memory is a file of ours: how many changes of it the state has heard of.
    package var sequences: [String: Int] = [:]
    package var objects: [Address: ObjectState] = [:]
    /// By the marks of on-demand lists: who their last refresh found.
    package var memberships: [String: Membership] = [:]
    /// Every campaign code ever applied, and whose it is; never reused by another campaign.
    package var codes: [String: Address] = [:]
    /// Calls that were begun and whose end is not recorded yet.
    package var intents: [Intent] = []
    /// Plans that were spent, oldest first: so that none is spent twice while it could be, and for `herald history`.
    package var spent: [SpentPlan] = []

    package init(lineage: String, serial: Int, workspace: String, environment: String?, keyFingerprint: String) {
        self.lineage = lineage
        self.serial = serial
        self.workspace = workspace
        self.environment = environment
        self.keyFingerprint = keyFingerprint
    }

    /// The plan whose apply is running or was interrupted.
    package var unfinished: SpentPlan? { spent.last { !$0.finished } }

    /// Set digests of all audiences that are needed still: approved ones, and those of sends that were begun.
    package var keptAudiences: Set<String> {
        var kept: Set<String> = []
        for object in objects.values {
            if let approved = object.send?.envelope?.audience { kept.insert(approved) }
            if let begun = object.send?.audience { kept.insert(begun) }
        }
        return kept.union(memberships.values.map(\.records))
    }

    /// Whether something was begun whose end is not recorded, so that nothing else may begin before `herald recover`.
    package var needsRecovery: Bool { !intents.isEmpty || unfinished != nil }

    /// How many runs `herald history` tells of.
    private static let longestHistory = 500

    /// Drops an object, and who an on-demand list had.
    package mutating func forget(_ address: Address) {
        guard let object = objects.removeValue(forKey: address) else { return }
        memberships[object.mark] = nil
    }

    /// Marks a spent plan as done with.
    /// - Parameter result: how it ended, in words without personal data.
    package mutating func finish(_ plan: String, _ result: String) {
        guard let index = spent.lastIndex(where: { $0.id == plan }) else { return }
        spent[index].finished = true
        spent[index].note.result = result
    }

    /// Takes down a plan that is spent, and drops those that neither guard nor tell anything any more.
    package mutating func spend(_ plan: SpentPlan, at now: Instant) {
        spent.append(plan)
        let surplus = spent.count - StateDocument.longestHistory
        guard surplus > 0 else { return }
        spent = spent.enumerated().filter { $0.offset >= surplus || !$0.element.finished || $0.element.expires > now }.map(\.element)
    }
}

/// Who is on an on-demand list until it is refreshed again.
package struct Membership: Hashable, Sendable {
    /// Digest of the set of records that matched; the state keeps them under it.
    package var records: String
    package var count: Int
    package var at: Instant
    /// Digest of the condition that they matched.
    package var condition: String

    package init(records: String, count: Int, at: Instant, condition: String) {
        self.records = records
        self.count = count
        self.at = at
        self.condition = condition
    }
}

/// Why nothing may be sent: older records were accepted, so that opt-outs may be missing. An apply of a whole plan that has read everything lifts it.
package struct SendHold: Hashable, Sendable {
    /// As the operator gave it.
    package var reason: String
    package var since: Instant

    package init(reason: String, since: Instant) {
        self.reason = reason
        self.since = since
    }

    package var message: String { "sends are held since \(since), because older records were accepted (\(reason))" }
    package var remedy: String { "plan everything and apply it: once all opt-outs were read in full, sends go on" }
}

/// One managed object.
package struct ObjectState: Hashable, Sendable {
    /// Nil for what only the state knows (campaigns).
    package var provider: String?
    package var remote: RemoteID?
    /// From the first address; stays through a move.
    package var mark: String
    package var name: String
    /// By field: digest of what herald wrote, and of what the vendor answered after it settled.
    package var fields: [String: FieldDigests]
    /// Digest of the condition with all filters it uses, for lists.
    package var condition: String?
    package var members: MemberDigests?
    package var send: SendState?

    package init(provider: String?, remote: RemoteID?, mark: String, name: String, fields: [String: FieldDigests] = [:]) {
        self.provider = provider
        self.remote = remote
        self.mark = mark
        self.name = name
        self.fields = fields
    }
}

/// Of one field: the first 64 bits of SHA-256 of the text that herald wrote, and of the one that the vendor answered.
package struct FieldDigests: Hashable, Sendable {
    package var sent: UInt64
    package var seen: UInt64

    package init(sent: UInt64, seen: UInt64) {
        self.sent = sent
        self.seen = seen
    }
}

package struct MemberDigests: Hashable, Sendable {
    package var count: Int
    /// Digest of the member set as it was left.
    package var seen: String
    /// What it was made of; nil in a state of before that was kept.
    package var basis: MemberBasis?

    package init(count: Int, seen: String, basis: MemberBasis? = nil) {
        self.count = count
        self.seen = seen
        self.basis = basis
    }
}

/// How an email's sending stands.
package struct SendState: Hashable, Sendable {
    package var phase: SendPhase
    /// Digest of the email's own document and template, which may not change once mails have left.
    package var document: String
    package var envelope: Envelope?
    /// Mark + content + audience digest of the send that was begun.
    package var key: String?
    /// Digest of those whom the send that was begun is for; the state keeps them under it until the send has ended.
    package var audience: String?
    package var report: SendReport?

    package init(
        phase: SendPhase, document: String, envelope: Envelope? = nil, key: String? = nil, audience: String? = nil, report: SendReport? = nil
    ) {
        self.phase = phase
        self.document = document
        self.envelope = envelope
        self.key = key
        self.audience = audience
        self.report = report
    }
}

/// What an approval covers: within it a send goes ahead without asking again.
package struct Envelope: Hashable, Sendable {
    package var content: String
    package var audience: String
    package var count: Int
    package var atMost: Int?
    /// Per cent that the audience may move.
    package var change: Int
    package var frozen: Bool
    package var at: Instant

    package init(content: String, audience: String, count: Int, atMost: Int?, change: Int, frozen: Bool, at: Instant) {
        self.content = content
        self.audience = audience
        self.count = count
        self.atMost = atMost
        self.change = change
        self.frozen = frozen
        self.at = at
    }
}

/// How a lost reply is settled.
package enum Settling: String, Sendable, CaseIterable {
    /// The same call again has the same effect.
    case repeatable
    /// The object is looked for by its mark or name.
    case findable
    /// It may never be done twice.
    case once
}

/// A call that is about to be made.
package struct Intent: Hashable, Sendable {
    package var address: Address
    /// `create`, `send`, …
    package var operation: String
    package var settling: Settling
    package var provider: String
    package var mark: String
    /// For sends.
    package var sendKey: String?
    /// The spent plan that it belongs to, as `SpentPlan.id`.
    package var plan: String

    package init(
        address: Address, operation: String, settling: Settling, provider: String, mark: String, sendKey: String? = nil,
        plan: String
    ) {
        self.address = address
        self.operation = operation
        self.settling = settling
        self.provider = provider
        self.mark = mark
        self.sendKey = sendKey
        self.plan = plan
    }
}

/// Who spent a plan, with which command, and how it ended; for `herald history`. Holds no personal data of contacts.
package struct RunNote: Hashable, Sendable {
    /// `apply`, `send email.spring-teaser`, `run`.
    package var command: String
    /// A login, as CI or the system calls the one who ran it.
    package var by: String
    package var host: String
    /// Who approved the plan, such as `marketing-lead (anna)`.
    package var approvals: [String]
    /// Nil while it is running, or where it was interrupted.
    package var result: String?

    package init(command: String = "", by: String = "", host: String = "", approvals: [String] = []) {
        self.command = command
        self.by = by
        self.host = host
        self.approvals = approvals
    }
}

package struct SpentPlan: Hashable, Sendable {
    package var digest: String
    /// The state's serial that the plan was made against: the same difference may come up again later, as another plan.
    package var madeAgainst: Int
    package var at: Instant
    /// From then on the plan is refused anyway, and need not be remembered.
    package var expires: Instant
    /// False while its apply is running, or was interrupted.
    package var finished: Bool
    package var note: RunNote

    package init(digest: String, madeAgainst: Int, at: Instant, expires: Instant, finished: Bool, note: RunNote = RunNote()) {
        self.digest = digest
        self.madeAgainst = madeAgainst
        self.at = at
        self.expires = expires
        self.finished = finished
        self.note = note
    }

    /// What plans that nobody approved one by one are called: what `herald run` does inside those that were.
    package static let covered = "covered: "

    /// Tells it from every other plan that was spent.
    package var id: String { "\(digest)@\(madeAgainst)" }
}
