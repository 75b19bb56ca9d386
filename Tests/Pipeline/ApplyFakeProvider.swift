import HeraldContract
import HeraldModel
import Synchronization

/// A provider in memory, which fails as it is told.
final class FakeProvider: Provider, Sendable {
    /// What happens to one call.
    enum Fault: Sendable, CaseIterable {
        case refused, failed
        /// The reply was lost; the call had its effect, or had none.
        case unknownAfterDoing, unknownBeforeDoing
        /// As the last, and looking for it fails too, once.
        case unknownAndBlind
    }

    struct Object: Equatable {
        var kind: RemoteKind
        var name: String
        var mark: String?
        var fields: [String: String]
        var phase: SendPhase?
        var members: [PersonDigest: UInt64] = [:]
    }

    struct Send {
        var people: [PersonDigest]
        /// How many mails each got.
        var delivered: [PersonDigest: Int] = [:]
        /// Those of whom nobody can say whether they got it.
        var unknown: Set<PersonDigest> = []
    }

    struct World {
        var account = "acc-1"
        var objects: [String: Object] = [:]
        var sends: [String: Send] = [:]
        var next = 1
        var unreadable: ProviderFailure?
        /// Of the call with this number, from 1.
        var faults: [Int: Fault] = [:]
        var calls = 0
        var names: [String] = []
        var isBlind = false
        /// A send stops after so many people.
        var stopsAfter: Int?
    }

    let id = "local"
    let capabilities: Capabilities
    private let world = Mutex(World())
    private let lifeline: Lifeline

    init(_ lifeline: Lifeline, schedules: Bool = false) {
        self.lifeline = lifeline
        capabilities = Capabilities(schedules: schedules, unschedule: false, showsScheduled: false, recipientZones: false)
    }

    func look<Value>(_ body: (World) -> Value) -> Value { world.withLock { body($0) } }
    func change(_ body: (inout World) -> Void) { world.withLock { body(&$0) } }

    func reader() throws(ProviderFailure) -> any ProviderReader { Access(provider: self) }
    func tester() throws(ProviderFailure) -> any ProviderTester { throw ProviderFailure(.refused, "nothing is tested here") }

    func writer(_ grant: borrowing WriteGrant) throws(ProviderFailure) -> any ProviderWriter { Access(provider: self) }

    /// One call that changes something.
    private func call<Value: Sendable>(_ name: String, _ effect: (inout World) -> Outcome<Value>) -> Outcome<Value> {
        let lost = Outcome<Value>.unknown(ProviderFailure(.unavailable, "the connection was lost"))
        let (happens, returns) = lifeline.spend()
        return world.withLock { world in
            guard happens || returns else { return lost }
            world.calls += 1
            world.names.append(name)
            guard returns else {
                if happens { _ = effect(&world) }
                return lost
            }
            switch world.faults[world.calls] {
            case nil: return effect(&world)
            case .refused: return .refusedBeforeActing(ProviderFailure(.rateLimit, "too many calls"))
            case .failed: return .failed(ProviderFailure(.other, "it broke"))
            case .unknownBeforeDoing: return lost
            case .unknownAfterDoing:
                _ = effect(&world)
                return lost
            case .unknownAndBlind:
                _ = effect(&world)
                world.isBlind = true
                return lost
            }
        }
    }

    private struct Access: ProviderWriter {
        let provider: FakeProvider

        func account() async throws(ProviderFailure) -> String { provider.look(\.account) }

        func inventory() async throws(ProviderFailure) -> [RemoteObject] {
            if let failure = provider.look(\.unreadable) { throw failure }
            let isBlind = provider.world.withLock { world in
                defer { world.isBlind = false }
                return world.isBlind
            }
            if isBlind { throw ProviderFailure(.unavailable, "the connection was lost again") }
            return provider.look { world in world.objects.sorted { $0.key < $1.key }.map { FakeProvider.remote($0.key, $0.value) } }
        }

        func members(of lists: [RemoteID]) async throws(ProviderFailure) -> [RemoteID: [MemberState]] {
            provider.look { world in
                Dictionary(
                    uniqueKeysWithValues: lists.map { list in
                        (list, (world.objects[list.text]?.members ?? [:]).map { MemberState(person: $0.key, values: $0.value) }.sorted())
                    })
            }
        }

        func results(_ kinds: Set<Word>, of emails: [RemoteID]?) async throws(ProviderFailure) -> Results {
            if let failure = provider.look(\.unreadable) { throw failure }
            return .none
        }

        func send(key: String) async throws(ProviderFailure) -> SendReport? {
            if let failure = provider.look(\.unreadable) { throw failure }
            return provider.look { $0.sends[key].map(FakeProvider.report) }
        }

        func create(_ object: ObjectSpec) async -> Outcome<RemoteObject> {
            provider.call("create") { world in
                let id = "\(object.kind.rawValue)-\(world.next)"
                world.next += 1
                world.objects[id] = Object(
                    kind: object.kind, name: object.name, mark: object.mark, fields: object.fields, phase: object.kind == .email ? .draft : nil)
                return .done(FakeProvider.remote(id, world.objects[id]))
            }
        }

        func update(_ id: RemoteID, to object: ObjectSpec) async -> Outcome<RemoteObject> {
            provider.call("update") { world in
                guard world.objects[id.text] != nil else { return .failed(ProviderFailure(.other, "no such object")) }
                world.objects[id.text]?.name = object.name
                world.objects[id.text]?.mark = object.mark
                world.objects[id.text]?.fields.merge(object.fields) { _, new in new }
                return .done(FakeProvider.remote(id.text, world.objects[id.text]))
            }
        }

        func delete(_ id: RemoteID) async -> Outcome<Void> {
            provider.call("delete") { world in
                world.objects[id.text] = nil
                return .done(())
            }
        }

        func change(_ list: RemoteID, adding: [Member], removing: [PersonDigest]) async -> Outcome<Int> {
            provider.call("members") { world in
                for member in adding { world.objects[list.text]?.members[member.state.person] = member.state.values }
                for person in removing { world.objects[list.text]?.members[person] = nil }
                return .done(world.objects[list.text]?.members.count ?? 0)
            }
        }

        func forget(_ people: [PersonDigest], records: [PersonDigest]) async -> Outcome<[RemoteID]> {
            provider.call("forget") { world in
                let held = world.objects.filter { $0.value.members.keys.contains(where: people.contains) }.map(\.key)
                for id in held { for person in people { world.objects[id]?.members[person] = nil } }
                return .done(held.sorted().map(RemoteID.init))
            }
        }

        func rekey(_ change: KeyChange) async -> Outcome<Void> { .done(()) }

        func send(_ order: SendOrder, progress: @escaping @Sendable (Int) -> Void) async -> Outcome<SendReport> {
            provider.call("send") { world in
                let wanted = order.recipients.map(\.person)
                var send = world.sends[order.key] ?? Send(people: wanted)
                // Who is not in an order that goes on with a send is not sent to any more.
                send.people.removeAll { !wanted.contains($0) && send.delivered[$0] == nil && !send.unknown.contains($0) }
                var left = world.stopsAfter ?? .max
                for person in send.people where send.delivered[person] == nil && !send.unknown.contains(person) {
                    guard left > 0 else { break }
                    left -= 1
                    send.delivered[person, default: 0] += 1
                    progress(send.delivered.count)
                }
                world.sends[order.key] = send
                let report = FakeProvider.report(send)
                world.objects[order.object.text]?.phase = report.waiting > 0 ? .sending : .sent
                return left == 0 ? .unknown(ProviderFailure(.unavailable, "the connection was lost")) : .done(report)
            }
        }
    }

    private static func report(_ send: Send) -> SendReport {
        SendReport(sent: send.delivered.count, unknown: send.unknown.count, waiting: send.people.count - send.delivered.count - send.unknown.count)
    }

    private static func remote(_ id: String, _ object: Object?) -> RemoteObject {
        RemoteObject(
            id: RemoteID(id), kind: object?.kind ?? .list, name: object?.name ?? "", mark: object?.mark, fields: object?.fields ?? [:],
            memberCount: object?.members.count ?? 0, phase: object?.phase)
    }
}
