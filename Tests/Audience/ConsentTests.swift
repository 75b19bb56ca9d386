import HeraldAudience
import HeraldModel
import Testing

/// Semantics 1 to 4: who is mailed, and why others are not.
@Suite struct ConsentTests {
    private static let entities = "contact: {from: crm.contacts, key: id, email: email, consent: {column: consent, at: at}, fields: {city: text, consent: text, at: datetime}}"

    private func fixture(_ rows: String) throws -> AudienceFixture {
        try AudienceFixture(Self.entities, ["contacts": "id,email,consent,at,city\n" + rows])
    }

    /// What the records of one address come to; `-` is a record without a time.
    @Test(arguments: [
        (["subscribed 2"], "in"),
        (["subscribed -"], "in"),
        (["unsubscribed 1"], "unsubscribed"),
        (["pending 1"], "pending"),
        ([" 1"], "pending"),
        // A subscribed record wins only if it is strictly later than every worse one.
        (["subscribed 2", "unsubscribed 1"], "in"),
        (["subscribed 2", "unsubscribed 2"], "unsubscribed"),
        (["subscribed 1", "unsubscribed 2"], "unsubscribed"),
        (["subscribed 2", "unsubscribed 1", "pending 3"], "unsubscribed"),
        (["subscribed 4", "unsubscribed 1", "pending 3"], "in"),
        (["subscribed 3", "pending 1", "pending 2"], "in"),
        (["subscribed 1", "subscribed 3", "unsubscribed 2"], "in"),
        // A worse record without a time is never outdated, a subscribed one without a time never wins.
        (["subscribed 9", "unsubscribed -"], "unsubscribed"),
        (["subscribed 9", " -"], "pending"),
        (["subscribed -", "unsubscribed 1"], "unsubscribed"),
        (["subscribed -", "subscribed 2", "unsubscribed 1"], "in"),
        // Otherwise the worst wins.
        (["pending 1", "unsubscribed 2"], "unsubscribed"),
        (["subscribed 1", "pending 1"], "pending"),
    ])
    func consentIsMergedOverAllRecordsOfAnAddress(records: [String], outcome: String) throws {
        for order in [records, records.reversed()] {
            let rows = order.enumerated().map { index, record in
                let parts = record.split(separator: " ", omittingEmptySubsequences: false)
                let at = parts[1] == "-" ? "" : "2026-01-0\(parts[1]) 10:00"
                return "\(index + 1),\(index % 2 == 0 ? "a@example.org" : " A@Example.ORG "),\(parts[0]),\(at),x\n"
            }
            let audience = try fixture(rows.joined()).audience("city: x")
            #expect(audience.reasons[0].map(\.rawValue) ?? "in" == outcome, "\(order)")
            #expect(audience.reasons.dropFirst().allSatisfy { $0 == .duplicate })
        }
    }

    @Test func recordsThatDoNotMatchTheListCountForConsent() throws {
        let fixture = try fixture("1,a@example.org,subscribed,2026-01-01 10:00,x\n2,a@example.org,unsubscribed,2026-01-02 10:00,y\n")
        let audience = try fixture.audience("city: x")
        #expect(audience.leftOutKeys == ["1 unsubscribed", "2 where"])
        #expect(audience.steps == Audience.Steps(match: 1, usable: 1, unique: 1, mailable: 0))
    }

    @Test func aProvidersOptOutIsAWorseRecordWithTheVendorsTime() throws {
        let fixture = try fixture("1,a@example.org,subscribed,2026-01-05 10:00,x\n")
        func audience(_ status: ConsentStatus, _ day: String?) throws -> [String] {
            let at = day.flatMap { Instant(rfc3339: "2026-01-\($0)T10:00:00Z") }
            return try fixture.audience("city: x", ledger: LedgerFacts(consent: { _, _ in [ConsentRecord(status: status, at: at)] })).leftOutKeys
        }
        #expect(try audience(.unsubscribed, "04") == [])
        #expect(try audience(.unsubscribed, "05") == ["1 unsubscribed"])
        #expect(try audience(.unsubscribed, "06") == ["1 unsubscribed"])
        #expect(try audience(.bounced, "04") == [])
        #expect(try audience(.blocked, nil) == ["1 blocked"])
        // Nothing is newer than a complaint or an erasure.
        #expect(try audience(.complained, "01") == ["1 complained"])
        #expect(try audience(.erased, "01") == ["1 erased"])
    }

    @Test func assumedConsentGivesWayToOptOuts() throws {
        let entities = "contact: {from: crm.contacts, key: id, email: email, consent: {assumed: customers}}"
        let fixture = try AudienceFixture(entities, ["contacts": "id,email\n1,a@example.org\n2,b@example.org\n"])
        let optedOut = LedgerFacts(consent: { address, _ in address == "b@example.org" ? [ConsentRecord(status: .unsubscribed, at: Instant(seconds: 0))] : [] })
        #expect(try fixture.audience("id: {gt: 0}", ledger: optedOut).leftOutKeys == ["2 unsubscribed"])
    }

    @Test func theFirstReasonOfTheFixedOrderIsKept() throws {
        // Each person has every reason from one on.
        let rows = (1...13).map { "\($0),a\($0)@example.org,\($0 < 11 ? "unsubscribed" : $0 == 11 ? "" : "subscribed"),,\($0 == 1 ? "y" : "x")" }
        var lines = rows
        lines[1] = "2,no address,unsubscribed,,x"
        lines[2] = "3,A4@example.org,unsubscribed,,x"
        lines[3] = "30,a4@example.org,unsubscribed,,x"
        let fixture = try fixture(lines.joined(separator: "\n") + "\n")
        let statuses: [String: ConsentStatus] = [
            "a5@example.org": .erased, "a6@example.org": .complained, "a7@example.org": .bounced, "a8@example.org": .blocked,
        ]
        let ledger = LedgerFacts(
            consent: { address, _ in statuses[address].map { [ConsentRecord(status: $0, at: nil)] } ?? [] },
            unsubscribedFromList: { _, key in key != .integer(11) && key != .integer(12) && key != .integer(13) || key == .integer(10) },
            removedFromList: { _, key in key != .integer(13) })
        let audience = try fixture.audience("city: x", ledger: ledger)
        #expect(
            audience.leftOutKeys == [
                "1 where", "2 no-address", "3 unsubscribed", "30 duplicate", "5 erased", "6 complained", "7 bounced", "8 blocked", "9 unsubscribed",
                "10 unsubscribed", "11 pending", "12 removed",
            ])
        #expect(audience.memberKeys == ["13"])
        #expect(
            audience.leftOut.map { "\($0.reason.rawValue) \($0.count)" } == [
                "where 1", "no-address 1", "duplicate 1", "erased 1", "complained 1", "bounced 1", "blocked 1", "unsubscribed 3", "pending 1", "removed 1",
            ])
        #expect(audience.steps == Audience.Steps(match: 12, usable: 11, unique: 10, mailable: 1))
    }

    @Test func unsubscribingFromTheListComesBeforePendingAndRemoved() throws {
        let fixture = try fixture("1,a@example.org,pending,,x\n2,b@example.org,subscribed,,x\n3,c@example.org,unsubscribed,,x\n")
        let ledger = LedgerFacts(unsubscribedFromList: { _, _ in true }, removedFromList: { _, _ in true })
        #expect(try fixture.audience("city: x", ledger: ledger).leftOutKeys == ["1 unsubscribed-list", "2 unsubscribed-list", "3 unsubscribed"])
    }

    @Test func theSmallestKeyStaysWhateverItsOwnConsent() throws {
        let fixture = try fixture(
            "10,a@example.org,subscribed,2026-01-02 10:00,x\n9,a@example.org,pending,2026-01-01 10:00,x\n2,a@example.org,pending,,y\n-3,b@example.org,subscribed,,x\n")
        // Among those that match: 2 does not. Integers go by value, so 9 comes before 10; its consent is that of the address.
        let audience = try fixture.audience("city: x")
        #expect(audience.leftOutKeys == ["10 duplicate", "9 pending", "2 where"])
        #expect(audience.memberKeys == ["-3"])
        let texts = try AudienceFixture(
            "contact: {from: crm.contacts, key: code, email: email, consent: {assumed: test}}",
            ["contacts": "code,email\nb9,a@example.org\nb10,a@example.org\nz,b@example.org\nZ,b@example.org\n\u{E9},c@example.org\ne\u{301},c@example.org\n"])
        // Others go by Unicode scalars: b10 before b9, Z before z, e + accent before é.
        #expect(try texts.audience("code: {empty: false}").memberKeys == ["Z", "b10", "e\u{301}"])
    }

    @Test func membersStandInTheOrderOfTheirKeys() throws {
        let fixture = try fixture("10,j@example.org,subscribed,,x\n9,i@example.org,subscribed,,x\n-1,k@example.org,subscribed,,x\n100,l@example.org,subscribed,,x\n")
        #expect(try fixture.audience("city: x").memberKeys == ["-1", "9", "10", "100"])
    }

    @Test func addressesAreComparedInTheirNormalForm() throws {
        let fixture = try fixture(
            """
            1, Anna.Ex@Example.ORG ,subscribed,,x
            2,anna.ex@example.org,subscribed,,x
            3,anna.ex+news@example.org,subscribed,,x
            4,annaex@example.org,subscribed,,x
            5,,subscribed,,x
            6,   ,subscribed,,x
            7,anna@example,subscribed,,x

            """)
        let audience = try fixture.audience("city: x")
        #expect(audience.leftOutKeys == ["2 duplicate", "5 no-address", "6 no-address", "7 no-address"])
        #expect(audience.people.address(0)?.reveal() == "anna.ex@example.org")
        // In a condition the address column is the source's text.
        #expect(try fixture.matches("email: anna.ex@example.org") == ["2"])
        #expect(try fixture.matches("email: \" Anna.Ex@Example.ORG \"") == ["1"])
        #expect(try fixture.matches("email: {empty: true}") == ["5"])
    }

    @Test func consentThatIsNeitherBooleanNorAWordIsAnError() throws {
        let fixture = try fixture("1,a@example.org,subscribed,,x\n2,b@example.org,yes please,,x\n3,c@example.org,Subscribed,,y\n")
        let filter = try fixture.filter("city: x")
        let table = try #require(try fixture.dataset(filter).table("contact"))
        #expect(EntityPeople(try #require(fixture.schemas["contact"]), table, fixture.clock, fixture.diagnostics) == nil)
        #expect(fixture.reports == ["bad-consent: `consent` on line 3 of crm.contacts, and 1 more is neither a boolean nor subscribed, pending or unsubscribed"])
    }

    @Test func booleansAreConsentToo() throws {
        let entities = "contact: {from: crm.contacts, key: id, email: email, consent: {column: ok, at: at}}"
        let fixture = try AudienceFixture(
            entities, ["contacts": "id,email,ok,at\n1,a@example.org,true,2026-01-02\n2,b@example.org,false,\n3,c@example.org,,\n4,a@example.org,false,2026-01-01\n"])
        #expect(try fixture.audience("id: {gt: 0}").leftOutKeys == ["2 unsubscribed", "3 pending", "4 duplicate"])
    }

    @Test func peopleReachedByPhoneAreToldApartByIt() throws {
        let fixture = try AudienceFixture(
            "contact: {from: crm.contacts, key: id, phone: phone, consent: {assumed: test}}",
            ["contacts": "id,phone\n1,+49 30  123\n2,\" +49 30 123 \"\n3,\n4,+4930123\n"])
        #expect(try fixture.audience("id: {gt: 0}").leftOutKeys == ["2 duplicate", "3 no-address"])
    }

    @Test func theAudienceSaysHowManyAreInOnlyBecauseAValueIsEmpty() throws {
        let fixture = try fixture("1,a@example.org,subscribed,,\n2,b@example.org,subscribed,,Bern\n3,c@example.org,subscribed,,Wien\n4,d@example.org,pending,,\n")
        let audience = try fixture.audience("not: {city: Wien}")
        #expect(audience.memberKeys == ["1", "2"])
        #expect(audience.inByEmptiness == 1)
        #expect(try fixture.audience("any: [{city: {is_not: Wien}}, {city: {empty: true}}]").inByEmptiness == 0)
    }
}
