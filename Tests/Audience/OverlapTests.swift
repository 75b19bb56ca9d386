import HeraldAudience
import HeraldModel
import Testing

/// How the members of lists meet.
@Suite struct OverlapTests {
    private func fixture() throws -> AudienceFixture {
        try AudienceFixture(
            """
            contact: {from: crm.contacts, key: id, email: email, consent: {assumed: test}}
            lead: {from: crm.leads, key: id, email: mail, consent: {column: consent}}
            """,
            [
                "contacts": "id,email,country\n1,a@example.org,DE\n2,b@example.org,DE\n3,A@example.org,FR\n4,c@example.org,FR\n5,nobody,FR\n",
                "leads": "id,mail,consent\n1,C@example.org,subscribed\n2,d@example.org,subscribed\n3,b@example.org,unsubscribed\n",
            ])
    }

    private func audience(_ condition: String, _ entity: String, _ fixture: AudienceFixture) throws -> Audience {
        let filter = try fixture.filter(condition, entity: entity)
        let dataset = try fixture.dataset(filter, entity: entity)
        let (schema, table) = (try #require(fixture.schemas[entity]), try #require(dataset.table(entity)))
        let people = try #require(EntityPeople(schema, table, fixture.clock, fixture.diagnostics))
        return Audience(people, matches: fixture.evaluator(dataset).matches(filter, entity: entity))
    }

    @Test func aPersonIsAnAddressWhicheverRecordIsOnTheList() throws {
        let fixture = try fixture()
        // Of address a, record 1 is on the one list and record 3 on the other.
        let overlap = Overlap([try audience("country: DE", "contact", fixture), try audience("country: FR", "contact", fixture)])
        #expect([overlap.count(on: 0), overlap.count(on: 1), overlap.count(on: 0, 1), overlap.people] == [2, 2, 1, 3])
        #expect([overlap.count(onlyOn: 0), overlap.count(onlyOn: 1)] == [1, 1])
    }

    @Test func listsOfDifferentEntitiesMeetByAddress() throws {
        let fixture = try fixture()
        let overlap = Overlap([try audience("country: {empty: false}", "contact", fixture), try audience("id: {gte: 1}", "lead", fixture)])
        #expect([overlap.count(on: 0), overlap.count(on: 1), overlap.count(on: 0, 1), overlap.count(onlyOn: 1), overlap.people] == [3, 2, 1, 1, 4])
    }
}
