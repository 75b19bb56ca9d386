/// SplitMix64: the same numbers for a seed on every machine.
struct Random: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }
    /// True in `percent` of 100.
    mutating func chance(_ percent: Int) -> Bool { number(1...100) <= percent }
    mutating func pick<T>(_ all: [T]) -> T { all[number(0...all.count - 1)] }
    mutating func some<T>(_ range: ClosedRange<Int>, _ make: (inout Random) -> T) -> [T] {
        var made: [T] = []
        for _ in 0..<number(range) { made.append(make(&self)) }
        return made
    }
}
