/// What a condition says of a row: the two-valued answer that decides, and beside it the answer of a logic in which comparing with an empty
/// value is unknown. Where the first is true and the second is not, the row is in only because a value is empty.
struct Verdict: Hashable, Sendable {
    let holds: Bool
    let surely: Bool
    let surelyNot: Bool

    static let yes = Verdict(holds: true, surely: true, surelyNot: false)
    static let no = Verdict(holds: false, surely: false, surelyNot: true)
    /// A positive comparison with an empty value.
    static let noByEmptiness = Verdict(holds: false, surely: false, surelyNot: false)

    init(holds: Bool, surely: Bool, surelyNot: Bool) {
        self.holds = holds
        self.surely = surely
        self.surelyNot = surelyNot
    }

    init(_ holds: Bool) { self = holds ? .yes : .no }

    var opposite: Verdict { Verdict(holds: !holds, surely: surelyNot, surelyNot: surely) }

    func and(_ other: Verdict) -> Verdict {
        Verdict(holds: holds && other.holds, surely: surely && other.surely, surelyNot: surelyNot || other.surelyNot)
    }

    func or(_ other: Verdict) -> Verdict {
        Verdict(holds: holds || other.holds, surely: surely || other.surely, surelyNot: surelyNot && other.surelyNot)
    }
}
