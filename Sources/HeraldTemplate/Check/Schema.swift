package import HeraldModel

/// What a template may name.
package struct TemplateSchema: Sendable {
    package struct Column: Sendable {
        package let name: String
        package let type: ColumnType
        package let mayBeEmpty: Bool

        package init(name: String, type: ColumnType, mayBeEmpty: Bool) {
            self.name = name
            self.type = type
            self.mayBeEmpty = mayBeEmpty
        }
    }

    /// The list's columns, in the order in which values are given when rendering.
    package let columns: [Column]
    /// Columns that the entity has and the list does not name.
    package let otherColumns: [String]
    /// Values that are the same for everybody: `campaign.name`, `site.shop.url`, `postal_address`, …
    package let constants: [String: String]

    package init(columns: [Column], otherColumns: [String], constants: [String: String]) {
        self.columns = columns
        self.otherColumns = otherColumns
        self.constants = constants
    }

    /// What differs for every mail and is no column.
    package static let perMail = ["unsubscribe_url", "view_url"]
}

/// How links are tagged.
package struct LinkTags: Sendable {
    /// Hosts of declared sites, in small letters.
    package let hosts: Set<String>
    package let source: String
    package let medium: String
    package let campaign: String

    package init(hosts: Set<String>, source: String, medium: String, campaign: String) {
        self.hosts = hosts
        self.source = source
        self.medium = medium
        self.campaign = campaign
    }
}
