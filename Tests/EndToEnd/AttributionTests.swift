import Foundation
import Testing

/// Why people come and go: what the filter, the data, the clock and they themselves did.
@Suite("Why a list changes")
struct AttributionTests {
    private static let head = "id,email,first_name,country,consent,consented_at,joined\n"

    private static func row(_ id: Int, country: String, joined: String) -> String {
        "\(id),person\(id)@example.org,Person,\(country),subscribed,2026-01-01,\(joined)\n"
    }

    /// Twenty people of Germany who joined on the first to the twentieth of November 2026, and six of Austria; those of the last ten days are on the list.
    private func shop() throws -> HeraldWorkspace {
        let people =
            (1...20).map { Self.row($0, country: "DE", joined: "2026-11-\($0 < 10 ? "0" : "")\($0)") } + (21...26).map { Self.row($0, country: "AT", joined: "2026-11-24") }
        let shop = try HeraldWorkspace.shop(people: Self.head + people.joined())
        try shop.write(
            "herald.yaml", shop.read("herald.yaml").replacing("email: email", with: "email: email\n    fields: {joined: date}") + "\npolicies:\n  mass_change: {removals: 100%}\n")
        try filter("country: DE, joined: {within: 10 days}", shop)
        #expect(try shop.applyAll().code == 0)
        return shop
    }

    private func filter(_ condition: String, _ shop: HeraldWorkspace) throws {
        try shop.write("lists/newsletter.yaml", HeraldWorkspace.list.replacing("{country: {in: [DE, AT]}}", with: "{\(condition)}"))
    }

    /// `+added −removed`, then each reason with its people.
    private func reasons(_ shop: HeraldWorkspace, at now: String = "2026-11-24T12:00:00Z") throws -> [String] {
        try shop.herald("plan", with: ["HERALD_NOW": now])
        let tree = try #require(try JSONSerialization.jsonObject(with: Data(shop.read("output/plan.json").utf8)) as? [String: Any])
        let change = try #require((tree["changes"] as? [[String: Any]])?.first { $0["address"] as? String == "list.newsletter" })
        let audience = try #require(change["audience"] as? [String: Any])
        let because = try #require(change["because"] as? [[String: Any]])
        return ["+\(audience["added"] ?? "") −\(audience["removed"] ?? "")"]
            + because.map { reason in
                "\(reason["code"] ?? "")" + (reason["detail"].map { " \($0)" } ?? "") + (reason["people"].map { " \($0)" } ?? "")
            }
    }

    @Test("One of filter, data and time alone is told for what it is")
    func alone() throws {
        let shop = try shop()
        #expect(shop.read(".herald/state.json").contains("\"basis\""))
        // On the list are those of 14 to 20 November; two days later 14 and 15 are too long ago.
        #expect(try reasons(shop, at: "2026-11-26T12:00:00Z") == ["+0 −2", "AGED 2"])
        try filter("joined: {within: 10 days}", shop)
        #expect(try reasons(shop) == ["+6 −0", "FILTER_EDITED 6"])
        // Filter and time: the new filter would have let the six in then, and two age out.
        #expect(try reasons(shop, at: "2026-11-26T12:00:00Z") == ["+6 −2", "FILTER_EDITED 6", "AGED 2"])
        try filter("country: DE, joined: {within: 10 days}", shop)
        let people = shop.read("data/contacts.csv")
        try shop.write(
            "data/contacts.csv", people.replacing("person14@example.org,Person,DE", with: "person14@example.org,Person,FR") + Self.row(30, country: "DE", joined: "2026-11-23"))
        #expect(try reasons(shop) == ["+1 −1", "DATA_CHANGED 2"])
        // Data and time: 15 ages out whatever the data, and so would 14 have, had it stayed.
        #expect(try reasons(shop, at: "2026-11-26T12:00:00Z") == ["+1 −2", "DATA_CHANGED 2", "AGED 1"])
        let text = try shop.herald("plan", with: ["HERALD_NOW": "2026-11-26T12:00:00Z"]).out
        #expect(text.contains("because  the data changed (2 people)") && text.contains("because  time passed (1 person)"), "\(text)")
    }

    @Test("Of filter and data together only what is certain is told")
    func together() throws {
        let shop = try shop()
        try filter("joined: {within: 9 days}", shop)
        let rows = shop.read("data/contacts.csv").split(separator: "\n", omittingEmptySubsequences: false).filter { !$0.hasPrefix("20,") }
        try shop.write("data/contacts.csv", rows.joined(separator: "\n"))
        // 20 is gone from the data; that 14 left and the six came may have been either.
        #expect(try reasons(shop) == ["+6 −2", "FILTER_EDITED", "DATA_CHANGED 1", "UNATTRIBUTED 7"])
        let text = try shop.herald("plan").out
        #expect(text.contains("who matches changed, and not enough is known to say why (7 people)"), "\(text)")
        // Applied, it is what the next plan compares with, though another filter that lets the same people in was applied in between.
        #expect(try shop.applyAll().code == 0)
        try filter("joined: {within: 9 days, after: 2026-01-01}", shop)
        #expect(try shop.applyAll().code == 0)
        try shop.write("data/contacts.csv", shop.read("data/contacts.csv") + Self.row(31, country: "DE", joined: "2026-11-23"))
        #expect(try reasons(shop) == ["+1 −0", "DATA_CHANGED 1"])
        #expect(try shop.herald("run").code == 0)
        #expect(try shop.herald("plan").code == 0)
    }

    @Test("Who said no left by that; fewer than five of a kind are told as nothing else")
    func consent() throws {
        let shop = try shop()
        for id in 15...16 { try shop.herald("person unsubscribe \(id) --reason letter") }
        #expect(try reasons(shop) == ["+0 −2", "UNATTRIBUTED groups of fewer than 5 people are not told apart 2"])
        #expect(try shop.herald("plan").out.contains("because  who matches changed: groups of fewer than 5 people are not told apart (2 people)"))
        // Time is told exactly all the same.
        #expect(try reasons(shop, at: "2026-11-25T12:00:00Z") == ["+0 −3", "AGED 1", "UNATTRIBUTED groups of fewer than 5 people are not told apart 2"])
        for id in 17...19 { try shop.herald("person unsubscribe \(id) --reason letter") }
        #expect(try reasons(shop) == ["+0 −5", "CONSENT_WITHDRAWN 5"])
        #expect(try shop.applyAll().code == 0)
        // They come back by what they say: neither data nor time did it.
        for id in 15...19 { try shop.herald("person subscribe \(id) --reason form", with: ["HERALD_NOW": "2026-11-24T13:00:00Z"]) }
        #expect(try reasons(shop, at: "2026-11-24T14:00:00Z") == ["+5 −0", "DATA_CHANGED in the records 5"])
    }

    @Test("Where the way of reading the data was edited, or nothing was kept, it says that it does not know")
    func unknown() throws {
        let shop = try shop()
        let settings = shop.read("herald.yaml")
        try shop.write("herald.yaml", settings.replacing("timezone: Europe/Berlin", with: "timezone: Europe/Athens"))
        #expect(try reasons(shop, at: "2026-11-26T12:00:00Z") == ["+0 −2", "UNATTRIBUTED 2"])
        try shop.write("herald.yaml", settings)
        // A state of before this was kept.
        let state = shop.read(".herald/state.json")
        let older = state.replacing(/,\s*"basis":\s*\{[^}]*\}/, with: "")
        #expect(older != state)
        try shop.write(".herald/state.json", older)
        #expect(try reasons(shop, at: "2026-11-26T12:00:00Z") == ["+0 −2", "UNATTRIBUTED 2"])
    }
}
