/// Decides conditions by what `semantics.md` says, row by row, in the plainest way; it knows nothing of how herald does it.
struct PlainEvaluator {
    /// Whether it holds, and the answer of a logic in which comparing with an empty value is unknown (nil).
    struct Answer: Equatable {
        var holds: Bool
        var sure: Bool?

        static let no = Answer(holds: false, sure: false)
        init(holds: Bool, sure: Bool?) { (self.holds, self.sure) = (holds, sure) }
        init(_ certain: Bool) { (holds, sure) = (certain, certain) }

        /// In only because a value is empty.
        var byEmptiness: Bool { holds && sure != true }
        var opposite: Answer { Answer(holds: !holds, sure: sure.map { !$0 }) }

        static func all(_ answers: [Answer]) -> Answer {
            let sure: Bool? = answers.contains { $0.sure == false } ? false : answers.contains { $0.sure == nil } ? nil : true
            return Answer(holds: answers.allSatisfy(\.holds), sure: sure)
        }

        static func any(_ answers: [Answer]) -> Answer {
            let sure: Bool? = answers.contains { $0.sure == true } ? true : answers.contains { $0.sure == nil } ? nil : false
            return Answer(holds: answers.contains(where: \.holds), sure: sure)
        }
    }

    let data: GeneratedData
    let moment: Moment
    /// What filters and lists stand for.
    let named: [Condition]

    func answer(_ condition: Condition, _ entity: String, _ row: Int) -> Answer {
        switch condition {
        case .all(let parts, _): return .all(parts.map { answer($0, entity, row) })
        case .any(let parts): return .any(parts.map { answer($0, entity, row) })
        case .not(let inner): return answer(inner, entity, row).opposite
        case .named(let number): return answer(named[number], entity, row)
        case .column(let name, let tests, _):
            let column = name.split(separator: ".").last.map(String.init) ?? name
            return answer(tests, data.cell(entity, row, column), Shop.kind(entity, column))
        case .one(let relation, let inner):
            let key = data.cell(entity, row, relation.by)
            guard key != .empty, let other = (0..<data.count(relation.entity)).first(where: { data.key(relation.entity, $0) == key }) else { return .no }
            return answer(inner, relation.entity, other)
        case .many(let relation, let inner, let total):
            let key = data.key(entity, row)
            let rows = (0..<data.count(relation.entity)).filter { other in
                data.cell(relation.entity, other, relation.by) == key && (inner.map { answer($0, relation.entity, other).holds } ?? true)
            }
            switch total {
            case .some: return Answer(!rows.isEmpty)
            case .none: return Answer(rows.isEmpty)
            case .count(let tests): return answer(tests, .number(rows.count * Shop.one), .integer)
            case .of(let function, let column, let tests):
                let cells = rows.map { data.cell(relation.entity, $0, column) }.filter { $0 != .empty }
                return answer(tests, function, cells, Shop.kind(relation.entity, column))
            }
        }
    }

    private func answer(_ tests: [Test], _ function: String, _ cells: [Cell], _ kind: Kind) -> Answer {
        switch function {
        case "sum": return answer(tests, .number(cells.map(Self.number).reduce(0, +)), .decimal)
        case "avg":
            guard !cells.isEmpty else { return answer(tests, .empty, .decimal) }
            // The exact quotient: both sides are multiplied by the number of values.
            return answer(tests.map { $0.times(cells.count) }, .number(cells.map(Self.number).reduce(0, +)), .decimal)
        default:
            let sorted = cells.sorted { Self.order($0) < Self.order($1) }
            return answer(tests, (function == "min" ? sorted.first : sorted.last) ?? .empty, kind)
        }
    }

    private static func number(_ cell: Cell) -> Int { if case .number(let number) = cell { number } else { 0 } }

    private static func order(_ cell: Cell) -> Int {
        switch cell {
        case .number(let number), .time(let number): number
        case .day(let day): day.number
        default: 0
        }
    }

    private func answer(_ tests: [Test], _ cell: Cell, _ kind: Kind) -> Answer { .all(tests.map { answer($0, cell, kind) }) }

    private func answer(_ test: Test, _ cell: Cell, _ kind: Kind) -> Answer {
        if case .isEmpty(let yes) = test.op { return Answer((cell == .empty) == yes) }
        if case .part(let part, let tests) = test.op { return .all(tests.map { PlainTime(moment: moment).answer(part, $0, cell) }) }
        let positive: Answer = cell == .empty ? Answer(holds: false, sure: nil) : Answer(holds(test.op, cell, kind))
        return test.isNegated ? positive.opposite : positive
    }

    /// Of a value that is not empty.
    private func holds(_ op: Test.Op, _ cell: Cell, _ kind: Kind) -> Bool {
        switch (op, cell) {
        case (.isIn(let literals, _), _): return literals.contains { isEqual(cell, $0, kind) }
        case (.contains(let needle), .text(let text)):
            let (text, needle) = (Self.folded(text), Self.folded(needle))
            return text.count >= needle.count && (0...(text.count - needle.count)).contains { Array(text[$0..<$0 + needle.count]) == needle }
        case (.startsWith(let needle), .text(let text)): return Self.folded(text).starts(with: Self.folded(needle))
        case (.endsWith(let needle), .text(let text)): return Self.folded(text).reversed().starts(with: Self.folded(needle).reversed())
        case (.compare("gt", let literal), .number(let number)): return number > literal
        case (.compare("gte", let literal), .number(let number)): return number >= literal
        case (.compare("lt", let literal), .number(let number)): return number < literal
        case (.compare("lte", let literal), .number(let number)): return number <= literal
        case (.between(let low, let high), .number(let number)): return low <= number && number <= high
        case (.hasAny(let wanted), .many(let parts)): return parts.contains { part in wanted.contains { Self.isSame($0, part) } }
        case (.hasAll(let wanted), .many(let parts)): return wanted.allSatisfy { text in parts.contains { Self.isSame($0, text) } }
        default: return PlainTime(moment: moment).holds(op, cell)
        }
    }

    private func isEqual(_ cell: Cell, _ literal: Literal, _ kind: Kind) -> Bool {
        switch (cell, literal) {
        case (.text(let text), .text(let wanted)): Self.isSame(text, wanted)
        case (.number(let number), .number(let wanted)): number == wanted
        case (.flag(let flag), .flag(let wanted)): flag == wanted
        case (_, .when(let when)): PlainTime(moment: moment).isWithin(cell, when)
        default: false
        }
    }

    /// Byte by byte: no normalisation.
    static func isSame(_ left: String, _ right: String) -> Bool { Array(left.utf8) == Array(right.utf8) }

    /// Simple case folding of the letters that occur, written down by hand.
    private static let folds: [Unicode.Scalar: Unicode.Scalar] = [
        "ẞ": "ß", "Σ": "σ", "ς": "σ", "É": "é", "\u{212A}": "k", "ſ": "s", "Ο": "ο", "Δ": "δ",  // İ and ı stay.
    ]

    private static func folded(_ text: String) -> [Unicode.Scalar] {
        text.unicodeScalars.map { scalar in
            if "A"..."Z" ~= scalar { return Unicode.Scalar(UInt8(scalar.value) + 32) }
            return folds[scalar] ?? scalar
        }
    }
}

extension Test {
    /// The same test of a number that is `factor` times as large.
    fileprivate func times(_ factor: Int) -> Test {
        switch op {
        case .compare(let op, let number): Test(op: .compare(op, number * factor), isNegated: isNegated)
        case .between(let low, let high): Test(op: .between(low * factor, high * factor), isNegated: isNegated)
        case .isIn(let literals, let isList):
            Test(op: .isIn(literals.map { if case .number(let number) = $0 { .number(number * factor) } else { $0 } }, isList: isList), isNegated: isNegated)
        default: self
        }
    }
}
