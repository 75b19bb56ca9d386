import HeraldContract
import HeraldDatabase
import HeraldModel

/// One send while it runs. Before a group of mails leaves, it is durably `sending`, and what became of the group before is written with it, in one transaction: so after
/// a crash one group is open and no more. The next group is rendered while this one is under way.
struct SendRun {
    /// How many mails one crash can leave open.
    static let group = 32

    /// How it ended, if nothing broke.
    enum End {
        /// Everybody has had a turn.
        case over
        case stopped
        /// The server takes nothing any more.
        case given(up: ProviderFailure)
    }

    private struct Group: Sendable {
        /// Alike long: the mails, and for whom they are.
        var mails: [OutgoingMail] = []
        var people: [PersonDigest] = []
        var turns: [SendQueue.Turn] = []
        /// Who cannot be mailed, and why.
        var failed: [(person: PersonDigest, reason: String)] = []
        /// Who needs no mail any more.
        var skipped = 0

        var isEmpty: Bool { mails.isEmpty && failed.isEmpty && skipped == 0 }
    }

    private struct Row {
        let person: PersonDigest
        let state: String
        var reason: String?
    }

    private let order: SendOrder
    private let send: Int64
    private let writer: LocalWriter
    private let delivery: any Delivery
    private let links: MailLinks
    private let composer: MailComposer
    private let clock = ContinuousClock()
    private var queue: SendQueue
    /// What became of the group before, not written yet.
    private var ended: [Row] = []
    /// People whose turns are over.
    private var finished = 0
    private var pauses = 0
    /// Since when the server has neither taken nor refused anything.
    private var troubledSince: ContinuousClock.Instant?

    init(_ order: SendOrder, send: Int64, writer: LocalWriter, delivery: any Delivery, links: MailLinks, composer: MailComposer) {
        (self.order, self.send, self.writer, self.delivery, self.links, self.composer) = (order, send, writer, delivery, links, composer)
        queue = SendQueue(count: order.recipients.count, writer.patience)
    }

    /// Until everybody had a turn, somebody stops it, or there is no use in going on. What is thrown leaves at most one group open.
    mutating func run(_ progress: @Sendable (Int) -> Void) async throws(ProviderFailure) -> End {
        var ready = try await prepare(queue.take(SendRun.group, at: clock.now))
        while true {
            guard !Task.isCancelled else {
                try await write(nil)
                return .stopped
            }
            guard !ready.isEmpty else {
                try await write(nil)
                progress(finished)
                guard let due = queue.due(at: clock.now) else { return .over }
                await sleep(until: due, progress)
                ready = try await prepare(queue.take(SendRun.group, at: clock.now))
                continue
            }
            let group = ready
            try await write(group)
            progress(finished)
            let delivery = delivery
            async let handing = delivery.deliver(group.mails)
            let following: Result<Group, ProviderFailure>
            do throws(ProviderFailure) { following = .success(try await prepare(queue.take(SendRun.group, at: clock.now))) } catch { following = .failure(error) }
            let trouble = note(try await handing.get(), of: group)
            ready = try following.get()
            if let trouble {
                try await write(nil)
                progress(finished)
                let since = troubledSince ?? clock.now
                troubledSince = since
                guard trouble.cause == .unavailable, clock.now - since < writer.patience.server else { return .given(up: trouble) }
                await sleep(until: clock.now + SendQueue.wait(writer.patience.firstPause, writer.patience.longestPause, pauses), progress)
                pauses += 1
            }
        }
    }

    /// Renders the mails of those who still wait.
    private func prepare(_ turns: [SendQueue.Turn]) async throws(ProviderFailure) -> Group {
        var group = Group()
        guard !turns.isEmpty else { return group }
        let waiting = try await waiting(turns.map { order.recipients[$0.place].person })
        for (turn, tokens) in zip(turns, waiting) {
            let recipient = order.recipients[turn.place]
            guard let tokens else {
                group.skipped += 1
                continue
            }
            guard let address = MailAddress(recipient.address.reveal()) else {
                group.failed.append((recipient.person, "its address cannot stand in a mail without SMTPUTF8"))
                continue
            }
            let links = links.links(tokens)
            do {
                let mail = try order.render(recipient, links)
                group.mails.append(composer.outgoing(mail, to: address, links: links, message: tokens.message))
                group.people.append(recipient.person)
                group.turns.append(turn)
            } catch {
                // The error may quote a value; its type tells enough.
                group.failed.append((recipient.person, "the mail could not be rendered (\(type(of: error)))"))
            }
        }
        return group
    }

    /// For each person the tokens, or nil where they do not wait (any more), or were named before.
    private func waiting(_ people: [PersonDigest]) async throws(ProviderFailure) -> [MailLinks.Tokens?] {
        let (database, name, send) = (writer.database, writer.reader.name, send)
        return try await writer.reader.worker.run { () throws(ProviderFailure) in
            try ProviderFailure.translating(name) {
                try database.read { connection in
                    var seen: Set<PersonDigest> = []
                    return try people.map { person in
                        guard seen.insert(person).inserted, let row = try connection.delivery(of: person, in: send), row.state == "waiting" else { return nil }
                        return row.tokens
                    }
                }
            }
        }
    }

    /// Makes durable what became of the group before, and that this one goes now.
    private mutating func write(_ group: Group?) async throws(ProviderFailure) {
        let (rows, failed, going) = (ended, group?.failed ?? [], group?.people ?? [])
        ended = []
        guard !rows.isEmpty || !failed.isEmpty || !going.isEmpty else {
            finished += group?.skipped ?? 0
            return
        }
        let (database, name, send, now, way) = (writer.database, writer.reader.name, send, writer.now, delivery.leavesWitness ? nil : LocalSchema.noWitness)
        try await writer.reader.worker.run { () throws(ProviderFailure) in
            try ProviderFailure.translating(name) {
                try database.change { connection in
                    for row in rows {
                        try connection.mark([row.person], in: send, from: "sending", to: row.state, reason: row.reason, at: row.state == "waiting" ? nil : now)
                    }
                    for one in failed { try connection.mark([one.person], in: send, from: "waiting", to: "failed", reason: one.reason, at: now) }
                    try connection.mark(going, in: send, from: "waiting", to: "sending", reason: way)
                }
            }
        }
        finished += rows.count { $0.state != "waiting" } + failed.count + (group?.skipped ?? 0)
    }

    /// Takes in what became of a group; says what is in the way where the server took and refused nothing.
    private mutating func note(_ results: [Handover], of group: Group) -> ProviderFailure? {
        var (hasMoved, trouble): (Bool, ProviderFailure?) = (group.mails.isEmpty, nil)
        var back: [SendQueue.Turn] = []
        let now = clock.now
        for (result, (person, turn)) in zip(results, zip(group.people, group.turns)) {
            switch result {
            case .left: ended.append(Row(person: person, state: "sent"))
            case .refused(let reason): ended.append(Row(person: person, state: "failed", reason: reason))
            case .unknown:
                ended.append(Row(person: person, state: "unknown"))
                trouble = ProviderFailure(.other, "the server got whole mails, and did not say whether it took them")
                continue
            case .held(let failure):
                ended.append(Row(person: person, state: "waiting"))
                back.append(turn)
                // What does not pass is told before what may.
                if trouble == nil || [.credentials, .refused].contains(failure.cause) { trouble = failure }
                continue
            case .deferred(let words):
                guard queue.postpone(turn, at: now) else {
                    ended.append(Row(person: person, state: "failed", reason: "the server put it off until it was given up (\(words))"))
                    break
                }
                ended.append(Row(person: person, state: "waiting"))
                trouble = trouble ?? ProviderFailure(.unavailable, "the server puts every mail off (\(words))")
                continue
            }
            hasMoved = true
        }
        queue.putBack(back)
        if hasMoved { (troubledSince, pauses) = (nil, 0) }
        // Who may not send stops, whatever else went well.
        return hasMoved && trouble.map { [.credentials, .refused].contains($0.cause) } != true ? nil : trouble
    }

    /// In short sleeps, so that whoever is told of the progress may stop it.
    private func sleep(until due: ContinuousClock.Instant, _ progress: @Sendable (Int) -> Void) async {
        while clock.now < due, !Task.isCancelled {
            progress(finished)
            try? await clock.sleep(until: min(due, clock.now + .milliseconds(500)))
        }
    }
}
