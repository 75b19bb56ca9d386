import Foundation
import Testing

@Suite("What people said is kept and holds")
struct PersonTests {
    private func shop() throws -> HeraldWorkspace {
        let shop = try HeraldWorkspace.shop()
        try shop.write(
            "lists/second.yaml", "list: second\nname: Second\nentity: contact\nwhere: {country: {in: [DE, AT, FR]}}\n")
        #expect(try shop.applyAll().code == 0)
        return shop
    }

    private func herald(_ shop: HeraldWorkspace, _ arguments: String..., input: String? = nil, at now: String? = nil) throws -> HeraldRun {
        try shop.run(arguments: arguments, input: input, with: now.map { ["HERALD_NOW": $0] } ?? [:])
    }

    @Test("An opt-out holds in every list, under a changed address, and for another record with the address")
    func unsubscribe() throws {
        let shop = try shop()
        let run = try herald(shop, "person", "unsubscribe", "ben@example.org", "--reason", "asked by phone")
        #expect(run.code == 0, "\(run.all)")
        #expect(run.out == "b…@e….org: unsubscribed\n")
        #expect(try herald(shop, "person", "unsubscribe", "2", "--reason", "again").out == "b…@e….org: already unsubscribed\n")
        let plan = try shop.herald("plan --format json --allow-removals list.newsletter=9 --allow-removals list.second=9")
        #expect(plan.code == 2, "\(plan.all)")
        #expect(try shop.herald("apply output/plan.json").code == 0)
        #expect(try shop.objects() == ["email welcome-mail 0", "list Newsletter 2", "list Second 3"])
        // A new address, and another record with the old one, with consent that is older than the opt-out.
        try shop.write(
            "data/contacts.csv",
            HeraldWorkspace.people.replacing("2,ben@", with: "2,benjamin@") + "9,ben@example.org,Ben,AT,subscribed,2026-05-01\n10,benjamin@example.org,B,AT,subscribed,\n")
        let later = try shop.herald("plan --format json")
        #expect(later.code == 0, "\(later.all)")
        let show = try herald(shop, "list", "show", "newsletter")
        #expect(show.out.contains("unsubscribed               3   2 by the records") || show.out.contains("by the records"), "\(show.out)")
        let explain = try herald(shop, "explain", "newsletter", "benjamin@example.org")
        #expect(explain.out.contains("kept in the records since 2026-11-24T12:00:00Z, by operator"), "\(explain.out)")
        // Consent that is newer than the opt-out starts anew, at the address for which it was given.
        try shop.write(
            "data/contacts.csv", shop.read("data/contacts.csv").replacing("9,ben@example.org,Ben,AT,subscribed,2026-05-01", with: "9,ben@example.org,Ben,AT,subscribed,2026-11-25"))
        let reopened = try shop.herald("plan", with: ["HERALD_NOW": "2026-11-26T12:00:00Z"])
        #expect(reopened.code == 2, "\(reopened.all)")
        #expect(try shop.herald("apply output/plan.json", with: ["HERALD_NOW": "2026-11-26T12:00:00Z"]).code == 0)
        #expect(try shop.objects() == ["email welcome-mail 0", "list Newsletter 3", "list Second 4"])
    }

    @Test("An opt-out between plan and apply, and between apply and send, is kept to")
    func meanwhile() throws {
        let more = (10...29).map { "\($0),p\($0)@example.org,P,DE,subscribed,2026-05-01\n" }.joined()
        let shop = try HeraldWorkspace.shop(people: HeraldWorkspace.people + more)
        try shop.herald("state init")
        try shop.herald("plan")
        #expect(try herald(shop, "person", "unsubscribe", "ben@example.org", "--reason", "letter").code == 0)
        let apply = try shop.herald("apply output/plan.json")
        #expect(apply.code == 0, "\(apply.all)")
        #expect(try shop.objects() == ["email welcome-mail 0", "list Newsletter 22"])
        try shop.herald("plan")
        #expect(try herald(shop, "person", "unsubscribe", "ada@example.org", "--reason", "letter").code == 0)
        let send = try shop.herald("send email.welcome-mail --plan output/plan.json")
        #expect(send.code == 0, "\(send.all)")
        #expect(shop.mails.count == 21)
        #expect(!shop.mails.contains { $0.contains("To: ada@example.org") || $0.contains("To: ben@example.org") })
    }

    @Test("Subscribing takes evidence that is newer than the opt-out")
    func subscribe() throws {
        let shop = try shop()
        #expect(try herald(shop, "person", "unsubscribe", "1", "--reason", "mail").code == 0)
        let early = try herald(shop, "person", "subscribe", "1", "--reason", "form", "--at", "2026-11-23")
        #expect(early.code == 6, "\(early.all)")
        #expect(early.err.contains("unsubscribed since 2026-11-24T12:00:00Z"))
        #expect(try herald(shop, "person", "subscribe", "1", "--reason", "form").code == 6)
        let later = try herald(shop, "person", "subscribe", "1", "--reason", "form", at: "2026-11-25T12:00:00Z")
        #expect(later.code == 0, "\(later.all)")
        #expect(try herald(shop, "person", "subscribe", "1", "--reason", "form", at: "2026-11-25T13:00:00Z").out == "a…@e….org: already subscribed\n")
        #expect(try shop.herald("plan", with: ["HERALD_NOW": "2026-11-25T12:00:00Z"]).code == 0)
        // A clock that goes back a day does not let an opt-out fall behind what was said before.
        #expect(try herald(shop, "person", "unsubscribe", "1", "--reason", "mail").code == 0)
        #expect(try herald(shop, "person", "show", "1").out.hasPrefix("a…@e….org   unsubscribed\n"))
        #expect(try herald(shop, "person", "unsubscribe", "1", "--reason", "mail").out == "a…@e….org: already unsubscribed\n")
        // What the data says without a time is never outdated.
        let pending = try herald(shop, "person", "subscribe", "finn@example.org", "--reason", "form")
        #expect(pending.code == 6)
        #expect(pending.err.contains("the data says pending"))
    }

    @Test("People whom the data does not know, and many at once from standard input")
    func many() throws {
        let shop = try shop()
        let stranger = try herald(shop, "person", "unsubscribe", "Zoe@Example.org", "--reason", "call", "--format", "json")
        #expect(stranger.code == 0)
        #expect(stranger.out.contains("\"changed\" : 1"))
        let show = try herald(shop, "person", "show", "zoe@example.org", "--format", "json")
        #expect(show.out.contains("\"status\" : \"unsubscribed\""), "\(show.all)")
        #expect(try herald(shop, "person", "show", "nobody@example.org").code == 1)
        #expect(try herald(shop, "person", "unsubscribe", "4711", "--reason", "call").code == 1)
        let broken = try herald(shop, "person", "unsubscribe", "-", "--reason", "call", input: "ben@example.org\n4711\n")
        #expect(broken.code == 1)
        #expect(broken.err.contains("person 2 of 2"))
        #expect(try shop.herald("plan").code == 0)
        let both = try herald(shop, "person", "unsubscribe", "-", "--reason", "call", input: "ben@example.org\n\n3\n2\n")
        #expect(both.code == 0)
        #expect(both.out == "b…@e….org: unsubscribed\nc…@e….org: unsubscribed\n")
        #expect(try herald(shop, "list", "show", "newsletter", "--format", "json").out.contains("\"mailable\" : 1"))
    }

    @Test("A reason holds no address", arguments: ["told by ben@example.org", "", "  ", "x\u{7}y", "a＠b"])
    func reasons(_ reason: String) throws {
        let shop = try shop()
        #expect(try herald(shop, "person", "unsubscribe", "ben@example.org", "--reason", reason).code == 1)
        #expect(try shop.herald("plan").code == 0)
    }

    @Test("Removed by hand from one list, and restored")
    func byHand() throws {
        let shop = try shop()
        let removed = try herald(shop, "list", "remove", "newsletter", "cleo@example.org", "--reason", "works here")
        #expect(removed.out == "c…@e….org: removed\n", "\(removed.all)")
        #expect(try herald(shop, "list", "remove", "list.newsletter", "3", "--reason", "works here").out == "c…@e….org: already removed\n")
        let show = try herald(shop, "person", "show", "3")
        #expect(show.out.contains("off      list.newsletter   removed"), "\(show.out)")
        #expect(show.out.contains("on       list.second"))
        #expect(show.out.contains("fact     removed from list.newsletter at 2026-11-24"))
        #expect(try shop.herald("plan --allow-removals list.newsletter=9").code == 2)
        #expect(try shop.herald("apply output/plan.json").code == 0)
        #expect(try shop.objects() == ["email welcome-mail 0", "list Newsletter 2", "list Second 4"])
        // It goes with the list when that gets another id.
        try shop.write("lists/newsletter.yaml", HeraldWorkspace.list.replacing("list: newsletter", with: "list: news"))
        try shop.write("campaigns/welcome.yaml", HeraldWorkspace.campaign.replacing("list: newsletter", with: "list: news"))
        try shop.write("herald.yaml", shop.read("herald.yaml") + "\nmoved: {list.newsletter: list.news}\n")
        try shop.herald("plan")
        #expect(try shop.herald("apply output/plan.json").code == 0)
        #expect(try shop.objects() == ["email welcome-mail 0", "list Newsletter 2", "list Second 4"])
        #expect(try herald(shop, "list", "restore", "news", "3", "--reason", "left us").out == "c…@e….org: restored\n")
        #expect(try shop.herald("plan").code == 2)
        #expect(try shop.herald("apply output/plan.json").code == 0)
        #expect(try shop.objects() == ["email welcome-mail 0", "list Newsletter 3", "list Second 4"])
    }
}
