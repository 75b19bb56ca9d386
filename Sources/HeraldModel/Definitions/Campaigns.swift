/// A marketing campaign: the effort that emails and sites belong to, with the code that links carry.
package struct CampaignDefinition: Sendable {
    package enum Report: String, Sendable, CaseIterable { case hour, day, month }

    package let id: Located<String>
    package var name: Located<String>
    package var code: Located<String>
    package var formerCodes: [Located<String>] = []
    package var starts: Located<Day>?
    package var ends: Located<Day>?
    package var description: Located<String>?
    /// Amount and ISO 4217 code.
    package var budget: Located<Money>?
    package var report: Report = .day
    package var sites: [Located<String>]?
    /// The entity whose rows count as revenue, and the column to sum.
    package var revenue: (entity: Located<String>, sum: Located<String>)?
    package var tags: [Located<String>] = []

    package init(id: Located<String>, name: Located<String>, code: Located<String>) {
        self.id = id
        self.name = name
        self.code = code
    }

    package var address: Address { Address(.campaign, id.value) }
}

package struct Money: Hashable, Sendable, CustomStringConvertible {
    package let amount: Decimal
    package let currency: String

    package init(amount: Decimal, currency: String) {
        self.amount = amount
        self.currency = currency
    }

    package var description: String { "\(amount) \(currency)" }
}

/// An email campaign: what is sent to a list, through which provider, when.
package struct EmailDefinition: Sendable {
    package enum Layout: Sendable { case inherited, none, path(Located<String>) }
    package enum Template: Sendable {
        case one(Located<String>)
        case perLanguage([(language: Located<String>, path: Located<String>)])
    }
    package enum Schedule: Sendable {
        case manual
        /// A local time in the workspace's zone, another one, or each recipient's.
        case at(Located<LocalTime>, zone: ScheduleZone)
    }
    package enum ScheduleZone: Sendable { case workspace, named(Located<String>), recipient }
    package struct Audience: Sendable {
        package enum Members: String, Sendable, CaseIterable { case frozen, live }
        package var members: Members = .live
        package var atMost: Located<Int>?
        /// Per cent, 0 to 100.
        package var change = 10

        package init() {}
    }
    package struct SplitTest: Sendable {
        package enum Decision: String, Sendable, CaseIterable { case clicks, opens, manual }
        package let test: Int
        package let decideBy: Decision
        package let after: CalendarDuration
        package let span: SourceSpan

        package init(test: Int, decideBy: Decision, after: CalendarDuration, span: SourceSpan) {
            self.test = test
            self.decideBy = decideBy
            self.after = after
            self.span = span
        }
    }

    package let id: Located<String>
    package var name: Located<String>?
    package var campaign: Located<String>?
    package var list: Located<String>
    package var via: Located<String>
    package var from: Located<Sender>?
    package var replyTo: Located<String>?
    /// One, or two or more with `splitTest`.
    package var subjects: [Located<String>]
    package var preheader: Located<String>?
    package var template: Template
    package var layout: Layout = .inherited
    package var schedule: Schedule
    package var audience = Audience()
    package var splitTest: SplitTest?
    package var tags: [Located<String>] = []
    /// Folder of the file that defines it, relative to the workspace; templates are named beside it.
    package var folder: String

    package init(
        id: Located<String>, list: Located<String>, via: Located<String>, subjects: [Located<String>], template: Template,
        schedule: Schedule, folder: String
    ) {
        self.id = id
        self.list = list
        self.via = via
        self.subjects = subjects
        self.template = template
        self.schedule = schedule
        self.folder = folder
    }

    package var address: Address { Address(.email, id.value) }
}

/// A web site whose links are tagged and whose visits are tracked.
package struct SiteDefinition: Sendable {
    package enum Mode: String, Sendable, CaseIterable { case log, live }
    package enum Consent: String, Sendable, CaseIterable { case required, none }
    package enum Bots: String, Sendable, CaseIterable { case split, drop }
    package enum EventValue: String, Sendable, CaseIterable { case number, text }
    package struct Privacy: Sendable {
        package var consent: Consent = .required
        package var respectDoNotTrack = true
        /// Bytes of an address that are zeroed, 0 to 4.
        package var anonymiseIP = 2

        package init() {}
    }
    package struct Identify: Sendable {
        package let pattern, entity, field: Located<String>

        package init(pattern: Located<String>, entity: Located<String>, field: Located<String>) {
            (self.pattern, self.entity, self.field) = (pattern, entity, field)
        }
    }

    package let id: Located<String>
    package var name: Located<String>
    package var identifier: Located<String>?
    package var url: Located<String>
    package var hosts: [Located<String>] = []
    package var collect: Located<String>
    package var mode: Mode = .log
    /// Minutes.
    package var rotate: Located<Int>?
    package var privacy = Privacy()
    package var events: [(name: Located<String>, value: EventValue?)] = []
    package var identify: Identify?
    package var bots: Bots = .split
    package var matomo: (host: Located<String>, token: Secret)?

    package init(id: Located<String>, name: Located<String>, url: Located<String>, collect: Located<String>) {
        self.id = id
        self.name = name
        self.url = url
        self.collect = collect
    }

    package var address: Address { Address(.site, id.value) }
}

/// A test of a list, a filter or an email with made-up people.
package struct TestDefinition: Sendable {
    package let id: Located<String>
    /// What is tested: a list, a filter or an email.
    package let subject: Located<Address>
    package let at: Located<LocalTime>?
    /// Each persona as written; read against the entity's columns later.
    package let people: [Node]

    package init(id: Located<String>, subject: Located<Address>, at: Located<LocalTime>?, people: [Node]) {
        self.id = id
        self.subject = subject
        self.at = at
        self.people = people
    }

    package var address: Address { Address(.test, id.value) }
}
