import HeraldDatabase

/// A cell of generated data.
enum Cell: Equatable {
    case empty
    case text(String)
    /// Hundred-thousandths, so that every sum is a whole number.
    case number(Int)
    case flag(Bool)
    case day(PlainDay)
    /// Microseconds since 1970.
    case time(Int)
    case many([String])

    /// Texts are compared byte by byte.
    static func == (left: Cell, right: Cell) -> Bool {
        switch (left, right) {
        case (.empty, .empty): true
        case (.text(let a), .text(let b)): PlainEvaluator.isSame(a, b)
        case (.number(let a), .number(let b)), (.time(let a), .time(let b)): a == b
        case (.flag(let a), .flag(let b)): a == b
        case (.day(let a), .day(let b)): a == b
        case (.many(let a), .many(let b)): a.count == b.count && zip(a, b).allSatisfy(PlainEvaluator.isSame)
        default: false
        }
    }
}

/// The type of a generated column.
enum Kind: Hashable {
    case text, integer, decimal, flag, day, time, many
    case word([String])

    var isTime: Bool { self == .day || self == .time }
    var isNumber: Bool { self == .integer || self == .decimal }
}

struct Relation {
    let name: String
    let isMany: Bool
    let entity: String
    let by: String
}

/// The entities of the generated workspace: people, their orders, accounts, and people who know people.
enum Shop {
    static let one = 100_000
    static let entities = ["contact", "order", "account"]
    static let tables = ["contact": "contacts", "order": "orders", "account": "accounts"]
    static let keys = ["contact": "id", "order": "no", "account": "code"]
    static let columns: [String: [(name: String, kind: Kind)]] = [
        "contact": [
            ("id", .integer), ("email", .text), ("name", .text), ("zip", .text), ("stage", .word(["lead", "Lead", "customer"])), ("age", .integer), ("score", .decimal),
            ("vip", .flag), ("born", .day), ("seen", .time), ("tags", .many), ("account_code", .text), ("mentor_id", .integer),
        ],
        "order": [
            ("no", .text), ("contact_id", .integer), ("status", .text), ("total", .decimal), ("items", .integer), ("placed", .time), ("due", .day),
        ],
        "account": [("code", .text), ("tier", .word(["gold", "silver"])), ("opened", .day), ("size", .integer)],
    ]
    static let relations: [String: [Relation]] = [
        "contact": [
            Relation(name: "orders", isMany: true, entity: "order", by: "contact_id"), Relation(name: "account", isMany: false, entity: "account", by: "account_code"),
            Relation(name: "mentor", isMany: false, entity: "contact", by: "mentor_id"), Relation(name: "pupils", isMany: true, entity: "contact", by: "mentor_id"),
        ],
        "order": [Relation(name: "buyer", isMany: false, entity: "contact", by: "contact_id")],
        "account": [Relation(name: "people", isMany: true, entity: "contact", by: "account_code")],
    ]

    static func kind(_ entity: String, _ column: String) -> Kind { columns[entity, default: []].first { $0.name == column }?.kind ?? .text }

    /// The entities in YAML; enums and many-valued columns are declared, as people must.
    static let yaml = """
        contact: {from: crm.contacts, key: id, email: email, fields: {stage: {type: enum, values: [lead, Lead, customer]}, tags: {type: text, many: true, split: ";"}}, relations: {orders: {many: order, by: contact_id}, account: {one: account, by: account_code}, mentor: {one: contact, by: mentor_id}, pupils: {many: contact, by: mentor_id}}}
        order: {from: crm.orders, key: "no", relations: {buyer: {one: contact, by: contact_id}}}
        account: {from: crm.accounts, key: code, fields: {tier: {type: enum, values: [gold, silver]}}, relations: {people: {many: contact, by: account_code}}}
        """
}

/// The moment and place at which generated conditions are decided.
struct Moment {
    let now: Int
    let zone: PlainZone
    let fiscalMonth: Int
    var today: PlainDay { zone.day(now) }
}

/// Generated people, orders and accounts. A row has a cell for each column of its entity.
struct GeneratedData {
    var rows: [String: [[Cell]]] = [:]

    /// Texts that differ in case, or in what looks like it.
    private static let cased = [
        "Straße", "STRASSE", "STRAẞE", "straße", "İzmir", "izmir", "ızmir", "IZMIR", "ΟΔΟΣ", "οδος", "οδοσ", "é", "e\u{301}", "É", "K", "k", "\u{212A}", "ſt", "st", "ß", "ẞ", "ss",
    ]
    private static let others = [
        " ", "Anna", "anna", "ANNA", " Anna", "👩\u{200D}🚀", "👩", "02134", "2134", "null", "true", "NO", "~", "1e3", "a,b", "a\"b", "a\nb", "- x", "{a}", "#x", "x: y", "'", "%41",
        "a;b", "\tx", "=1+1", "2027-02-01", "_%",
    ]

    static func text(_ random: inout Random) -> String { random.chance(60) ? random.pick(cased) : random.pick(others) }

    static let tags = ["tea", "Tea", "green tea", "é", "e\u{301}", "02", "null", "straße"]

    /// Days near now, ends of months, leap days, and far ones.
    static func day(_ random: inout Random, _ moment: Moment) -> PlainDay {
        switch random.number(1...8) {
        case 1...2: return moment.today.plus(random.number(-40...40))
        case 7...8: return moment.today.plus(random.number(-1...1))
        case 3: return moment.today.plus(months: random.number(-14...14)).plus(random.number(-1...1))
        case 4: return PlainDay(random.pick([1896, 1904, 1968, 1972, 2000, 2024, 2028]), 2, 29)
        case 5:
            let (year, month) = (random.number(1890...2110), random.number(1...12))
            return PlainDay(year, month, random.chance(50) ? 1 : PlainDay.length(year, month))
        default: return PlainDay(number: random.number(-30_000...50_000))
        }
    }

    static func time(_ random: inout Random, _ moment: Moment) -> Int {
        let second = 1_000_000
        switch random.number(1...6) {
        case 1: return moment.now + random.pick([0, 1, -1, second, -second, 3_600 * second, -3_600 * second])
        case 2: return moment.now + random.number(-200...200) * 1_800 * second
        case 3:  // The ends of a local day.
            return moment.zone.start(day(&random, moment).within(1972, 2090)) + random.pick([0, -1, second, -second, 7_200 * second])
        case 4:  // The same time of day on another day, where days move the local clock.
            let local = moment.zone.local(moment.now) + random.number(-40...40) * PlainZone.daily
            return moment.zone.instant(local) + random.pick([0, 0, 1, -1])
        default: return random.number(70_000_000...3_800_000_000) * second
        }
    }

    static func number(_ random: inout Random, isWhole: Bool) -> Int {
        let whole = random.pick([0, 1, 2, 3, -1, -7, 12, 18, 40, 99, random.number(-1_000...1_000), 123_456_789])
        guard !isWhole else { return whole * Shop.one }
        return whole * Shop.one + random.pick([0, 0, 50_000, 10_000, 1, -1, 30_000, random.number(0...99_999)])
    }

    static func cell(_ kind: Kind, _ random: inout Random, _ moment: Moment) -> Cell {
        if random.chance(22) { return .empty }
        switch kind {
        case .text: return .text(text(&random))
        case .word(let words): return .text(random.pick(words))
        case .integer: return .number(number(&random, isWhole: true))
        case .decimal: return .number(number(&random, isWhole: false))
        case .flag: return .flag(random.chance(50))
        case .day: return .day(day(&random, moment))
        case .time: return .time(time(&random, moment))
        case .many:
            let parts = random.some(0...4) { $0.pick(tags) }
            return parts.isEmpty ? .empty : .many(parts)
        }
    }

    init(_ random: inout Random, _ moment: Moment) {
        let counts = ["contact": random.number(0...14), "order": random.number(0...24), "account": random.number(0...4)]
        let keys: [String: (Int) -> Cell] = [
            "contact": { .number(($0 * 7 % 15 - 3) * Shop.one) }, "order": { .text("o\($0)") }, "account": { .text(["A", "a", "É", "E\u{301}"][$0]) },
        ]
        for entity in Shop.entities {
            let key = Shop.keys[entity] ?? ""
            rows[entity] = (0..<(counts[entity] ?? 0)).map { row in
                Shop.columns[entity, default: []].map { column in
                    switch column.name {
                    case key: return keys[entity]?(row) ?? .empty
                    case "contact_id", "mentor_id": return random.chance(15) ? .empty : .number((random.number(0...16) * 7 % 15 - 3) * Shop.one)
                    case "account_code": return random.chance(20) ? .empty : .text(random.pick(["A", "a", "É", "E\u{301}", "gone"]))
                    case "email": return .text("p\(row)@example.org")
                    default: return Self.cell(column.kind, &random, moment)
                    }
                }
            }
        }
    }

    func cell(_ entity: String, _ row: Int, _ column: String) -> Cell {
        guard let index = Shop.columns[entity]?.firstIndex(where: { $0.name == column }) else { return .empty }
        return rows[entity]?[row][index] ?? .empty
    }

    func count(_ entity: String) -> Int { rows[entity]?.count ?? 0 }

    func key(_ entity: String, _ row: Int) -> Cell { cell(entity, row, Shop.keys[entity] ?? "") }
}

extension PlainDay {
    func within(_ first: Int, _ last: Int) -> PlainDay { PlainDay(min(max(year, first), last), month, min(day, 28)) }
}
