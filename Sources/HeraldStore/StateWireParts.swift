import HeraldModel

/// Objects, sends, intents and spent plans in the state's file; the journal writes its intents alike.
extension StateWire {
    static func tree(_ state: ObjectState) -> JSONText {
        tree([
            ("provider", state.provider.map(JSONText.string)), ("remote", state.remote.map { .string($0.text) }), ("mark", .string(state.mark)),
            ("name", .string(state.name)), ("fields", .object(state.fields.sorted { $0.key < $1.key }.map { ($0.key, tree($0.value)) })),
            ("condition", state.condition.map(JSONText.string)),
            ("members", state.members.map { tree([("count", .number($0.count)), ("seen", .string($0.seen)), ("basis", $0.basis.map(tree))]) }),
            ("send", state.send.map(tree)),
        ])
    }

    static func object(_ tree: JSONText) throws(JSONText.Unexpected) -> ObjectState {
        var state = ObjectState(
            provider: try tree.member("provider")?.string(), remote: (try tree.member("remote")?.string()).map(RemoteID.init),
            mark: try tree.required("mark").string(), name: try tree.required("name").string())
        for (name, value) in try tree.required("fields").members() { state.fields[name] = try digests(value) }
        state.condition = try tree.member("condition")?.string()
        if let members = tree.member("members") {
            state.members = MemberDigests(
                count: try members.required("count").number(), seen: try members.required("seen").string(), basis: try members.member("basis").map(basis))
        }
        if let send = tree.member("send") { state.send = try self.send(send) }
        return state
    }

    private static func tree(_ basis: MemberBasis) -> JSONText {
        tree([
            ("condition", .string(basis.condition)), ("reading", .string(basis.reading)), ("data", basis.data.map(JSONText.string)),
            ("at", .string(basis.at.description)),
        ])
    }

    private static func basis(_ tree: JSONText) throws(JSONText.Unexpected) -> MemberBasis {
        MemberBasis(
            condition: try tree.required("condition").string(), reading: try tree.required("reading").string(), data: try tree.member("data")?.string(),
            at: try instant(tree.required("at")))
    }

    /// `sent`, or `sent/seen` where the vendor rewrote it.
    private static func tree(_ digests: FieldDigests) -> JSONText {
        let sent = hexadecimal(digests.sent)
        return .string(digests.sent == digests.seen ? sent : "\(sent)/\(hexadecimal(digests.seen))")
    }

    private static func digests(_ tree: JSONText) throws(JSONText.Unexpected) -> FieldDigests {
        var text = try tree.string()
        let both = text.withUTF8 { bytes -> (UInt64?, UInt64?) in
            guard bytes.count == 16 || (bytes.count == 33 && bytes[16] == UInt8(ascii: "/")) else { return (nil, nil) }
            return (bits(bytes[..<16]), bits(bytes[(bytes.count - 16)...]))
        }
        guard let sent = both.0, let seen = both.1 else { throw JSONText.Unexpected() }
        return FieldDigests(sent: sent, seen: seen)
    }

    private static func bits(_ digits: Slice<UnsafeBufferPointer<UInt8>>) -> UInt64? {
        var value: UInt64 = 0
        for digit in digits {
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt64(digit - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt64(digit - UInt8(ascii: "a") + 10)
            default: return nil
            }
        }
        return value
    }

    private static func hexadecimal(_ bits: UInt64) -> String {
        String(unsafeUninitializedCapacity: 16) { digits in
            for place in 0..<16 {
                let digit = UInt8(truncatingIfNeeded: bits >> (60 - 4 * place)) & 15
                digits[place] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
            }
            return 16
        }
    }

    private static func tree(_ send: SendState) -> JSONText {
        tree([
            ("phase", .string(send.phase.rawValue)), ("document", .string(send.document)), ("envelope", send.envelope.map(tree)),
            ("key", send.key.map(JSONText.string)), ("audience", send.audience.map(JSONText.string)), ("report", send.report.map(tree)),
        ])
    }

    private static func send(_ tree: JSONText) throws(JSONText.Unexpected) -> SendState {
        var send = SendState(phase: try word(tree.required("phase")), document: try tree.required("document").string())
        if let envelope = tree.member("envelope") { send.envelope = try self.envelope(envelope) }
        send.key = try tree.member("key")?.string()
        send.audience = try tree.member("audience")?.string()
        if let report = tree.member("report") {
            send.report = SendReport(
                sent: try report.required("sent").number(), failed: try report.required("failed").number(),
                unknown: try report.required("unknown").number(), waiting: try report.required("waiting").number())
        }
        return send
    }

    private static func tree(_ report: SendReport) -> JSONText {
        .object([
            ("sent", .number(report.sent)), ("failed", .number(report.failed)), ("unknown", .number(report.unknown)),
            ("waiting", .number(report.waiting)),
        ])
    }

    private static func tree(_ envelope: Envelope) -> JSONText {
        tree([
            ("content", .string(envelope.content)), ("audience", .string(envelope.audience)), ("count", .number(envelope.count)),
            ("at_most", envelope.atMost.map(JSONText.number)), ("change", .number(envelope.change)), ("frozen", .bool(envelope.frozen)),
            ("at", .string(envelope.at.description)),
        ])
    }

    private static func envelope(_ tree: JSONText) throws(JSONText.Unexpected) -> Envelope {
        Envelope(
            content: try tree.required("content").string(), audience: try tree.required("audience").string(),
            count: try tree.required("count").number(), atMost: try tree.member("at_most")?.number(),
            change: try tree.required("change").number(), frozen: try tree.required("frozen").bool(), at: try instant(tree.required("at")))
    }

    static func tree(_ membership: Membership) -> JSONText {
        .object([
            ("records", .string(membership.records)), ("count", .number(membership.count)), ("at", .string(membership.at.description)),
            ("condition", .string(membership.condition)),
        ])
    }

    static func membership(_ tree: JSONText) throws(JSONText.Unexpected) -> Membership {
        Membership(
            records: try tree.required("records").string(), count: try tree.required("count").number(), at: try instant(tree.required("at")),
            condition: try tree.required("condition").string())
    }

    static func tree(_ intent: Intent) -> JSONText {
        tree([
            ("address", .string(intent.address.description)), ("operation", .string(intent.operation)),
            ("settling", .string(intent.settling.rawValue)), ("provider", .string(intent.provider)), ("mark", .string(intent.mark)),
            ("send_key", intent.sendKey.map(JSONText.string)), ("plan", .string(intent.plan)),
        ])
    }

    static func intent(_ tree: JSONText) throws(JSONText.Unexpected) -> Intent {
        Intent(
            address: try address(tree.required("address")), operation: try tree.required("operation").string(),
            settling: try word(tree.required("settling")), provider: try tree.required("provider").string(),
            mark: try tree.required("mark").string(), sendKey: try tree.member("send_key")?.string(), plan: try tree.required("plan").string())
    }

    static func tree(_ plan: SpentPlan) -> JSONText {
        let note = plan.note
        return tree([
            ("digest", .string(plan.digest)), ("made_against", .number(plan.madeAgainst)), ("at", .string(plan.at.description)),
            ("expires", .string(plan.expires.description)), ("finished", .bool(plan.finished)), ("command", .string(note.command)), ("by", .string(note.by)),
            ("host", .string(note.host)), ("approvals", note.approvals.isEmpty ? nil : .array(note.approvals.map(JSONText.string))),
            ("result", note.result.map(JSONText.string)),
        ])
    }

    static func spent(_ tree: JSONText) throws(JSONText.Unexpected) -> SpentPlan {
        var note = RunNote()
        // Runs of earlier versions say less.
        note.command = try tree.member("command")?.string() ?? ""
        note.by = try tree.member("by")?.string() ?? ""
        note.host = try tree.member("host")?.string() ?? ""
        for item in try tree.member("approvals")?.items() ?? [] { note.approvals.append(try item.string()) }
        note.result = try tree.member("result")?.string()
        return SpentPlan(
            digest: try tree.required("digest").string(), madeAgainst: try tree.required("made_against").number(),
            at: try instant(tree.required("at")), expires: try instant(tree.required("expires")), finished: try tree.required("finished").bool(), note: note)
    }
}
