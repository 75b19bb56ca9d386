/// Everything that the files say, decoded and located, before references are resolved.
package struct Workspace: Sendable {
    package var settings: WorkspaceSettings
    package var lists: [ListDefinition] = []
    package var filters: [FilterDefinition] = []
    package var campaigns: [CampaignDefinition] = []
    package var emails: [EmailDefinition] = []
    package var sites: [SiteDefinition] = []
    package var tests: [TestDefinition] = []
    /// The pinned columns of `herald.columns.yaml`; nil where the file is not there.
    package var columns: PinnedColumns?
    /// Templates, layouts and text parts that emails name, by path relative to the workspace; only those that could be read.
    package var templates: [String: TemplateSource] = [:]

    /// The document of each definition and of herald.yaml, for digests of what was approved.
    package var documents: [Address: Node] = [:]
    package var settingsDocument: Node?

    package init(settings: WorkspaceSettings) { self.settings = settings }
}

/// A template file as read.
package struct TemplateSource: Sendable {
    package let file: FileID
    package let path: String
    package let text: [UInt8]

    package init(file: FileID, path: String, text: [UInt8]) {
        self.file = file
        self.path = path
        self.text = text
    }
}

/// `herald.yaml`, with the overlay of the chosen environment already merged in.
package struct WorkspaceSettings: Sendable {
    package var file: FileID
    package var id: Located<String>
    /// IANA name.
    package var timezone: Located<String>
    package var key: Located<Secret>?
    package var defaults = Defaults()
    package var sources: [SourceDefinition] = []
    package var entities: [EntityDefinition] = []
    package var providers: [ProviderDefinition] = []
    package var policies = Policies()
    /// The ids of `environments`; which one is in force is `environment`.
    package var environments: [Located<String>] = []
    package var environment: String?
    /// `send: false` of the environment in force: nothing is sent there.
    package var maySend = true
    package var features: [Feature: Located<Bool>] = [:]
    package var state: Located<Backend>?
    package var records: Located<Backend>?
    package var adopt: [Adoption] = []
    package var moved: [Move] = []
    package var removed: [Located<Address>] = []
    package var unmanaged: [Located<Address>] = []

    package init(file: FileID, id: Located<String>, timezone: Located<String>) {
        self.file = file
        self.id = id
        self.timezone = timezone
    }
}

/// Where a secret comes from; never the secret itself.
package enum Secret: Hashable, Sendable {
    /// `${NAME}`
    case environment(String)
    /// `{file: path}`
    case file(String)
}

package enum Feature: String, Sendable, CaseIterable { case lists, campaigns, tracking, activity }

/// Where state or records are kept.
package enum Backend: Hashable, Sendable {
    case local(path: String)
    case git(remote: String, branch: String)
    case postgres(Secret)
}

package struct Defaults: Sendable {
    package var from: Located<Sender>?
    package var replyTo: Located<String>?
    package var postalAddress: Located<String>?
    package var utmSource: Located<String>?
    package var utmMedium: Located<String>?
    package var layout: Located<String>?
    package var language: Located<String>?
    /// 1 to 12.
    package var fiscalYearStarts: Located<Int>?

    package init() {}
}

/// `{name, email}` of a sender.
package struct Sender: Hashable, Sendable {
    package let name: String
    package let email: String

    package init(name: String, email: String) {
        self.name = name
        self.email = email
    }
}

/// `adopt: {list.vip: local:list/7}`
package struct Adoption: Sendable {
    package let address: Located<Address>
    package let provider: String
    /// The vendor's kind of object.
    package let kind: String
    package let remoteID: String

    package init(address: Located<Address>, provider: String, kind: String, remoteID: String) {
        self.address = address
        self.provider = provider
        self.kind = kind
        self.remoteID = remoteID
    }
}

/// `moved: {list.old: list.new}`
package struct Move: Sendable {
    package let from: Located<Address>
    package let to: Located<Address>

    package init(from: Located<Address>, to: Located<Address>) {
        self.from = from
        self.to = to
    }
}
