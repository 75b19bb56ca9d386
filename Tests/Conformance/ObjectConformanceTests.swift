import HeraldContract
import HeraldModel
import Testing

/// What every provider does with lists and emails.
@Suite struct ObjectConformanceTests {
    @Test(arguments: ProviderFactory.all)
    func anEmptyAccountHasAStableIDAndNothingInIt(_ factory: ProviderFactory) async throws {
        let room = try factory.make()
        #expect(try await !room.provider.reader().account().isEmpty)
        #expect(try await room.provider.reader().inventory() == [])
        #expect(try await room.provider.reader().send(key: "k") == nil)
        // The same from the first write on.
        _ = try await room.writer().create(Sample.list("VIP", mark: "a")).get()
        let account = try await room.provider.reader().account()
        #expect(try await room.provider.reader().account() == account)
        #expect(try await room.writer().account() == account)
    }

    @Test(arguments: ProviderFactory.all)
    func whatIsCreatedStandsInTheInventoryAsItWasAnswered(_ factory: ProviderFactory) async throws {
        let room = try factory.make()
        let specs = [
            Sample.list("VIP", mark: "a", description: "äöü \"quoted\" '; --"), Sample.email("Hello", mark: "b", subject: "Grüße 🎉\nsecond line"),
            Sample.list("Ünïcode 名前", mark: "c"),
        ]
        var made: [RemoteObject] = []
        for spec in specs {
            let object = try await room.writer().create(spec).get()
            #expect((object.kind, object.name, object.mark) == (spec.kind, spec.name, spec.mark))
            #expect(object.fields == spec.fields)
            #expect(object.phase == (spec.kind == .email ? .draft : nil))
            made.append(object)
        }
        let inventory = try await room.provider.reader().inventory()
        #expect(inventory.sorted { $0.id < $1.id } == made.sorted { $0.id < $1.id })
        // In the same order every time.
        #expect(try await room.provider.reader().inventory() == inventory)
    }

    @Test(arguments: ProviderFactory.all, [RemoteKind.list, .email])
    func creatingTwiceWithOneMarkIsOneObject(_ factory: ProviderFactory, _ kind: RemoteKind) async throws {
        let room = try factory.make()
        func spec(_ text: String) -> ObjectSpec { kind == .list ? Sample.list("A", mark: "m", description: text) : Sample.email("A", mark: "m", subject: text) }
        let first = try await room.writer().create(spec("one")).get()
        // The reply was lost, and the same is asked for again; then with what was edited meanwhile.
        #expect(try await room.writer().create(spec("one")).get() == first)
        let edited = try await room.writer().create(spec("two")).get()
        #expect(edited.id == first.id)
        #expect(edited.fields == spec("two").fields)
        #expect(try await room.provider.reader().inventory() == [edited])
    }

    @Test(arguments: ProviderFactory.all)
    func updatingIsRepeatableAndTouchesNothingElse(_ factory: ProviderFactory) async throws {
        let room = try factory.make()
        let foreign = try await room.writer().create(Sample.list("Somebody else's", mark: "other")).get()
        let email = try await room.writer().create(Sample.email("Hello", mark: "a")).get()
        for _ in 0..<2 {
            let updated = try await room.writer().update(email.id, to: Sample.email("Hello again", mark: "a", subject: "New")).get()
            #expect((updated.id, updated.name, updated.fields["subject"]) == (email.id, "Hello again", "New"))
        }
        #expect(try await room.provider.reader().inventory().filter { $0.id == foreign.id } == [foreign])
        #expect(try await room.provider.reader().inventory().count == 2)
    }

    @Test(arguments: ProviderFactory.all)
    func updatingWhatIsGoneIsNotDone(_ factory: ProviderFactory) async throws {
        let room = try factory.make()
        let list = try await room.writer().create(Sample.list("VIP", mark: "a")).get()
        _ = try await room.writer().delete(list.id).get()
        let outcome = try await room.writer().update(list.id, to: Sample.list("VIP", mark: "a"))
        #expect(!outcome.isDone)
        #expect(try await room.provider.reader().inventory() == [])
    }

    @Test(arguments: ProviderFactory.all)
    func deletingIsRepeatableAndLeavesTheOthers(_ factory: ProviderFactory) async throws {
        let room = try factory.make()
        let kept = try await room.writer().create(Sample.list("Kept", mark: "a")).get()
        let list = try await room.writer().create(Sample.list("Gone", mark: "b")).get()
        let email = try await room.writer().create(Sample.email("Gone", mark: "c")).get()
        _ = try await room.writer().change(list.id, adding: [Sample.member(1, city: "Bonn")], removing: []).get()
        for id in [list.id, email.id, list.id, email.id] { _ = try await room.writer().delete(id).get() }
        #expect(try await room.provider.reader().inventory() == [kept])
        // What is made afterwards is another object.
        let again = try await room.writer().create(Sample.list("Gone", mark: "b")).get()
        #expect(again.id != list.id)
        #expect(again.memberCount == 0)
    }
}
