/// Who keeps lists and sends mails.
package enum ProviderKind: String, Sendable, CaseIterable { case local, mailchimp, dotdigital }

/// A provider that the workspace uses.
package struct ProviderDefinition: Sendable {
    package enum Settings: Sendable {
        case local(LocalSettings)
        case mailchimp(MailchimpSettings)
        case dotdigital(DotdigitalSettings)
    }

    package let id: Located<String>
    package let endpoint: Located<String>?
    package let settings: Settings

    package init(id: Located<String>, endpoint: Located<String>?, settings: Settings) {
        self.id = id
        self.endpoint = endpoint
        self.settings = settings
    }

    package var kind: ProviderKind {
        switch settings {
        case .local: .local
        case .mailchimp: .mailchimp
        case .dotdigital: .dotdigital
        }
    }
}

package struct LocalSettings: Sendable {
    package enum Transport: Sendable {
        case outbox(path: String)
        case smtp(SMTPSettings)
    }

    package static let defaultDatabase = ".herald/local.sqlite"

    /// `defaultDatabase` unless said otherwise; an environment then has one of its own.
    package var database: String
    package var publicURL: Located<String>?
    package var transport: Located<Transport>

    package init(database: String, publicURL: Located<String>?, transport: Located<Transport>) {
        self.database = database
        self.publicURL = publicURL
        self.transport = transport
    }
}

package struct SMTPSettings: Sendable {
    package enum TLS: String, Sendable, CaseIterable { case required, optional, none }

    /// In small letters; `::1` without brackets.
    package var host: Located<String>
    package var port: Int
    package var tls: TLS
    package var user: Secret?
    package var password: Secret?
    package var connections: Int
    /// Mails per second; nil is unlimited.
    package var rate: Int?

    package init(host: Located<String>, port: Int, tls: TLS, user: Secret?, password: Secret?, connections: Int, rate: Int?) {
        self.host = host
        self.port = port
        self.tls = tls
        self.user = user
        self.password = password
        self.connections = connections
        self.rate = rate
    }
}

/// A field at the vendor and where its value comes from.
package struct ProviderField: Sendable {
    package enum Direction: String, Sendable, CaseIterable { case out, both }
    package enum Visibility: String, Sendable, CaseIterable { case `private`, `public` }

    package let name: Located<String>
    package let from: Located<String>
    package let type: String?
    package let direction: Direction
    /// Dotdigital only, like visibility and priority.
    package let defaultValue: String?
    package let visibility: Visibility
    package let priority: Int

    package init(
        name: Located<String>, from: Located<String>, type: String?, direction: Direction, defaultValue: String?,
        visibility: Visibility, priority: Int
    ) {
        self.name = name
        self.from = from
        self.type = type
        self.direction = direction
        self.defaultValue = defaultValue
        self.visibility = visibility
        self.priority = priority
    }
}

package enum FieldConflict: String, Sendable, CaseIterable { case remote, local }

package struct MailchimpSettings: Sendable {
    package enum OptIn: String, Sendable, CaseIterable { case single, double }
    package enum OnRemove: String, Sendable, CaseIterable { case leave, archive, unsubscribe }
    package struct NewAudience: Sendable {
        package let company, address, city, country, permissionReminder: String

        package init(company: String, address: String, city: String, country: String, permissionReminder: String) {
            (self.company, self.address, self.city, self.country) = (company, address, city, country)
            self.permissionReminder = permissionReminder
        }
    }

    package var apiKey: Secret
    /// Name or id.
    package var audience: Located<String>
    package var create: NewAudience?
    package var optIn: OptIn?
    package var fields: [ProviderField]
    package var conflict: FieldConflict
    package var onRemove: OnRemove
    /// Nil is `none`.
    package var activity: CalendarDuration?

    package init(
        apiKey: Secret, audience: Located<String>, create: NewAudience?, optIn: OptIn?, fields: [ProviderField],
        conflict: FieldConflict, onRemove: OnRemove, activity: CalendarDuration?
    ) {
        self.apiKey = apiKey
        self.audience = audience
        self.create = create
        self.optIn = optIn
        self.fields = fields
        self.conflict = conflict
        self.onRemove = onRemove
        self.activity = activity
    }
}

package struct DotdigitalSettings: Sendable {
    package var user: Secret
    package var password: Secret
    package var fields: [ProviderField]
    package var conflict: FieldConflict
    package var createMissing: Bool
    /// For single sign-on to the vendor's pages; both or none.
    package var oauth: (clientID: Located<String>, clientSecret: Secret)?

    package init(
        user: Secret, password: Secret, fields: [ProviderField], conflict: FieldConflict, createMissing: Bool,
        oauth: (clientID: Located<String>, clientSecret: Secret)?
    ) {
        self.user = user
        self.password = password
        self.fields = fields
        self.conflict = conflict
        self.createMissing = createMissing
        self.oauth = oauth
    }
}
