/// The answers of `Verdict` as conditions in SQL; each may be NULL, which counts as false.
struct SQLVerdict {
    let holds: String
    let surely: String
    let surelyNot: String

    /// Whether it never depends on an empty value.
    let isCertain: Bool

    init(holds: String, surely: String, surelyNot: String) {
        (self.holds, self.surely, self.surelyNot, isCertain) = (holds, surely, surelyNot, false)
    }

    init(certain: String, opposite: String) {
        (holds, surely, surelyNot, isCertain) = (certain, certain, opposite, true)
    }

    static func all(_ parts: [SQLVerdict], _ dialect: any SQLDialect) -> SQLVerdict {
        guard parts.count != 1 else { return parts[0] }
        let holds = joined(parts.map(\.holds), "AND")
        if parts.allSatisfy(\.isCertain) { return SQLVerdict(certain: holds, opposite: dialect.opposite(holds)) }
        return SQLVerdict(holds: holds, surely: joined(parts.map(\.surely), "AND"), surelyNot: joined(parts.map(\.surelyNot), "OR"))
    }

    static func any(_ parts: [SQLVerdict], _ dialect: any SQLDialect) -> SQLVerdict {
        guard parts.count != 1 else { return parts[0] }
        let holds = joined(parts.map(\.holds), "OR")
        if parts.allSatisfy(\.isCertain) { return SQLVerdict(certain: holds, opposite: dialect.opposite(holds)) }
        return SQLVerdict(holds: holds, surely: joined(parts.map(\.surely), "OR"), surelyNot: joined(parts.map(\.surelyNot), "AND"))
    }

    func opposite(_ dialect: any SQLDialect) -> SQLVerdict {
        isCertain
            ? SQLVerdict(certain: dialect.opposite(holds), opposite: holds)
            : SQLVerdict(holds: dialect.opposite(holds), surely: surelyNot, surelyNot: surely)
    }

    static func joined(_ parts: [String], _ word: String) -> String { "(" + parts.joined(separator: " \(word) ") + ")" }

    /// 0 no, 1 yes, 2 no only because a value is empty, 3 yes only because one is.
    /// - Parameter tellsNo: whether 2 is told apart from 0.
    func code(tellsNo: Bool) -> String {
        let yes = holds == surely ? "1" : "CASE WHEN \(surely) THEN 1 ELSE 3 END"
        let no = isCertain || !tellsNo ? "0" : "CASE WHEN \(surelyNot) THEN 0 ELSE 2 END"
        return "CASE WHEN \(holds) THEN \(yes) ELSE \(no) END"
    }
}

extension Verdict {
    /// By the code of `SQLVerdict`.
    init(code: UInt8) {
        self =
            switch code {
            case 1: .yes
            case 2: .noByEmptiness
            case 3: .noByEmptiness.opposite
            default: .no
            }
    }
}
