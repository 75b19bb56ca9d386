import HeraldContract
import HeraldModel
import Synchronization
import Testing

/// What every provider does with a send: once.
@Suite struct SendConformanceTests {
    @Test(arguments: ProviderFactory.all)
    func everybodyGetsOneMail(_ factory: ProviderFactory) async throws {
        let room = try factory.make()
        let email = try await room.writer().create(Sample.email("Hello", mark: "a")).get().id
        let told = Mutex<[Int]>([])
        let order = try Sample.order(email, key: "k", to: Array(1...70))
        let report = try await room.writer().send(order) { count in told.withLock { $0.append(count) } }.get()
        #expect(report == SendReport(sent: 70))
        #expect(told.withLock { $0 }.last == 70)
        #expect(told.withLock { $0 == $0.sorted() })
        #expect(try room.mails() == once(1...70))
        #expect(try await room.provider.reader().send(key: "k") == report)
        #expect(try await room.provider.reader().inventory().first?.phase == .sent)
    }

    @Test(arguments: ProviderFactory.all)
    func theSameKeyTwiceMailsNobodyTwice(_ factory: ProviderFactory) async throws {
        let room = try factory.make()
        let email = try await room.writer().create(Sample.email("Hello", mark: "a")).get().id
        for _ in 0..<2 {
            let report = try await room.writer().send(Sample.order(email, key: "k", to: Array(1...40))) { _ in }.get()
            #expect(report == SendReport(sent: 40))
        }
        #expect(try room.mails() == once(1...40))
    }

    @Test(arguments: ProviderFactory.all)
    func anotherKeyReachesOnlyWhoHasNotGotTheEmail(_ factory: ProviderFactory) async throws {
        let room = try factory.make()
        let email = try await room.writer().create(Sample.email("Hello", mark: "a")).get().id
        let other = try await room.writer().create(Sample.email("Other", mark: "b")).get().id
        _ = try await room.writer().send(Sample.order(email, key: "k1", to: Array(1...10))) { _ in }.get()
        let report = try await room.writer().send(Sample.order(email, key: "k2", to: Array(6...15))) { _ in }.get()
        #expect(report == SendReport(sent: 10))
        #expect(try room.mails() == once(1...15))
        // Another email is another matter.
        _ = try await room.writer().send(Sample.order(other, key: "k3", to: [1])) { _ in }.get()
        #expect(try room.mails()[Sample.address(1)] == 2)
    }

    @Test(arguments: ProviderFactory.all)
    func whoCannotBeRenderedFailsAloneAndForGood(_ factory: ProviderFactory) async throws {
        struct Fault: Error {}
        let room = try factory.make()
        let email = try await room.writer().create(Sample.email("Hello", mark: "a")).get().id
        let order = try Sample.order(email, key: "k", to: Array(1...40)) { recipient, links in
            if recipient.row % 10 == 0 { throw Fault() }
            return Sample.mail(recipient, links)
        }
        let report = try await room.writer().send(order) { _ in }.get()
        #expect((report.sent, report.failed, report.reasons.values.reduce(0, +)) == (36, 4, 4))
        #expect(try room.mails() == once((1...40).filter { $0 % 10 != 0 }))
        #expect(try await room.provider.reader().send(key: "k") == report)
    }

    @Test(arguments: ProviderFactory.all)
    func nobodyToSendToIsASendAllTheSame(_ factory: ProviderFactory) async throws {
        let room = try factory.make()
        let email = try await room.writer().create(Sample.email("Hello", mark: "a")).get().id
        #expect(try await room.writer().send(Sample.order(email, key: "k", to: [])) { _ in }.get() == SendReport())
        #expect(try room.mails() == [:])
        #expect(try await room.provider.reader().send(key: "k") == SendReport())
    }

    @Test(arguments: ProviderFactory.all)
    func anEmailThatIsNotThereIsRefusedAndNothingLeaves(_ factory: ProviderFactory) async throws {
        let room = try factory.make()
        let list = try await room.writer().create(Sample.list("VIP", mark: "a")).get().id
        for missing in [RemoteID("999999"), list] {
            let outcome = try await room.writer().send(Sample.order(missing, key: "k", to: [1])) { _ in }
            #expect(outcome.isRefused)
        }
        #expect(try room.mails() == [:])
        #expect(try await room.provider.reader().send(key: "k") == nil)
    }

    @Test(arguments: ProviderFactory.all)
    func whatWasSentIsNeitherEditedNorDeleted(_ factory: ProviderFactory) async throws {
        let room = try factory.make()
        let email = try await room.writer().create(Sample.email("Hello", mark: "a")).get().id
        _ = try await room.writer().send(Sample.order(email, key: "k", to: [1])) { _ in }.get()
        let before = try await room.provider.reader().inventory()
        #expect(try await room.writer().update(email, to: Sample.email("Hello", mark: "a", subject: "Edited")).isRefused)
        #expect(try await room.writer().create(Sample.email("Hello", mark: "a", subject: "Edited")).isRefused)
        #expect(try await room.writer().delete(email).isRefused)
        #expect(try await room.provider.reader().inventory() == before)
    }

    private func once(_ people: some Sequence<Int>) -> [String: Int] { Dictionary(uniqueKeysWithValues: people.map { (Sample.address($0), 1) }) }
}
