import HeraldContract
import HeraldDigest
import HeraldModel

@testable import HeraldPipeline

/// What the files say, small enough to be edited by a test, and composed as the stages before the plan would.
struct Files: Equatable {
    struct List: Equatable {
        var name: String
        var fields: [String: String] = ["columns": "first_name, last_name"]
        var condition = "everybody"
        /// Who is in, by number, with the version of their values.
        var people: [Int: Int] = [:]
        var leftOut: [LeaveReason: Int] = [:]
        /// Why a person who left did.
        var reasons: [Int: LeaveReason] = [:]
        var removals = 30
    }

    struct Email: Equatable {
        var name: String
        var list: String
        var subject: String
        var body = "<p>Hello</p>"
        /// What a layout adds, which is no part of the email's own document.
        var layout = ""
        /// UTC; nil is sent by hand.
        var at: Instant?
        var atMost: Int?
        var change = 10
        var frozen = false
    }

    struct Campaign: Equatable {
        var name: String
        var code: String
        var former: [String] = []
        var fields: [String: String] = [:]
    }

    var lists: [String: List] = [:]
    var emails: [String: Email] = [:]
    var campaigns: [String: Campaign] = [:]
    var adopt: [(address: Address, remote: String)] = []
    var moved: [(from: Address, to: Address)] = []
    var removed: [Address] = []
    var unmanaged: [Address] = []
    var policies = Policies()
    var maySend = true
    var environment: String?

    static func == (left: Files, right: Files) -> Bool {
        left.lists == right.lists && left.emails == right.emails && left.campaigns == right.campaigns
    }

    static let span = SourceSpan(file: FileID(0), line: 7, column: 1)

    var settings: WorkspaceSettings {
        func located<Value>(_ value: Value) -> Located<Value> { Located(value, Files.span) }
        var settings = WorkspaceSettings(file: FileID(0), id: located("acme"), timezone: located("UTC"))
        settings.adopt = adopt.map { Adoption(address: located($0.address), provider: "local", kind: $0.address.kind.rawValue, remoteID: $0.remote) }
        settings.moved = moved.map { Move(from: located($0.from), to: located($0.to)) }
        settings.removed = removed.map(located)
        settings.unmanaged = unmanaged.map(located)
        settings.policies = policies
        settings.maySend = maySend
        settings.environment = environment
        return settings
    }

    var desired: Desired {
        var desired = Desired()
        let settings = settings
        for (id, list) in lists.sorted(by: { $0.key < $1.key }) {
            let address = Address(.list, id)
            desired.lists.append(
                DesiredList(
                    address: address, source: Place(file: "lists/\(id).yaml", line: 1), provider: "local",
                    spec: ObjectSpec(kind: .list, name: list.name, mark: Mark.of(address, settings), fields: list.fields), condition: list.condition,
                    members: Files.members(list), removalLimit: list.removals))
        }
        for (id, email) in emails.sorted(by: { $0.key < $1.key }) {
            let address = Address(.email, id)
            var audience = EmailDefinition.Audience()
            audience.atMost = email.atMost.map { Located($0, Files.span) }
            audience.change = email.change
            audience.members = email.frozen ? .frozen : .live
            desired.emails.append(
                DesiredEmail(
                    address: address, source: Place(file: "campaigns/\(id).yaml", line: 3), provider: "local",
                    spec: ObjectSpec(
                        kind: .email, name: email.name, mark: Mark.of(address, settings),
                        fields: ["subject": email.subject, "html": email.body + email.layout, "from": "Acme <news@acme.example>"]),
                    document: SHA256.hexadecimal("\(email.subject)\u{0}\(email.body)"),
                    content: MailContent(
                        subjects: [email.subject], preheader: "", from: Sender(name: "Acme", email: "news@acme.example"), replyTo: nil,
                        digest: SHA256.hexadecimal("\(email.subject)\u{0}\(email.body)\u{0}\(email.layout)"), links: ["https://shop.example/?a=1"],
                        preview: "output/previews/\(id).html", htmlBytes: 5_600),
                    list: Address(.list, email.list), members: Files.members(lists[email.list] ?? List(name: "")),
                    at: email.at.map { ScheduleEntry(zone: "UTC", local: Zone.utc.local($0), instant: $0, people: 0) }, audience: audience))
        }
        for (id, campaign) in campaigns.sorted(by: { $0.key < $1.key }) {
            let address = Address(.campaign, id)
            desired.campaigns.append(
                DesiredCampaign(
                    address: address, source: Place(file: "campaigns/\(id).yaml", line: 1), name: campaign.name, mark: Mark.of(address, settings),
                    code: Located(campaign.code, Files.span), formerCodes: campaign.former, fields: campaign.fields))
        }
        return desired
    }

    /// SHA-256 of all of it, as stage 2 makes.
    var definitions: String {
        SHA256.hexadecimal(
            "\(lists.mapValues { ($0.name, $0.fields.sorted { $0.key < $1.key }.map(\.value), $0.condition) }.sorted { $0.key < $1.key })\(emails.sorted { $0.key < $1.key })")
    }

    static func person(_ number: Int) -> PersonDigest {
        let bytes = SHA256.digest(Array("person \(number)".utf8))
        return PersonDigest(bytes: bytes) ?? PersonDigest(high: 0, low: UInt64(number))
    }

    static func members(_ list: List) -> DesiredMembers {
        let byPerson = Dictionary(uniqueKeysWithValues: list.people.map { (person($0.key), $0) })
        let states = byPerson.map { MemberState(person: $0.key, values: UInt64($0.value.value)) }.sorted()
        let reasons = Dictionary(uniqueKeysWithValues: list.reasons.map { (person($0.key), $0.value) })
        let people = states.map(\.person)
        let address: @Sendable (PersonDigest) -> Personal<EmailAddress>? = { person in
            byPerson[person].flatMap { EmailAddress("person\($0.key)@shop.example") }.map(Personal.init)
        }
        return DesiredMembers(
            members: states, setDigest: MemberSets.digest(people: people),
            leftOut: LeaveReason.allCases.compactMap { reason in list.leftOut[reason].map { (reason, $0) } }, inByEmptiness: 0,
            reason: { reasons[$0] }, sample: { $0.map { "\($0.description.prefix(1))…@s….example" } },
            reveal: { wanted in
                wanted.compactMap { person in
                    guard let entry = byPerson[person], let address = address(person) else { return nil }
                    return Member(
                        state: MemberState(person: person, values: UInt64(entry.value)), key: person, address: Personal(address.reveal().text), fields: Personal([]))
                }
            },
            recipients: {
                people.enumerated().compactMap { index, person in address(person).map { Recipient(person: person, key: person, address: $0, row: index) } }
            })
    }
}

func list(_ id: String) -> Address { Address(.list, id) }
func email(_ id: String) -> Address { Address(.email, id) }
func campaign(_ id: String) -> Address { Address(.campaign, id) }
