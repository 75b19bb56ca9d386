/// The difference between the files and what the providers hold: a value, from which every rendering is made.
///
/// It cannot hold a contact's address: people are keyed digests, counts, and samples that were masked where the data was read.
package struct Plan: Sendable {
    package var tool: String
    package var workspace: String
    package var environment: String?
    /// The state it was made against; a plan of another state is refused.
    package var lineage: String
    package var serial: Int
    package var madeAt: Instant
    package var expires: Instant
    /// Of a look ahead: the time that it is the plan of. Such a plan is never applied. Nil for every other.
    package var at: Instant?
    /// Of a look ahead: the emails whose time comes until then, in the order of their times.
    package var coming: [ComingSend] = []
    /// Account of each provider, by provider.
    package var accounts: [String: String]
    /// SHA-256 of all definitions, settings and templates, whatever their comments and layout.
    package var definitions: String
    package var options = PlanOptions()
    package var changes: [Change] = []
    /// Emails that are ready and wait for `herald send`.
    package var waiting: [WaitingSend] = []
    package var refused: [Refusal] = []
    package var drift: [Drift] = []
    package var policies: [PolicyResult] = []
    /// The roles that have to approve the plan, each with what it is for: `herald approve`.
    package var approvals: [String: [Address]] = [:]
    /// Lines of `adopt`, `moved`, `removed`, `unmanaged` that are done and may be dropped.
    package var hints: [String] = []
    /// Objects at each provider that herald does not manage.
    package var foreign: [String: Int] = [:]
    /// How many different people get a mail by what this plan schedules.
    package var mailed = 0
    package var cost = Cost()

    package init(
        tool: String, workspace: String, environment: String?, lineage: String, serial: Int, madeAt: Instant,
        expires: Instant, accounts: [String: String], definitions: String
    ) {
        self.tool = tool
        self.workspace = workspace
        self.environment = environment
        self.lineage = lineage
        self.serial = serial
        self.madeAt = madeAt
        self.expires = expires
        self.accounts = accounts
        self.definitions = definitions
    }

    /// 6 where something is refused (8 where nobody can say what it is), 2 where something would change, 0 otherwise.
    package var exitCode: ExitCode { ExitCode.gravest(refused.map(\.code.exit) + [changes.isEmpty ? .done : .changes]) }
}

/// One object that would change.
package struct Change: Sendable {
    package var address: Address
    package var name: String
    package var source: Place?
    package var provider: String?
    package var actions: [Action]
    package var reasons: [Reason]
    package var movedFrom: Address?
    package var irreversible: Irreversible?
    package var precondition: Precondition?
    package var audience: AudienceDelta?
    package var fields: [FieldChange]
    package var content: MailContent?
    package var schedule: [ScheduleEntry]
    /// How a lost reply of each call would be settled, such as `create (findable)`.
    package var operations: [String]

    package init(address: Address, name: String, source: Place?, provider: String?, actions: [Action], reasons: [Reason]) {
        self.address = address
        self.name = name
        self.source = source
        self.provider = provider
        self.actions = actions
        self.reasons = reasons
        fields = []
        schedule = []
        operations = []
    }
}

extension Change {
    /// Whether nothing but who is on a list changes.
    package var isOnlyMembers: Bool { !actions.isEmpty && fields.isEmpty && actions.allSatisfy { $0 == .addMembers || $0 == .removeMembers } }
}

/// A file and a line, as a person opens them.
package struct Place: Hashable, Sendable, CustomStringConvertible {
    package let file: String
    package let line: Int

    package init(file: String, line: Int) {
        self.file = file
        self.line = line
    }

    package var description: String { "\(file):\(line)" }
}

/// What the object was when it was read; a change goes ahead only while it is still that.
package struct Precondition: Hashable, Sendable {
    package let remote: RemoteID
    /// Digest of the object's fields as read.
    package let fingerprint: String

    package init(remote: RemoteID, fingerprint: String) {
        self.remote = remote
        self.fingerprint = fingerprint
    }
}

/// An email that was applied and is sent by hand, with those who would get it now.
package struct WaitingSend: Sendable {
    package let address: Address
    package let source: Place?
    package let provider: String
    package let audience: AudienceDelta
    package let content: MailContent

    package init(address: Address, source: Place?, provider: String, audience: AudienceDelta, content: MailContent) {
        self.address = address
        self.source = source
        self.provider = provider
        self.audience = audience
        self.content = content
    }
}

/// Something that will not be done, and what to do about it.
package struct Refusal: Hashable, Sendable {
    package enum Code: String, Sendable, CaseIterable {
        /// The provider holds an object of that name which is not ours.
        case exists = "E_EXISTS"
        /// The files and the provider changed, differently.
        case conflict = "E_CONFLICT"
        case destroys = "E_DESTROYS"
        case massChange = "E_MASS_CHANGE"
        /// More people than a limit allows.
        case audience = "E_AUDIENCE"
        /// Too little time between the plan and the send.
        case leadTime = "E_LEAD_TIME"
        case quietHours = "E_QUIET_HOURS"
        case sent = "E_SENT"
        case missed = "E_MISSED"
        case unread = "E_UNREAD"
        case unsupported = "E_UNSUPPORTED"
        case moved = "E_MOVED"
        /// A call for it was begun, and its end is not known.
        case open = "E_OPEN"
        /// Several objects carry its mark.
        case ambiguous = "E_AMBIGUOUS"
        /// The provider is another account than the one that holds its objects.
        case account = "E_ACCOUNT"
        case codeReused = "E_CODE"
        /// Nobody would get it.
        case empty = "E_EMPTY"
        /// Something that it needs is refused.
        case depends = "E_DEPENDS"

        /// What a plan with such a refusal exits with.
        package var exit: ExitCode { self == .open || self == .ambiguous ? .unknown : .refused }
    }

    package let address: Address
    package let source: Place?
    package let code: Code
    package let message: String
    /// What to do, with the exact option where there is one.
    package let remedy: String

    package init(_ address: Address, _ source: Place?, _ code: Code, _ message: String, remedy: String) {
        self.address = address
        self.source = source
        self.code = code
        self.message = message
        self.remedy = remedy
    }
}

/// What somebody else changed at a provider.
package struct Drift: Hashable, Sendable {
    package let address: Address
    package let field: String
    /// What stands in git and at the provider, where that can be shown.
    package let git: String?
    package let remote: String?
    /// Whether applying the plan puts it right.
    package let corrected: Bool

    package init(_ address: Address, field: String, git: String?, remote: String?, corrected: Bool) {
        self.address = address
        self.field = field
        self.git = git
        self.remote = remote
        self.corrected = corrected
    }
}

package struct PolicyResult: Hashable, Sendable {
    /// `pending`: somebody has to agree first.
    package enum Result: String, Sendable { case pass, advisory, pending, refused }

    package let policy: String
    package let address: Address
    package let result: Result
    package let detail: String

    package init(_ policy: String, _ address: Address, _ result: Result, _ detail: String) {
        self.policy = policy
        self.address = address
        self.result = result
        self.detail = detail
    }
}

/// What applying takes.
package struct Cost: Hashable, Sendable {
    package var calls = 0
    package var mails = 0

    package init() {}
}
