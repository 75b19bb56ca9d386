import Glibc
import HeraldModel
import HeraldPipeline

/// Row 4: brings so many members into their order and finds what one per cent of change leads to. Prints the seconds of it; making the members is not counted.
@main
enum Main {
    static func main() {
        let count = Int(CommandLine.arguments.dropFirst().first ?? "") ?? 1_000_000
        var generator = SplitMix(state: 1)
        var desired = MemberRows()
        desired.reserve(count)
        for row in 0..<count {
            desired.append(MemberState(person: PersonDigest(high: generator.next(), low: generator.next()), values: 1), row: Int32(row))
        }
        // What the provider holds comes in order: one in two hundred left, and as many are new.
        var provided = MemberRows()
        provided.reserve(count)
        for (index, state) in desired.states.enumerated() {
            provided.append(index % 200 != 0 ? state : MemberState(person: PersonDigest(high: generator.next(), low: 0), values: 1), row: 0)
        }
        // In place: sorting an array takes half of it besides, which is not what is measured.
        provided.sortByPerson()
        let held = provided.states
        provided = MemberRows()
        let start = ContinuousClock.now
        desired.sortByPerson()
        let sorted = ContinuousClock.now
        let difference = MemberDifference(from: held, to: desired.states)
        let end = ContinuousClock.now
        guard difference.added.count == difference.removed.count, difference.added.count == (count + 199) / 200 else {
            print("wrong: \(difference.added.count) added, \(difference.removed.count) removed")
            exit(1)
        }
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        print("\(end - start) (order \(sorted - start), difference \(end - sorted)), \(usage.ru_maxrss / 1000) MB")
    }
}

/// The same members every time.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
