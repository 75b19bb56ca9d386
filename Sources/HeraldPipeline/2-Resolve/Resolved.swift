package import HeraldAudience
package import HeraldModel
package import HeraldTemplate

/// What stage 2 hands on: everything that the files say, with all references followed, every condition typed and every template compiled.
///
/// A definition with an error is still here, without the part that could not be made (its filter, its template); the errors stand in the
/// diagnostics, and no later stage runs while there are any.
package struct Resolved: Sendable {
    package var workspace: Workspace
    package var zone: Zone
    /// The entities whose columns are known.
    package var schemas: Schemas
    /// Nil where the workspace has no quiet hours.
    package var quiet: QuietWindow?
    package var lists: [String: ResolvedList] = [:]
    package var filters: [String: ResolvedFilter] = [:]
    package var emails: [String: ResolvedEmail] = [:]
    /// What the language has and this version cannot do, refused by every plan.
    package var unsupported: [Refusal] = []
    /// Lists and filters whose people this version cannot work out; each is refused as well.
    package var undecidable: [Address: Obstacle] = [:]
    /// Settings that this version cannot follow, so that nothing can be planned at all. For `validate` they are warnings.
    package var blockers: [Diagnostic] = []

    package init(workspace: Workspace, zone: Zone, schemas: Schemas) {
        self.workspace = workspace
        self.zone = zone
        self.schemas = schemas
    }
}

/// What stands in the way of working out who is in a condition.
package struct Obstacle: Sendable {
    package let what: String
    package let span: SourceSpan
    /// False where it stands in another filter or list.
    package let isOwn: Bool
    /// Whether made-up people can be held against it all the same, since they say themselves what happened to them.
    package let isTestable: Bool

    package init(what: String, span: SourceSpan, isOwn: Bool, isTestable: Bool) {
        self.what = what
        self.span = span
        self.isOwn = isOwn
        self.isTestable = isTestable
    }
}

/// A list with its condition and columns typed. A reference: there are many, they are large, and every stage holds them.
package final class ResolvedList: Sendable {
    package let definition: ListDefinition
    /// Nil where the entity's columns are not known.
    package let schema: EntitySchema?
    package let filter: Filter?
    /// The list's own columns, in its order.
    package let columns: [TypedColumn]
    /// What templates may name: the address first, then the list's own columns.
    package let templateColumns: [TypedColumn]
    private let digests: ConditionDigests

    /// Whether whoever an email of it was sent to stays on it.
    package var keepsContacted: Bool { definition.keepContacted?.value == true }

    init(
        definition: ListDefinition, schema: EntitySchema?, filter: Filter?, columns: [TypedColumn], templateColumns: [TypedColumn],
        digests: ConditionDigests
    ) {
        self.definition = definition
        self.schema = schema
        self.filter = filter
        self.columns = columns
        self.templateColumns = templateColumns
        self.digests = digests
    }

    /// Digest of the condition with every filter and list that it uses, whatever their layout.
    package var condition: String { digests.digest(of: definition.address) }
}

/// A filter with its condition typed.
package final class ResolvedFilter: Sendable {
    package let definition: FilterDefinition
    package let schema: EntitySchema?
    package let filter: Filter?

    package init(definition: FilterDefinition, schema: EntitySchema?, filter: Filter?) {
        self.definition = definition
        self.schema = schema
        self.filter = filter
    }
}

/// An email with its template compiled.
package struct ResolvedEmail: Sendable {
    package let definition: EmailDefinition
    package let campaign: CampaignDefinition?
    package let from: Sender
    package let replyTo: String?
    /// Values are given in the order of the list's `templateColumns`. Nil where it could not be compiled, or the list's columns are not known.
    package let template: MailTemplate?
    /// Digest of its own document, template and text part: what may not change once it was sent. Shared layouts are not in it.
    package let document: String
    /// When it is to go, on the clock of its schedule; nil for `schedule: manual`.
    package let at: (local: LocalTime, zone: Zone, instant: Instant)?

    package init(
        definition: EmailDefinition, campaign: CampaignDefinition?, from: Sender, replyTo: String?, template: MailTemplate?, document: String,
        at: (local: LocalTime, zone: Zone, instant: Instant)?
    ) {
        self.definition = definition
        self.campaign = campaign
        self.from = from
        self.replyTo = replyTo
        self.template = template
        self.document = document
        self.at = at
    }
}
