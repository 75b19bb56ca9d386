/// Makes conditions that herald must accept, about columns as `Shop` has them.
struct ConditionGenerator {
    var random: Random
    let data: GeneratedData
    let moment: Moment
    /// The entities of the named conditions made so far.
    var named: [String] = []

    mutating func condition(_ entity: String, depth: Int) -> Condition {
        switch depth == 0 ? 1 : random.number(1...100) {
        case ...34: return column(entity)
        case ...45: return .all(parts(entity, depth), asKeys: random.chance(60))
        case ...56: return .any(parts(entity, depth))
        case ...68: return .not(condition(entity, depth: depth - 1))
        case ...93:
            let relation = random.pick(Shop.relations[entity, default: []])
            guard relation.isMany else { return .one(relation, condition(relation.entity, depth: depth - 1)) }
            let rows = random.chance(65) ? condition(relation.entity, depth: depth - 1) : nil
            return .many(relation, rows, total(relation.entity))
        default:
            let fitting = named.indices.filter { named[$0] == entity }
            return fitting.isEmpty ? column(entity) : .named(random.pick(fitting))
        }
    }

    private mutating func parts(_ entity: String, _ depth: Int) -> [Condition] {
        let count = random.number(1...3)
        return (0..<count).map { _ in condition(entity, depth: depth - 1) }
    }

    private mutating func column(_ entity: String) -> Condition {
        let column = random.pick(Shop.columns[entity, default: []])
        // A column named like a word of the language is written with its entity.
        let isWord = column.name == "opened"
        let isQualified = isWord || random.chance(8)
        let held = (0..<data.count(entity)).map { data.cell(entity, $0, column.name) }.filter { $0 != .empty }
        let tests = tests(column.kind, held)
        return .column(isQualified ? "\(entity).\(column.name)" : column.name, tests, isQualified: isQualified && !isWord)
    }

    private mutating func total(_ entity: String) -> Total {
        switch random.number(1...10) {
        case 1...3: return .some
        case 4: return .none
        case 5...6: return .count(tests(.integer, (0...4).map { .number($0 * Shop.one) }, neverEmpty: true))
        default:
            let function = random.pick(["sum", "avg", "min", "max"])
            let isExtreme = function == "min" || function == "max"
            let column = random.pick(Shop.columns[entity, default: []].filter { $0.kind.isNumber || (isExtreme && $0.kind.isTime) })
            let held = (0..<data.count(entity)).map { data.cell(entity, $0, column.name) }.filter { $0 != .empty }
            return .of(function, column: column.name, tests(isExtreme ? column.kind : .decimal, held, neverEmpty: function == "sum"))
        }
    }

    // MARK: Tests

    /// One or two tests of different names. `held` are values that occur, so that some tests hold exactly.
    private mutating func tests(_ kind: Kind, _ held: [Cell], neverEmpty: Bool = false) -> [Test] {
        var tests: [Test] = []
        for _ in 0..<(random.chance(80) ? 1 : 2) {
            let test = test(kind, held, neverEmpty)
            if !tests.contains(where: { $0.name == test.name }) { tests.append(test) }
        }
        return tests
    }

    private mutating func test(_ kind: Kind, _ held: [Cell], _ neverEmpty: Bool) -> Test {
        if !neverEmpty, random.chance(10) { return Test(op: .isEmpty(random.chance(50))) }
        let isNegated = random.chance(40)
        switch kind {
        case .many:
            let texts = random.some(1...3) { $0.pick(GeneratedData.tags) }
            return random.chance(70) ? Test(op: .hasAny(texts), isNegated: isNegated) : Test(op: .hasAll(texts))
        case .text where random.chance(60):
            let needle = needle(held)
            let op = random.pick([Test.Op.contains(needle), .startsWith(needle), .endsWith(needle)])
            return Test(op: op, isNegated: isNegated)
        case .integer, .decimal:
            if random.chance(55) { return Test(op: .compare(random.pick(["gt", "gte", "lt", "lte"]), number(kind, held))) }
            if random.chance(40) {
                let ends = [number(kind, held), number(kind, held)].sorted()
                return Test(op: .between(ends[0], ends[1]))
            }
        case .day, .time: if random.chance(80) { return timeTest(kind, held) }
        default: break
        }
        let isList = random.chance(40)
        let literals = (0..<(isList ? random.number(1...4) : 1)).map { _ in literal(kind, held) }
        return Test(op: .isIn(literals, isList: isList), isNegated: isNegated)
    }

    private mutating func literal(_ kind: Kind, _ held: [Cell]) -> Literal {
        switch kind {
        case .text, .many:
            if case .text(let text)? = held.randomElement(using: &random), random.chance(50) { return .text(text) }
            return .text(GeneratedData.text(&random))
        case .word(let words): return .text(random.pick(words))
        case .integer, .decimal: return .number(number(kind, held))
        case .flag: return .flag(random.chance(50))
        case .day, .time: return .when(when(kind, held))
        }
    }

    private mutating func number(_ kind: Kind, _ held: [Cell]) -> Int {
        if case .number(let number)? = held.randomElement(using: &random), random.chance(50) { return number }
        return GeneratedData.number(&random, isWhole: kind == .integer && random.chance(80))
    }

    /// Letters that are one when case is folded, and some that look so.
    private static let alike: [[Unicode.Scalar]] = [
        ["k", "K", "\u{212A}"], ["s", "S", "ſ"], ["ß", "ẞ", "s"], ["σ", "ς", "Σ"], ["ο", "Ο", "o"], ["δ", "Δ"], ["é", "É", "e"], ["i", "I", "İ", "ı"], ["a", "A"], ["n", "N"],
        ["t", "T"], ["r", "R"], ["e", "E"],
    ]

    /// A part of a text that occurs, or could, with some of its letters in another form.
    private mutating func needle(_ held: [Cell]) -> String {
        var whole = GeneratedData.text(&random)
        if case .text(let text)? = held.randomElement(using: &random), random.chance(70) { whole = text }
        let scalars = Array(whole.unicodeScalars)
        let isStart = random.chance(30)
        let start = isStart ? 0 : random.number(0...scalars.count - 1)
        let end = !isStart && random.chance(40) ? scalars.count - 1 : random.number(start...scalars.count - 1)
        var text = String.UnicodeScalarView()
        for scalar in scalars[start...end] {
            let forms = Self.alike.first { $0.contains(scalar) } ?? [scalar]
            text.append(random.chance(50) ? random.pick(forms) : scalar)
        }
        return String(text)
    }

    // MARK: Time

    private mutating func timeTest(_ kind: Kind, _ held: [Cell]) -> Test {
        switch random.number(1...12) {
        case 1...2: return Test(op: .before(when(kind, held)))
        case 3...4: return Test(op: .after(when(kind, held)))
        case 5...6:
            let (first, second) = (when(kind, held), when(kind, held))
            // Literals must stand in their order.
            if let start = first.fixed?.first, let end = second.fixed?.last, start > end { return Test(op: .betweenTimes(second, first), isNegated: random.chance(40)) }
            return Test(op: .betweenTimes(first, second), isNegated: random.chance(40))
        case 7...8: return Test(op: .within(span(inDays: kind == .day), next: random.chance(50)))
        case 9: return Test(op: .olderThan(span(inDays: kind == .day)))
        case 10: return Test(op: .anniversary(random.chance(25) ? nil : span(inDays: true), next: random.chance(50)))
        default: return partTest()
        }
    }

    private mutating func span(inDays: Bool) -> Span {
        switch random.number(inDays ? 3...6 : 1...6) {
        case 1: Span(count: random.number(1...3_000), unit: "minute")
        case 2: Span(count: random.number(1...60), unit: "hour")
        case 3: Span(count: random.number(1...60), unit: "day")
        case 4: Span(count: random.number(1...10), unit: "week")
        case 5: Span(count: random.number(1...30), unit: "month")
        default: Span(count: random.number(1...40), unit: "year")
        }
    }

    private mutating func when(_ kind: Kind, _ held: [Cell]) -> When {
        let base: When.Base
        switch random.number(1...10) {
        case 1...3:
            if case .day(let day)? = held.randomElement(using: &random) { base = .day(day) } else { base = .day(GeneratedData.day(&random, moment)) }
        case 4...5 where kind == .time:
            var instant = GeneratedData.time(&random, moment)
            if case .time(let time)? = held.randomElement(using: &random), random.chance(60) { instant = time }
            let local = moment.zone.local(instant)
            base = .local(local - ((local % 1_000_000) + 1_000_000) % 1_000_000)
        case 6: base = .now
        case 7: base = .today
        case 8...9: base = .startOf(random.pick(["week", "month", "quarter", "year"]))
        default: base = .day(GeneratedData.day(&random, moment))
        }
        var when = When(base: base)
        if random.chance(40) {
            when.offset = span(inDays: when.isDay || kind == .day)
            when.isBackwards = random.chance(60)
        }
        return when
    }

    private mutating func partTest() -> Test {
        let ranges = ["month": 1...12, "day": 1...31, "day_of_year": 1...366, "weekday": 1...7, "week": 1...53, "quarter": 1...4, "year": 1890...2110]
        let part = random.pick(ranges.keys.sorted())
        let range = ranges[part] ?? 1...1
        var tests: [PartTest] = []
        for _ in 0..<(random.chance(75) ? 1 : 2) {
            let op = random.pick(["is", "is_not", "in", "not_in", "gt", "gte", "lt", "lte", "between"])
            guard !tests.contains(where: { $0.op == op }) else { continue }
            let count = op == "between" ? 2 : op == "in" || op == "not_in" ? random.number(1...4) : 1
            var values: [Int?] = (0..<count).map { _ in random.chance(20) ? nil : random.number(range) }
            if op == "between", let low = values[0], let high = values[1], low > high { values.swapAt(0, 1) }
            tests.append(PartTest(op: op, values: values))
        }
        return Test(op: .part(part, tests))
    }
}

extension When {
    /// The ends of a literal on the local clock; nil for what depends on now.
    fileprivate var fixed: (first: Int, last: Int)? {
        guard offset == nil else { return nil }
        switch base {
        case .day(let day): return (day.number * PlainZone.daily, (day.number + 1) * PlainZone.daily - 1)
        case .local(let local): return (local, local)
        case .now, .today, .startOf: return nil
        }
    }
}
