import Foundation
import Testing

@Suite("Conditions over what was sent")
struct ResultWordTests {
    /// A shop whose welcome mail went to Ada, Ben and Cleo on 24 November.
    private func shop(_ lists: String...) throws -> HeraldWorkspace {
        let shop = try HeraldWorkspace.shop()
        for (number, list) in lists.enumerated() { try shop.write("lists/l\(number).yaml", "list: l\(number)\nname: L\(number)\nentity: contact\nwhere: \(list)\n") }
        #expect(try shop.applyAll().code == 0)
        try shop.herald("plan")
        #expect(try shop.herald("send email.welcome-mail --plan output/plan.json").code == 0)
        return shop
    }

    private func counts(_ shop: HeraldWorkspace, _ list: String, at now: String = "2026-11-25T12:00:00Z") throws -> String {
        let run = try shop.herald("list show \(list) --format json", with: ["HERALD_NOW": now])
        let json = try #require(try JSONSerialization.jsonObject(with: Data(run.out.utf8)) as? [String: Any], "\(run.all)")
        let steps = try #require(json["steps"] as? [String: Int])
        return "\(steps["match"] ?? -1) \(steps["mailable"] ?? -1)"
    }

    @Test("sent and contacted: of an email, a campaign, a list, how often, when")
    func sent() throws {
        let shop = try shop(
            "{sent: {email: welcome-mail}}", "{not: {sent: {email: welcome-mail}}}", "{sent: {campaign: welcome, within: 2 days}}", "{contacted: {list: newsletter, times: 1}}",
            "{contacted: {list: l0}}", "{contacted: {last: {before: 2026-11-24}}}", "{sent: {times: {is: 0}}}", "{bounced: {}}", "{unsubscribed: {within: 1 day}}")
        // The mail went to the address of record 1, which record 7 has too.
        #expect(try counts(shop, "l0") == "4 3")
        #expect(try counts(shop, "l1") == "3 1")
        #expect(try counts(shop, "l2") == "4 3")
        #expect(try counts(shop, "l2", at: "2026-11-27T12:00:00Z") == "0 0")
        #expect(try counts(shop, "l3") == "4 3")
        #expect(try counts(shop, "l4") == "0 0")
        #expect(try counts(shop, "l5") == "0 0")
        #expect(try counts(shop, "l6") == "3 1")
        #expect(try counts(shop, "l7") == "0 0")
        #expect(try counts(shop, "l8") == "0 0")
        try shop.herald("person unsubscribe ben@example.org --reason asked")
        #expect(try counts(shop, "l8") == "1 0")
        // A changed address does not hide that the record had the mail.
        try shop.write("data/contacts.csv", HeraldWorkspace.people.replacing("3,cleo@", with: "3,cleopatra@"))
        #expect(try counts(shop, "l0") == "4 2")
        let explain = try shop.herald("explain l0 cleopatra@example.org", with: ["HERALD_NOW": "2026-11-25T12:00:00Z"])
        #expect(explain.out.contains("sent: at least one"), "\(explain.out)")
        #expect(explain.out.contains("at 2026-11-24 13:00"), "\(explain.out)")
    }

    @Test("A list shows how many were sent an email of it, and the export how often and when last")
    func contacts() throws {
        let shop = try shop()
        let show = try shop.herald("list show newsletter --export out.csv")
        #expect(show.out.contains("3 were sent an email of this list before, last at 2026-11-24 13:00"), "\(show.all)")
        #expect(shop.read("out.csv").hasPrefix("email,first_name,country,contacted_times,last_contacted\r\nada@example.org,Ada,DE,1,2026-11-24 13:00"), "\(shop.read("out.csv"))")
    }

    @Test("A reminder goes to those who did not get the first mail, and its plan is empty afterwards")
    func reminder() throws {
        let shop = try shop("{country: FR}")
        try shop.write("lists/reminded.yaml", "list: reminded\nname: Reminded\nentity: contact\nwhere: {country: {in: [DE, AT, FR]}, not: {sent: {email: welcome-mail}}}\n")
        try shop.write("campaigns/again.yaml", "email: again\nlist: reminded\nvia: local\nsubject: Again\ntemplate: welcome.html\nschedule: manual\n")
        try shop.write("campaigns/welcome.html", HeraldWorkspace.template)
        try shop.write("lists/reminded.yaml", shop.read("lists/reminded.yaml") + "columns: [first_name]\n")
        #expect(try shop.applyAll().code == 0)
        try shop.herald("plan")
        let send = try shop.herald("send email.again --plan output/plan.json")
        #expect(send.code == 0, "\(send.all)")
        #expect(shop.mails.filter { $0.contains("X-Herald-Email: again") }.count == 1)
        #expect(shop.mails.contains { $0.contains("X-Herald-Email: again") && $0.contains("dan@example.org") })
        #expect(try shop.herald("plan").code == 0)
    }

    @Test("Words that nothing answers yet are refused by plan; personas may say what they got")
    func refused() throws {
        let shop = try HeraldWorkspace.shop()
        try shop.write(
            "lists/cold.yaml",
            """
            list: cold
            name: Cold
            entity: contact
            where: {not: {opened: {email: welcome-mail}}}
            ---
            test: cold-people
            list: cold
            people:
              - {id: 1, email: a@example.org, consent: subscribed, opened: [welcome-mail], expect: {out: where}}
              - {id: 2, email: b@example.org, consent: subscribed, sent: [welcome-mail], expect: in}
            ---
            list: warm
            name: Warm
            entity: contact
            where: {contacted: {list: newsletter}}
            ---
            test: warm-people
            list: warm
            people:
              - {id: 1, email: a@example.org, consent: subscribed, contacted: [newsletter], expect: in}
              - {id: 2, email: b@example.org, consent: subscribed, sent: [welcome-mail], expect: in}
              - {id: 3, email: c@example.org, consent: subscribed, expect: out}
            """)
        try shop.herald("state init")
        let test = try shop.herald("test")
        #expect(test.code == 0, "\(test.all)")
        let plan = try shop.herald("plan")
        #expect(plan.out.contains("`opened`, which nothing answers without tracking or a vendor, is not part of this version"), "\(plan.all)")
        try shop.write("lists/cold.yaml", shop.read("lists/cold.yaml").replacing("sent: [welcome-mail]", with: "sent: [welcome-mial]"))
        let wrong = try shop.herald("validate")
        #expect(wrong.code == 3)
        #expect(wrong.all.contains("there is no email `welcome-mial`") && wrong.all.contains("did you mean `welcome-mail`?"), "\(wrong.all)")
    }

    @Test("Who got a mail is known also where the state forgot the email, or is a new one")
    func forgotten() throws {
        let shop = try shop("{not: {sent: {email: welcome-mail}}}")
        #expect(try counts(shop, "l0") == "3 1")
        let forget = try shop.herald("state rm email.welcome-mail")
        #expect(forget.code == 0, "\(forget.all)")
        #expect(try counts(shop, "l0") == "3 1")
        for file in shop.files(below: ".herald") where file.contains("state") || file.contains("records") { try FileManager.default.removeItem(atPath: shop.root + "/" + file) }
        #expect(try shop.herald("state init").code == 0)
        #expect(try counts(shop, "l0") == "3 1")
    }

    @Test("What cannot be read is never taken for nothing")
    func unread() throws {
        let shop = try shop("{not: {sent: {email: welcome-mail}}}")
        try shop.write(".herald/local.sqlite", "no database")
        let show = try shop.herald("list show l0")
        #expect(show.code == 1, "\(show.all)")
        #expect(show.err.contains("what local knows of mails that were sent cannot be read"), "\(show.err)")
    }

    @Test("changed: by an audit table, to a value, within a time")
    func audit() throws {
        let shop = try HeraldWorkspace.shop()
        try shop.write(
            "herald.yaml",
            shop.read("herald.yaml").replacing("consented_at}\n", with: "consented_at}\n    changes: {from: crm.audit, key: contact, field: what, old: was, new: became, at: on}\n")
        )
        try shop.write(
            "data/audit.csv",
            "contact,what,was,became,on\n1,country,FR,DE,2026-11-20\n2,country,DE,AT,2026-10-01\n3,first_name,,Cleo,2026-11-23\n3,country,AT,DE,2026-11-23\n2,consented_at,2026-03-01,2026-03-02,2026-11-23\n"
        )
        for (id, condition) in [
            ("recent", "{field: country, within: 30 days}"), ("to-de", "{field: country, to: DE, within: 3 days}"), ("ever", "{field: country, within: 1 year}"),
            ("consent", "{field: consented_at, to: 2026-03-02, within: 1 week}"),
        ] {
            try shop.write("lists/\(id).yaml", "list: \(id)\nname: \(id)\nentity: contact\nwhere: {changed: \(condition)}\n")
        }
        #expect(try counts(shop, "recent") == "2 2")
        #expect(try counts(shop, "to-de") == "1 1")
        #expect(try counts(shop, "ever") == "3 3")
        #expect(try counts(shop, "consent") == "1 1")
        let explain = try shop.herald("explain to-de cleo@example.org")
        #expect(explain.out.contains("changed: at least one"), "\(explain.out)")
        try shop.write("lists/recent.yaml", "list: recent\nname: recent\nentity: contact\nwhere: {changed: {field: county, within: 1 day}}\n")
        #expect(try shop.herald("validate").all.contains("did you mean `country`?"))
    }

    @Test("changed, without an audit table: what is not as it was at the run before")
    func noticed() throws {
        let shop = try HeraldWorkspace.shop()
        for (id, condition) in [("moved", "{field: country, within: 30 days}"), ("to-de", "{field: country, to: DE, within: 30 days}")] {
            try shop.write("lists/\(id).yaml", "list: \(id)\nname: \(id)\nentity: contact\nwhere: {changed: \(condition)}\n")
        }
        #expect(try shop.applyAll().code == 0)
        #expect(try counts(shop, "moved") == "0 0")
        try shop.write(
            "data/contacts.csv", HeraldWorkspace.people.replacing("Ben,AT", with: "Ben,DE").replacing("Dan,FR", with: "Dan,IT") + "8,new@example.org,N,DE,subscribed,2026-03-01\n")
        // Seen at once, and kept by the apply.
        #expect(try counts(shop, "moved") == "2 2")
        #expect(try counts(shop, "to-de") == "1 1")
        let later = ["HERALD_NOW": "2026-11-26T12:00:00Z"]
        #expect(try shop.herald("plan", with: later).code == 2)
        #expect(try shop.herald("apply output/plan.json", with: later).code == 0)
        #expect(try shop.herald("plan", with: later).code == 0)
        // Changed back: both times count. A month after the first change only Dan's second one is left.
        try shop.write("data/contacts.csv", shop.read("data/contacts.csv").replacing("Dan,IT", with: "Dan,DE"))
        let much = ["HERALD_NOW": "2026-12-20T12:00:00Z"]
        let run = try shop.herald("run", with: much)
        #expect(run.code == 0, "\(run.all)")
        #expect(try counts(shop, "moved", at: "2026-12-20T12:00:00Z") == "2 2")
        #expect(try counts(shop, "to-de", at: "2026-12-20T12:00:00Z") == "2 2")
        #expect(try counts(shop, "moved", at: "2026-12-30T12:00:00Z") == "1 1")
        // A new key, an erased person.
        #expect(try shop.herald("key rotate", with: much).code == 0)
        #expect(try counts(shop, "to-de", at: "2026-12-20T12:00:00Z") == "2 2")
        #expect(try shop.herald("plan", with: much).code == 0)
        #expect(try shop.herald("person erase dan@example.org --reason asked", with: much).code == 0)
        #expect(try counts(shop, "moved", at: "2026-12-30T12:00:00Z") == "1 0")
        // A damaged file is told, and never taken for one without changes.
        try shop.write(".herald/records.watched", "herald.watched/1\nx")
        let damaged = try shop.herald("plan", with: much)
        #expect(damaged.code == 6, "\(damaged.all)")
        #expect(damaged.err.contains("records.watched is damaged"))
    }
}
