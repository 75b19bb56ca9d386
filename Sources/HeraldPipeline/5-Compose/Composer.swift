import HeraldAudience
import HeraldDigest
import HeraldTemplate
package import HeraldModel

/// Stage 5: what the files want, as the objects that a provider would hold, with the text that people will read.
package struct Composer {
    private let resolved: Resolved
    private let members: DesiredMembersMaker
    private let previews: MailPreviews
    private let place: @Sendable (SourceSpan) -> Place

    /// What composing gives: the objects, and an example of each mail by the path of its preview.
    package struct Result: Sendable {
        package var desired = Desired()
        package var previews: [String: String] = [:]
    }

    package init(_ resolved: Resolved, members: DesiredMembersMaker, place: @escaping @Sendable (SourceSpan) -> Place) {
        self.resolved = resolved
        self.members = members
        previews = MailPreviews(resolved)
        self.place = place
    }

    /// The lists whose people have to be decided before composing.
    package static func lists(of resolved: Resolved) -> [ResolvedList] {
        let refused = Set(resolved.unsupported.map(\.address))
        let mailed = Set(resolved.emails.values.map(\.definition.list.value))
        return resolved.lists.values
            .filter { !refused.contains($0.definition.address) && (keeper(resolved) != nil || mailed.contains($0.definition.id.value)) }
            .sorted { $0.definition.id.value < $1.definition.id.value }
    }

    /// The provider that keeps every list: the built-in one, where the workspace has it.
    private static func keeper(_ resolved: Resolved) -> String? {
        resolved.workspace.settings.providers.first { if case .local = $0.settings { true } else { false } }?.id.value
    }

    package func compose() -> Result {
        var result = Result()
        result.desired.unsupported = resolved.unsupported
        var people: [String: DesiredMembers] = [:]
        let lists = Composer.lists(of: resolved)
        let keeper = Composer.keeper(resolved)
        let composed = sideBySide(lists.count, Diagnostics()) { at, _ in
            members.members(of: lists[at]).map { members in (members: members, desired: keeper.map { list(lists[at], $0, members) }) }
        }
        for (list, composed) in zip(lists, composed) {
            guard let composed else { continue }
            people[list.definition.id.value] = composed.members
            if let desired = composed.desired { result.desired.lists.append(desired) }
        }
        let refused = Set(resolved.unsupported.map(\.address))
        for email in resolved.emails.values.sorted(by: { $0.definition.id.value < $1.definition.id.value }) where !refused.contains(email.definition.address) {
            guard let members = people[email.definition.list.value], let (desired, preview) = compose(email, members) else {
                result.desired.unsupported.append(
                    Refusal(
                        email.definition.address, place(email.definition.list.span), .unsupported,
                        "list.\(email.definition.list.value) is refused, and this email needs it", remedy: "see list.\(email.definition.list.value)"))
                continue
            }
            result.previews[desired.content.preview] = preview
            result.desired.emails.append(desired)
        }
        result.desired.campaigns = resolved.workspace.campaigns.map(campaign)
        return result
    }

    /// One email; nil where its list was not decided.
    func compose(_ email: ResolvedEmail) -> DesiredEmail? {
        resolved.lists[email.definition.list.value].flatMap { members.members(of: $0) }.flatMap { compose(email, $0)?.desired }
    }

    private func compose(_ email: ResolvedEmail, _ members: DesiredMembers) -> (desired: DesiredEmail, preview: String)? {
        guard let template = email.template, let list = resolved.lists[email.definition.list.value] else { return nil }
        let preview = previews.render(email, list, template)
        let content = self.content(email, template, preview: "output/previews/\(email.definition.id.value).html", bytes: preview.utf8.count)
        return (self.email(email, template, content, members), preview)
    }

    private func mark(_ address: Address) -> String { Mark.of(address, resolved.workspace.settings) }

    private func list(_ list: ResolvedList, _ provider: String, _ members: DesiredMembers) -> DesiredList {
        let definition = list.definition
        let spec = ObjectSpec(
            kind: .list, name: definition.name.value, mark: mark(definition.address),
            fields: [
                "name": definition.name.value, "description": definition.description?.value ?? "",
                "columns": list.columns.map { $0.label == $0.name ? $0.name : "\($0.name) (\($0.label))" }.joined(separator: ", "),
            ])
        return DesiredList(
            address: definition.address, source: place(definition.id.span), provider: provider, spec: spec, condition: list.condition,
            members: members, isOnDemand: definition.kind == .onDemand, removalLimit: definition.removals?.value ?? resolved.workspace.settings.policies.massChange.removals)
    }

    private func campaign(_ campaign: CampaignDefinition) -> DesiredCampaign {
        var fields: [String: String] = [
            "description": campaign.description?.value ?? "", "starts": campaign.starts?.value.description ?? "",
            "ends": campaign.ends?.value.description ?? "", "budget": campaign.budget?.value.description ?? "", "report": campaign.report.rawValue,
        ]
        fields["sites"] = campaign.sites.map { $0.map(\.value).joined(separator: ", ") } ?? ""
        if let revenue = campaign.revenue { fields["revenue"] = "sum of \(revenue.sum.value) of \(revenue.entity.value)" }
        return DesiredCampaign(
            address: campaign.address, source: place(campaign.id.span), name: campaign.name.value, mark: mark(campaign.address), code: campaign.code,
            formerCodes: campaign.formerCodes.map(\.value), fields: fields)
    }

    private func content(_ email: ResolvedEmail, _ template: MailTemplate, preview: String, bytes: Int) -> MailContent {
        let seen = [template.canonical, email.from.name, email.from.email, email.replyTo ?? ""].joined(separator: "\u{0}")
        return MailContent(
            subjects: email.definition.subjects.map(\.value), preheader: email.definition.preheader?.value ?? "", from: email.from,
            replyTo: email.replyTo, digest: "sha256:" + SHA256.hexadecimal(seen), links: template.links, preview: preview, htmlBytes: bytes)
    }

    private func email(_ email: ResolvedEmail, _ template: MailTemplate, _ content: MailContent, _ members: DesiredMembers) -> DesiredEmail {
        let definition = email.definition
        let at = email.at.map { ScheduleEntry(zone: $0.zone.identifier, local: $0.local, instant: $0.instant, people: members.members.count) }
        let fields = [
            "subject": content.subjects.joined(separator: " | "), "preheader": content.preheader,
            "from": "\(email.from.name) <\(email.from.email)>", "reply_to": email.replyTo ?? "", "list": definition.list.value,
            "campaign": definition.campaign?.value ?? "", "schedule": at.map { "\($0.local) \($0.zone)" } ?? "manual",
            "audience": Composer.words(definition.audience), "body": template.canonical,
        ]
        return DesiredEmail(
            address: definition.address, source: place(definition.id.span), provider: definition.via.value,
            spec: ObjectSpec(kind: .email, name: definition.name?.value ?? definition.id.value, mark: mark(definition.address), fields: fields),
            document: email.document, content: content, list: Address(.list, definition.list.value), members: members, at: at,
            audience: definition.audience)
    }

    private static func words(_ audience: EmailDefinition.Audience) -> String {
        let most = audience.atMost.map { ", at most \($0.value)" } ?? ""
        return "\(audience.members.rawValue)\(most), change \(audience.change)%"
    }
}
