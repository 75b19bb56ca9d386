/// A marketing list: who is on it, and what is known of them. A reference: there are many, and every stage holds them.
package final class ListDefinition: Sendable {
    package enum Kind: String, Sendable, CaseIterable { case dynamic, onDemand = "on-demand", manual }

    package let id: Located<String>
    package let name: Located<String>
    package let description: Located<String>?
    package let owner: Located<String>?
    package let tags: [Located<String>]
    package let entity: Located<String>
    package let kind: Kind
    /// Nil unless the list declared its type.
    package let kindSpan: SourceSpan?
    /// The condition as written; typed against the entity later.
    package let condition: Node?
    package let rows: Located<TableName>?
    package let keepContacted: Located<Bool>?
    package let columns: [ListColumn]
    /// Per cent, 0 to 100.
    package let removals: Located<Int>?
    package let sync: [ListSync]

    package init(
        id: Located<String>, name: Located<String>, description: Located<String>?, owner: Located<String>?, tags: [Located<String>],
        entity: Located<String>, kind: Located<Kind>?, condition: Node?, rows: Located<TableName>?, keepContacted: Located<Bool>?,
        columns: [ListColumn], removals: Located<Int>?, sync: [ListSync]
    ) {
        self.id = id
        self.name = name
        self.description = description
        self.owner = owner
        self.tags = tags
        self.entity = entity
        self.kind = kind?.value ?? .dynamic
        kindSpan = kind?.span
        self.condition = condition
        self.rows = rows
        self.keepContacted = keepContacted
        self.columns = columns
        self.removals = removals
        self.sync = sync
    }

    package var address: Address { Address(.list, id.value) }
}

/// A column of a list: a field of the entity, or something computed over a relation.
package struct ListColumn: Sendable {
    package enum Content: Sendable {
        case field(Located<String>)
        /// `{as: spent, orders: {sum: total}}`: the relation and its body as written.
        case computed(relation: Located<String>, body: Node)
    }
    package enum Sort: String, Sendable, CaseIterable { case asc, desc }

    package let content: Content
    /// What templates call it: `as`, or the field.
    package let name: Located<String>
    package let tag: Located<String>?
    package let label: Located<String>?
    package let sort: Sort?

    package init(content: Content, name: Located<String>, tag: Located<String>?, label: Located<String>?, sort: Sort?) {
        self.content = content
        self.name = name
        self.tag = tag
        self.label = label
        self.sort = sort
    }
}

/// Where a list is kept in step outside herald.
package struct ListSync: Sendable {
    package enum Target: Sendable {
        case mailchimpSegment(Located<String>?)
        case dotdigitalBook(Located<String>?, visibility: ProviderField.Visibility)
        /// Enrols members in a program, by name or id.
        case dotdigitalProgram(Located<String>)
        /// The vendor's own members, read only.
        case existingSegment(Located<String>)
    }

    package let provider: Located<String>
    package let targets: [Target]

    package init(provider: Located<String>, targets: [Target]) {
        self.provider = provider
        self.targets = targets
    }
}

/// A condition with a name, for use in several lists.
package struct FilterDefinition: Sendable {
    package let id: Located<String>
    package let entity: Located<String>
    package let condition: Node
    package let description: Located<String>?
    package let tags: [Located<String>]

    package init(id: Located<String>, entity: Located<String>, condition: Node, description: Located<String>?, tags: [Located<String>]) {
        self.id = id
        self.entity = entity
        self.condition = condition
        self.description = description
        self.tags = tags
    }

    package var address: Address { Address(.filter, id.value) }
}
