import Testing
import HeraldContract
import HeraldModel

/// People, objects and orders for the suite. Person 7 is always the same person.
enum Sample {
    static func person(_ number: Int) -> PersonDigest { PersonDigest(high: UInt64(number) &* 0x9E37_79B9_7F4A_7C15, low: UInt64(number)) }

    static func address(_ number: Int) -> String { "person\(number)@shop.example" }

    /// Their values are a digest of `city`.
    static func member(_ number: Int, city: String) throws -> Member {
        let address = try #require(EmailAddress(address(number)))
        return Member(
            state: state(number, city: city), key: PersonDigest(high: 1, low: UInt64(number)), address: Personal(address.text),
            fields: Personal([("city", city)]))
    }

    static func state(_ number: Int, city: String) -> MemberState {
        MemberState(person: person(number), values: city.utf8.reduce(1 << 63) { $0 &* 31 &+ UInt64($1) })
    }

    static func list(_ name: String, mark: String, description: String = "") -> ObjectSpec {
        ObjectSpec(kind: .list, name: name, mark: mark, fields: ["description": description])
    }

    static func email(_ name: String, mark: String, subject: String = "Hello") -> ObjectSpec {
        ObjectSpec(kind: .email, name: name, mark: mark, fields: ["subject": subject, "html": "<p>Hello</p>"])
    }

    static func order(
        _ email: RemoteID, key: String, to people: [Int], render: @escaping @Sendable (Recipient, RecipientLinks) throws -> RenderedMail = mail
    ) throws -> SendOrder {
        SendOrder(
            emailID: "hello", object: email, key: key, from: Sender(name: "Shop", email: "hello@shop.example"), replyTo: nil,
            recipients: try people.map {
                Recipient(
                    person: person($0), key: PersonDigest(high: 1, low: UInt64($0)), address: Personal(try #require(EmailAddress(address($0)))), row: $0)
            }, render: render)
    }

    @Sendable static func mail(_ recipient: Recipient, _ links: RecipientLinks) -> RenderedMail {
        RenderedMail(
            subject: "Hello \(recipient.row)", preheader: "", html: "<p>Hello</p><a href=\"\(links.unsubscribe)\">Unsubscribe</a>",
            text: "Hello\n\(links.unsubscribe)\n")
    }
}

extension Outcome {
    /// What was done, or the failure as an error of the test.
    func get() throws -> Value {
        switch self {
        case .done(let value): value
        case .refusedBeforeActing(let failure), .failed(let failure), .unknown(let failure): throw failure
        }
    }

    var isDone: Bool { if case .done = self { true } else { false } }
    var isRefused: Bool { if case .refusedBeforeActing = self { true } else { false } }
}
