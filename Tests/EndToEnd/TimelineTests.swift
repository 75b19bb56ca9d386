import Foundation
import Testing

/// `herald timeline`: what happens by itself in the time to come.
@Suite("Timeline")
struct TimelineTests {
    /// A shop at noon (UTC) of Friday, 26 March 2027: clocks go forward on Sunday, and birthdays come and go.
    private func shop() throws -> HeraldWorkspace {
        let shop = try HeraldWorkspace.shop(
            people: """
                id,email,first_name,country,consent,consented_at,birthday,seen
                1,ada@example.org,Ada,DE,subscribed,2026-03-01,1990-03-28,2027-03-26T20:00:00Z
                2,ben@example.org,Ben,AT,subscribed,2026-03-02,1985-03-26,2027-03-27T20:00:00Z
                3,cleo@example.org,Cleo,DE,subscribed,2026-03-03,2000-03-29,
                4,dan@example.org,Dan,DE,unsubscribed,2026-03-04,1970-03-28,
                5,ADA@example.org,Ada,DE,subscribed,2026-03-01,1991-03-28,

                """)
        shop.variables["HERALD_NOW"] = "2027-03-26T12:00:00Z"
        try shop.write("herald.yaml", shop.read("herald.yaml").replacing("email: email", with: "email: email\n    fields: {birthday: date, seen: datetime}"))
        try shop.write(
            "lists/newsletter.yaml",
            HeraldWorkspace.list.replacing("{country: {in: [DE, AT]}}", with: "{birthday: {anniversary: today}}") + """

                ---
                list: seen
                name: Seen, lately; "Größe" 🎂 with a very long name that no calendar line holds \\ back
                entity: contact
                where: {seen: {before: now}}
                ---
                list: germans
                name: Germans
                entity: contact
                where: {country: DE}
                columns: [first_name]
                """)
        try shop.write(
            "campaigns/welcome.yaml",
            HeraldWorkspace.campaign.replacing("list: newsletter", with: "list: germans").replacing("code: welcome", with: "code: welcome\nstarts: 2027-03-27\nends: 2027-04-01")
                .replacing("schedule: manual", with: "schedule: {at: 2027-03-28 09:00}\naudience: {change: 100%}"))
        return shop
    }

    @Test("Without a state it tells of the files: who ages in and out, mails to be applied, campaigns, clocks")
    func files() throws {
        let shop = try shop()
        let shown = try shop.herald("timeline --for 6 days")
        #expect(shown.code == 0, "\(shown.all)")
        let days = shown.out.components(separatedBy: "\n\n").dropFirst().map { $0.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") } }
        #expect(
            days == [
                ["2027-03-26 Fri", "list.seen \"Seen, lately; \"Größe\" 🎂 with a very long name that no calend… (80 characters)\" +1 −0 as time passes, 1 on it then"],
                [
                    "2027-03-27 Sat", "campaign.welcome \"Welcome\" starts", "list.newsletter \"Newsletter\" +0 −1 as time passes, 0 on it then",
                    "list.seen \"Seen, lately; \"Größe\" 🎂 with a very long name that no calend… (80 characters)\" +1 −0 as time passes, 2 on it then",
                ],
                [
                    // Ada has two records, and comes in once; Dan said no.
                    "2027-03-28 Sun", "list.newsletter \"Newsletter\" +1 −0 as time passes, 1 on it then",
                    "03:00 clocks go forward: 02:00 becomes 03:00 (Europe/Berlin)",
                    "09:00 email.welcome-mail is missed unless it is applied, before that: then it goes to 2 people",
                ],
                ["2027-03-29 Mon", "list.newsletter \"Newsletter\" +1 −1 as time passes, 1 on it then"],
                ["2027-03-30 Tue", "list.newsletter \"Newsletter\" +0 −1 as time passes, 0 on it then"],
                ["2027-04-01 Thu", "campaign.welcome \"Welcome\" ends, this is its last day"],
            ], "\(shown.out)")
        #expect(!shop.exists(".herald"))
        #expect(try shop.herald("timeline --for 1 day").out.contains("clocks") == false)
        for line in ["timeline --for ever", "timeline --for 30", "timeline --for 4 years"] { #expect(try shop.herald(line).code == 1, "\(line)") }
    }

    @Test("What was applied goes, a plan that nobody applied expires, and JSON says the same")
    func applied() throws {
        let shop = try shop()
        #expect(try shop.applyAll().code == 0)
        #expect(try shop.herald("timeline").out.contains("goes to 2 people, as it was applied"))
        #expect(!(try shop.herald("timeline").out.contains("output/plan.json")), "that plan was spent")
        try shop.write("data/contacts.csv", shop.read("data/contacts.csv") + "6,finn@example.org,Finn,DE,subscribed,2026-03-01,1991-03-26,\n")
        #expect(try shop.herald("plan").code == 2)
        let shown = try shop.herald("timeline --for 2 weeks")
        #expect(shown.out.contains("in output/plan.json expires"), "\(shown.out)")
        let tree = try #require(try JSONSerialization.jsonObject(with: Data(try shop.herald("timeline --format json").out.utf8)) as? [String: Any])
        #expect(tree["format"] as? String == "herald.timeline/1" && tree["timezone"] as? String == "Europe/Berlin")
        let events = try #require(tree["events"] as? [[String: Any]])
        let send = try #require(events.first { $0["kind"] as? String == "send" })
        #expect(send["at"] as? String == "2027-03-28T07:00:00Z" && (send["send"] as? [String: Any])?["outcome"] as? String == "goes")
        #expect(Set(events.compactMap { $0["kind"] as? String }) == ["ageing", "send", "campaign-starts", "campaign-ends", "clock-change", "plan-expires"])
        #expect(!shown.all.contains("ada@") && !"\(tree)".contains("ada@"))
    }

    @Test("What this version cannot follow is told, and stands in the way of nothing else")
    func refused() throws {
        let shop = try shop()
        try shop.write("lists/more.yaml", "list: lately\nname: Lately\nentity: contact\nwhere: {opened: {}}\ncolumns: [first_name]\n")
        try shop.write("campaigns/welcome.yaml", shop.read("campaigns/welcome.yaml").replacing("list: germans", with: "list: lately"))
        let shown = try shop.herald("timeline --for 6 days")
        #expect(shown.code == 0, "\(shown.all)")
        #expect(shown.out.contains("email.welcome-mail   does not go: plan refuses"), "\(shown.out)")
        #expect(shown.out.contains("list.newsletter"))
    }

    @Test("The calendar is one that a strict reader takes, and its events keep their identity")
    func calendar() throws {
        let shop = try shop()
        let calendar = try CalendarReader(try shop.herald("timeline --for 10 days --format ics").out)
        #expect(calendar.events.count == 10)
        let send = try #require(calendar.events.first { $0["CATEGORIES"] == "send" })
        #expect(send["DTSTART"] == "20270328T070000Z" && send["DTSTAMP"] == "20270326T120000Z")
        #expect(calendar.events.contains { $0["DTSTART;VALUE=DATE"] == "20270401" && $0["CATEGORIES"] == "campaign-ends" })
        #expect(calendar.events.contains { $0["SUMMARY"]?.contains("\"Seen, lately; \"Größe\" 🎂") == true })
        // A day later, and with another time of the mail: the same events where they are the same.
        try shop.write("campaigns/welcome.yaml", shop.read("campaigns/welcome.yaml").replacing("2027-03-28 09:00", with: "2027-03-29 10:00"))
        let later = try CalendarReader(try shop.herald("timeline --for 10 days --format ics", with: ["HERALD_NOW": "2027-03-27T12:00:00Z"]).out)
        let moved = try #require(later.events.first { $0["CATEGORIES"] == "send" })
        #expect(moved["UID"] == send["UID"] && moved["DTSTART"] == "20270329T080000Z")
        let ids = Set(calendar.events.compactMap { $0["UID"] })
        #expect(later.events.filter { ids.contains($0["UID"] ?? "") }.count >= 7)
    }
}
