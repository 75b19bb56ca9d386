import HeraldModel

/// Folds the values of some rows into an aggregate. Empty values are skipped, also in the divisor of an average.
struct AggregateFold {
    /// What came out: a value, or for an average the exact quotient, which no value can hold.
    enum Result: Sendable {
        case value(Value)
        case quotient(ComparedNumber)
        /// A sum has more digits than 128 bits hold.
        case overflow
    }

    private let function: Aggregate.Function
    private var total = DecimalSum()
    private var count: Int64 = 0
    private var extreme = Value.empty
    private var hasOverflowed = false

    init(_ function: Aggregate.Function) { self.function = function }

    mutating func add(_ value: Value) {
        guard !value.isEmpty else { return }
        switch function {
        case .sum, .avg:
            guard let number = value.number else { return }
            count += 1
            if !total.add(number) { hasOverflowed = true }
        case .min: if extreme.isEmpty || AggregateFold.isLess(value, extreme) { extreme = value }
        case .max: if extreme.isEmpty || AggregateFold.isLess(extreme, value) { extreme = value }
        }
    }

    /// The sum of nothing is 0; the other aggregates of nothing are empty.
    var result: Result {
        if hasOverflowed { return .overflow }
        return switch function {
        case .sum: .value(.decimal(total.value))
        case .avg: count == 0 ? .value(.empty) : .quotient(ComparedNumber(sum: total.value, count: count))
        case .min, .max: .value(extreme)
        }
    }

    /// Sums and averages of decimals that are held in 64 bits, which are added without being made values first; nil for others.
    static func ofScaled(_ function: Aggregate.Function, _ column: Column, _ related: RelatedRows) -> (@Sendable (Int) -> Result)? {
        guard function == .sum || function == .avg, case .scaled(let values, let scale, let empty) = column.storage else { return nil }
        return { row in
            // 64-bit numbers of fewer rows than 2^63 never leave 128 bits.
            var (total, count): (Int128, Int64) = (0, 0)
            related.forEach(of: row) { other in
                if empty?[other] == true { return }
                total += Int128(values[other])
                count += 1
            }
            let sum = Decimal(coefficient: total, scale: scale)
            if function == .sum { return .value(.decimal(sum)) }
            return count == 0 ? .value(.empty) : .quotient(ComparedNumber(sum: sum, count: count))
        }
    }

    private static func isLess(_ a: Value, _ b: Value) -> Bool {
        switch (a, b) {
        case (.date(let a), .date(let b)): a < b
        case (.datetime(let a), .datetime(let b)): a < b
        case (.integer(let a), .integer(let b)): a < b
        default: (a.number ?? Decimal(0)) < (b.number ?? Decimal(0))
        }
    }
}

/// A number that is compared: a value, or the exact quotient of a sum and a count.
struct ComparedNumber: Sendable {
    let sum: Decimal
    let count: Int64

    /// −1, 0 or 1.
    func compare(_ literal: Decimal) -> Int {
        guard count != 1 else { return Decimal.compare(sum, literal) }
        // A literal has at most 28 digits and there are fewer than 10^9 rows, so the product fits.
        guard let product = literal.multiplied(by: count) else { return literal > Decimal(0) ? -1 : 1 }
        return Decimal.compare(sum, product)
    }

    /// With at most six digits after the point, or as many as the sum has; half to even. For people to read: comparisons use the exact quotient.
    var rounded: Decimal {
        for digits in stride(from: UInt8(6), through: 0, by: -1) {
            let scale = max(sum.scale, digits)
            let (scaled, isOver) = sum.coefficient.multipliedReportingOverflow(by: Decimal.powerOfTen(scale - sum.scale))
            if isOver { continue }
            let (quotient, remainder) = scaled.quotientAndRemainder(dividingBy: Int128(count))
            let twice = remainder.magnitude * 2
            let isUp = twice > UInt128(count) || (twice == UInt128(count) && quotient % 2 != 0)
            return Decimal(coefficient: quotient + (isUp ? scaled.signum() : 0), scale: scale)
        }
        return sum
    }
}
