import HeraldModel

extension DefinitionDecoder {
    func campaign(_ node: Node) -> CampaignDefinition? {
        guard let map = MapReader(node, DefinitionShapes.campaign, diagnostics) else { return nil }
        let (id, name, code) = (scalars.id(map["campaign"]), scalars.line(map["name"], max: 100, what: "a name"), self.code(map["code"]))
        let (starts, ends) = (scalars.day(map["starts"]), scalars.day(map["ends"]))
        if let starts, let ends, ends.value < starts.value {
            diagnostics.report(.badValue, "the campaign ends before it starts", at: ends.span, suggestion: "`ends` is \(starts.value) or later")
        }
        let former = scalars.list(map["former_codes"], what: "codes").compactMap(self.code)
        if let code, let same = former.first(where: { $0.value == code.value }) {
            diagnostics.report(.badValue, "`\(same.value)` is the code of today, so it is no former one", at: same.span, suggestion: "delete it")
        }
        let (description, budget) = (scalars.text(map["description"]), budget(map["budget"]))
        let (report, sites) = (scalars.choice(map["report"], CampaignDefinition.Report.self), map["sites"].map { scalars.ids($0, what: "ids of sites") })
        let (tags, revenue) = (scalars.ids(map["tags"], what: "tags"), map["revenue"].flatMap(revenue))
        guard let id, let name, let code else { return nil }
        var campaign = CampaignDefinition(id: id, name: name, code: code)
        (campaign.formerCodes, campaign.starts, campaign.ends, campaign.description) = (former, starts, ends, description)
        (campaign.budget, campaign.report, campaign.sites) = (budget, report?.value ?? .day, sites)
        (campaign.tags, campaign.revenue) = (tags, revenue)
        return campaign
    }

    private func revenue(_ node: Node) -> (entity: Located<String>, sum: Located<String>)? {
        guard let map = MapReader(node, SettingsShapes.revenue, diagnostics) else { return nil }
        let (entity, sum) = (scalars.id(map["entity"], underscores: true), scalars.line(map["sum"], max: 200, what: "a column"))
        guard let entity, let sum else { return nil }
        return (entity, sum)
    }

    private func code(_ node: Node?) -> Located<String>? {
        guard let node, let text = scalars.line(node, what: "a code") else { return nil }
        let isCode =
            (1...20).contains(text.value.utf8.count)
            && text.value.utf8.allSatisfy { 48...57 ~= $0 || 65...90 ~= $0 || 97...122 ~= $0 || $0 == 45 || $0 == 95 }
        guard isCode else {
            scalars.fail(.badValue, "a code is 1 to 20 letters, digits, - and _", node)
            return nil
        }
        return text
    }

    private func budget(_ node: Node?) -> Located<Money>? {
        guard let node, let text = scalars.line(node, what: "a budget") else { return nil }
        let parts = text.value.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 2, let amount = Decimal(parsing: parts[0]), amount >= Decimal(0), !parts[0].hasPrefix("+"),
            Currencies.codes.contains(String(parts[1]))
        else {
            scalars.fail(.badValue, "a budget is an amount that is not negative and an ISO 4217 code", node, "write it as `12000 EUR`")
            return nil
        }
        return Located(Money(amount: amount, currency: String(parts[1])), node.span)
    }

    func email(_ node: Node) -> EmailDefinition? {
        guard let map = MapReader(node, DefinitionShapes.email, diagnostics) else { return nil }
        let (id, list, via) = (scalars.id(map["email"]), scalars.id(map["list"]), scalars.id(map["via"]))
        let (subjects, splitTest) = (self.subjects(map["subject"]), map["ab"].flatMap(self.splitTest))
        let (template, schedule) = (self.template(map["template"]), map["schedule"].flatMap(self.schedule))
        if let node = map["ab"], subjects.count == 1 { scalars.fail(.badValue, "`ab` needs two or more subjects", node, "write `subject: [first, second]`") }
        if let node = map["subject"], subjects.count > 1, map["ab"] == nil { scalars.fail(.badValue, "several subjects need `ab`", node, "add `ab: {test: 20%, after: 4 hours}`") }
        let (name, campaign) = (scalars.line(map["name"], max: 100, what: "a name"), scalars.id(map["campaign"]))
        let (from, replyTo) = (scalars.sender(map["from"]), scalars.email(map["reply_to"]))
        let (preheader, tags) = (scalars.line(map["preheader"], max: 500, what: "a preheader"), scalars.ids(map["tags"], what: "tags"))
        let (layout, audience) = (layout(map["layout"]), map["audience"].map(audience))
        guard let id, let list, let via, !subjects.isEmpty, let template, let schedule else { return nil }
        var email = EmailDefinition(
            id: id, list: list, via: via, subjects: subjects, template: template, schedule: schedule, folder: directory)
        (email.name, email.campaign, email.from, email.replyTo) = (name, campaign, from, replyTo)
        (email.preheader, email.layout, email.tags, email.splitTest) = (preheader, layout, tags, splitTest)
        if let audience { email.audience = audience }
        return email
    }

    private func layout(_ node: Node?) -> EmailDefinition.Layout {
        guard let node else { return .inherited }
        return node.scalar == "none" ? .none : scalars.path(node).map { .path($0) } ?? .inherited
    }

    private func subjects(_ node: Node?) -> [Located<String>] {
        guard let node else { return [] }
        guard node.kind == .list else { return scalars.line(node, max: 500, what: "a subject").map { [$0] } ?? [] }
        if node.elements.count < 2 { scalars.fail(.badValue, "a list of subjects has two or more", node, "write one subject as text") }
        return node.elements.compactMap { scalars.line($0, max: 500, what: "a subject") }
    }

    private func template(_ node: Node?) -> EmailDefinition.Template? {
        guard let node else { return nil }
        guard node.kind == .map else { return scalars.path(node).map { .one($0) } }
        guard !node.entries.isEmpty else {
            scalars.fail(.badValue, "a template is a path, or a map of paths by language", node, "write it as `hello.html`")
            return nil
        }
        let entries = node.entries.compactMap { key, value -> (language: Located<String>, path: Located<String>)? in
            let (language, path) = (scalars.language(key), scalars.path(value))
            guard let language, let path else { return nil }
            return (language, path)
        }
        return entries.isEmpty ? nil : .perLanguage(entries)
    }

    private func schedule(_ node: Node) -> EmailDefinition.Schedule? {
        if node.isScalar {
            guard node.scalar == "manual" else {
                scalars.fail(.badValue, "a schedule is `manual`, or a map with `at`", node, "write `{at: 2027-03-01 09:00}`")
                return nil
            }
            return .manual
        }
        guard let map = MapReader(node, DefinitionShapes.schedule, diagnostics) else { return nil }
        let (at, zone) = (scalars.localTime(map["at"]), scalars.line(map["timezone"], max: 64, what: "a time zone"))
        guard let at else { return nil }
        switch zone?.value {
        case nil, "workspace": return .at(at, zone: .workspace)
        case "recipient": return .at(at, zone: .recipient)
        case _?: return zone.map { .at(at, zone: .named($0)) }
        }
    }

    private func audience(_ node: Node) -> EmailDefinition.Audience {
        var audience = EmailDefinition.Audience()
        guard let map = MapReader(node, DefinitionShapes.audience, diagnostics) else { return audience }
        if let members = scalars.choice(map["members"], EmailDefinition.Audience.Members.self) { audience.members = members.value }
        audience.atMost = scalars.integer(map["at_most"], what: "a count")
        if let change = scalars.percent(map["change"]) { audience.change = change.value }
        return audience
    }

    private func splitTest(_ node: Node) -> EmailDefinition.SplitTest? {
        guard let map = MapReader(node, DefinitionShapes.splitTest, diagnostics) else { return nil }
        let (test, after) = (scalars.percent(map["test"]), scalars.duration(map["after"]))
        let decision = scalars.choice(map["decide_by"], EmailDefinition.SplitTest.Decision.self)?.value ?? .clicks
        guard let test, let after else { return nil }
        return EmailDefinition.SplitTest(test: test.value, decideBy: decision, after: after.value, span: node.span)
    }
}

/// The active codes of ISO 4217.
enum Currencies {
    static let codes = Set(
        """
        AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE
        CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS
        KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR
        PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD
        TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG
        """.split(whereSeparator: \.isWhitespace).map(String.init))
}
