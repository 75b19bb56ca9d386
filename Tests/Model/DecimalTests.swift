import HeraldModel
import Testing

@Suite struct DecimalTests {
    @Test(arguments: [
        ("0", "0"), ("-0", "0"), ("0.0", "0"), ("2.0", "2"), ("-12.50", "-12.5"), ("+3", "3"), ("007", "7"), ("0.000000000000000000000000001", "0.000000000000000000000000001"),
        ("9999999999999999999999999999", "9999999999999999999999999999"), ("-0.1234567890123456789012345678", "-0.1234567890123456789012345678"),
        ("1.0000000000000000000000000000000000000000", "1"), ("12345678901234567890.12345678", "12345678901234567890.12345678"), ("100.00100", "100.001"), ("1000", "1000"),
    ])
    func readsAndWrites(text: String, written: String) {
        #expect(Decimal(parsing: text)?.description == written)
    }

    @Test(arguments: [
        "", "-", "+", ".", ".5", "5.", "1e3", "1,5", "1 000", " 1", "1 ", "0x10", "١", "--1", "1.2.3", "1-", "12345678901234567890123456789", "0.00000000000000000000000000001",
        "1.00000000000000000000000000001", "NaN", "inf",
    ])
    func refuses(text: String) {
        #expect(Decimal(parsing: text) == nil)
    }

    @Test func equalNumbersAreOneValueWhateverTheirScale() throws {
        let (a, b) = (try #require(Decimal(parsing: "2.00")), Decimal(2))
        #expect(a == b)
        #expect(Set([a, b]).count == 1)
        #expect(Decimal(coefficient: 200, scale: 2) == b)
    }

    /// Whole numbers of hundred-millionths, so that plain integers are the judge.
    @Test(arguments: 1...200)
    func ordersAndAddsAsWholeNumbersDo(seed: Int) throws {
        var random = SeededNumbers(seed: UInt64(seed))
        func make() -> (Decimal, Int128) {
            let scale = Int.random(in: 0...8, using: &random)
            let coefficient = Int64.random(in: -(1 << Int64.random(in: 1...60, using: &random))...(1 << 40), using: &random)
            return (Decimal(coefficient: Int128(coefficient), scale: UInt8(scale)), Int128(coefficient) * Decimal.powerOfTen(UInt8(8 - scale)))
        }
        var sum = DecimalSum()
        var whole: Int128 = 0
        for _ in 0..<50 {
            let ((a, x), (b, y)) = (make(), make())
            #expect((a < b) == (x < y))
            #expect((a == b) == (x == y))
            #expect(Decimal.compare(a, b) == (x < y ? -1 : x == y ? 0 : 1))
            #expect(a.adding(b) == Decimal(coefficient: x + y, scale: 8))
            #expect(a.multiplied(by: 7) == Decimal(coefficient: x * 7, scale: 8))
            #expect(Decimal(parsing: a.description) == a)
            let fits = sum.add(a)
            #expect(fits)
            whole += x
            #expect(sum.value == Decimal(coefficient: whole, scale: 8))
        }
    }

    @Test func farNumbersAreComparedExactly() throws {
        let (large, small) = (try #require(Decimal(parsing: "9999999999999999999999999999")), try #require(Decimal(parsing: "0.0000000000000000000000000001")))
        #expect(small < large)
        #expect(Decimal(coefficient: -large.coefficient) < Decimal(coefficient: -small.coefficient, scale: small.scale))
        #expect(large.adding(small) == nil)
        var sum = DecimalSum()
        let fits = [sum.add(large), sum.add(small)]
        #expect(fits == [true, false])
        #expect(sum.value == large)
        #expect(Decimal(coefficient: .max).adding(Decimal(1)) == nil)
        #expect(Decimal(coefficient: .max).multiplied(by: 2) == nil)
        #expect(Decimal(coefficient: .min).description == "-170141183460469231731687303715884105728")
        #expect(Decimal(coefficient: .max).coefficient == .max)
    }

    @Test func sumsOfManySmallFractionsAreExact() {
        var sum = DecimalSum()
        for _ in 0..<1_000 { _ = sum.add(Decimal(coefficient: 1, scale: 1)) }
        #expect(sum.value == Decimal(100))
    }
}

/// SplitMix64: the same numbers for a seed on every machine.
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
