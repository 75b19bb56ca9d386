import Foundation
import Testing

@Suite("Lists that are refreshed by hand, lists of rows, and lists that keep whom they wrote to")
struct ListTypeTests {
    @Test("An on-demand list keeps its people until it is refreshed")
    func onDemand() throws {
        let shop = try HeraldWorkspace.shop()
        try shop.write("lists/newsletter.yaml", HeraldWorkspace.list.replacing("entity: contact", with: "entity: contact\ntype: on-demand"))
        try shop.herald("state init")
        let first = try shop.herald("plan")
        #expect(first.code == 2, "\(first.all)")
        #expect(first.out.contains("list.newsletter is on demand and was never refreshed, so nobody is on it"), "\(first.out)")
        let refresh = try shop.herald("list refresh newsletter")
        #expect(refresh.code == 0, "\(refresh.all)")
        // Who may be mailed is decided by every plan, among those whom the refresh found.
        #expect(refresh.out == "list.newsletter: 6 records now, 6 came, 0 went\n")
        #expect(try shop.applyAll().code == 0)
        #expect(try shop.objects() == ["email welcome-mail 0", "list Newsletter 3"])
        // Ben moves away and Fay comes: nothing happens. Ada unsubscribes: that counts at once.
        try shop.write(
            "data/contacts.csv",
            HeraldWorkspace.people.replacing("Ben,AT", with: "Ben,FR").replacing("Ada,DE,subscribed", with: "Ada,DE,unsubscribed")
                + "8,fay@example.org,Fay,DE,subscribed,2026-03-01\n")
        #expect(try shop.applyAll().code == 0)
        #expect(try shop.objects() == ["email welcome-mail 0", "list Newsletter 2"])
        let show = try shop.herald("list show newsletter")
        #expect(show.out.contains("match             6  were found by the last refresh"), "\(show.out)")
        let again = try shop.herald("list refresh newsletter")
        #expect(again.out == "list.newsletter: 6 records now, 1 came, 1 went\n", "\(again.all)")
        #expect(try shop.applyAll().code == 0)
        #expect(try shop.objects() == ["email welcome-mail 0", "list Newsletter 2"])
        // An edited condition waits for a refresh too, and the plan says so; a new key keeps the people.
        try shop.write("lists/newsletter.yaml", shop.read("lists/newsletter.yaml").replacing("[DE, AT]", with: "[DE]"))
        let edited = try shop.herald("plan")
        #expect(edited.out.contains("the condition of list.newsletter was edited since its last refresh"), "\(edited.out)")
        #expect(try shop.herald("apply output/plan.json").code == 0)
        #expect(try shop.herald("key rotate").code == 0)
        #expect(try shop.herald("plan").code == 0)
        #expect(try shop.objects() == ["email welcome-mail 0", "list Newsletter 2"])
    }

    @Test("Only on-demand lists are refreshed, and only by one at a time")
    func refused() throws {
        let shop = try HeraldWorkspace.shop()
        try shop.herald("state init")
        let run = try shop.herald("list refresh newsletter")
        #expect(run.code == 6, "\(run.all)")
        #expect(run.err.contains("list.newsletter is dynamic: every plan decides anew who is on it"))
    }

    @Test("Who is on an on-demand list is kept beside the state, and its loss is told")
    func lost() throws {
        let shop = try HeraldWorkspace.shop()
        try shop.write("lists/newsletter.yaml", HeraldWorkspace.list.replacing("entity: contact", with: "entity: contact\ntype: on-demand"))
        try shop.herald("state init")
        try shop.herald("list refresh newsletter")
        #expect(try shop.applyAll().code == 0)
        for file in shop.files(below: ".herald").filter({ $0.contains("audience") }) { try FileManager.default.removeItem(atPath: shop.root + "/" + file) }
        let plan = try shop.herald("plan")
        #expect(plan.code == 6, "\(plan.all)")
        #expect(plan.err.contains("who is on list.newsletter is not kept any more"), "\(plan.err)")
        #expect(try shop.herald("list refresh newsletter").code == 0)
        #expect(try shop.herald("plan").code == 0)
    }

    @Test("A manual list is the people whose keys stand in its rows")
    func manual() throws {
        let shop = try HeraldWorkspace.shop()
        try shop.write("lists/newsletter.yaml", "list: newsletter\nname: Newsletter\nentity: contact\ntype: manual\nrows: crm.invited\ncolumns: [first_name, country]\n")
        try shop.write("lists/rest.yaml", "list: rest\nname: Rest\nentity: contact\nwhere: {not: {list: newsletter}}\n")
        try shop.write("data/invited.csv", "note,id\nfirst,2\nsecond,4\ntwice,4\nsaid no,5\nnobody,99\n,\n")
        #expect(try shop.applyAll().code == 0)
        #expect(try shop.objects() == ["email welcome-mail 0", "list Newsletter 2", "list Rest 2"])
        let show = try shop.herald("list show newsletter")
        #expect(show.out.contains("match             3  stand in its rows"), "\(show.out)")
        #expect(show.out.contains("2 rows of crm.invited name nobody in contact"), "\(show.out)")
        try shop.write("data/invited.csv", "note,id\nfirst,2\n")
        #expect(try shop.applyAll().code == 0)
        #expect(try shop.objects() == ["email welcome-mail 0", "list Newsletter 1", "list Rest 3"])
    }

    @Test("keep_contacted keeps whoever an email of the list was sent to, and no others")
    func keepContacted() throws {
        let shop = try HeraldWorkspace.shop()
        try shop.write("lists/newsletter.yaml", HeraldWorkspace.list.replacing("entity: contact", with: "entity: contact\nkeep_contacted: true"))
        try shop.write("lists/other.yaml", "list: other\nname: Other\nentity: contact\nwhere: {country: {in: [DE, AT]}}\nkeep_contacted: true\n")
        #expect(try shop.applyAll().code == 0)
        try shop.herald("plan")
        #expect(try shop.herald("send email.welcome-mail --plan output/plan.json").code == 0)
        // All move abroad; Ben says no. Who was written to stays on the list that wrote, but for Ben.
        try shop.write(
            "data/contacts.csv", HeraldWorkspace.people.replacing(",DE,", with: ",FR,").replacing("Ben,AT,subscribed,2026-03-02", with: "Ben,FR,unsubscribed,2026-04-02"))
        let show = try shop.herald("list show newsletter")
        #expect(show.out.contains("match             0"), "\(show.out)")
        #expect(show.out.contains("kept              3  do not, and stay because an email of the list was sent to them"), "\(show.out)")
        #expect(show.out.contains("mailable          2"), "\(show.out)")
        let plan = try shop.herald("plan --allow-removals list.other=9 --allow-removals list.newsletter=9")
        #expect(plan.code == 2, "\(plan.all)")
        #expect(try shop.herald("apply output/plan.json").code == 0)
        let objects = try shop.objects()
        #expect(Set(objects) == ["email welcome-mail 0", "list Newsletter 2", "list Other 0"])
        #expect(try shop.herald("plan").code == 0)
    }
}
