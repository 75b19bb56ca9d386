package import HeraldModel

extension Filter {
    /// Whether the same data may answer otherwise at another time: some clause in it looks at the clock.
    package var dependsOnClock: Bool {
        switch clause {
        case .all(let parts), .any(let parts): parts.contains(where: \.dependsOnClock)
        case .not(let inner), .filter(_, let inner), .list(_, let inner), .toOne(_, let inner): inner.dependsOnClock
        case .column(_, let test): test.dependsOnClock
        case .toMany(_, let rows, let aggregate): (rows?.dependsOnClock ?? false) || aggregate.dependsOnClock
        }
    }
}

extension Aggregate {
    fileprivate var dependsOnClock: Bool {
        switch self {
        case .some, .none: false
        case .count(let test), .of(_, _, let test): test.dependsOnClock
        }
    }
}

extension ValueTest {
    fileprivate var dependsOnClock: Bool {
        terms.contains { $0.check.dependsOnClock }
    }
}

extension ValueTest.Check {
    fileprivate var dependsOnClock: Bool {
        switch self {
        case .time(let check): check.dependsOnClock
        case .part(_, let checks): checks.contains(where: \.dependsOnClock)
        case .reading(_, _, let inner): inner.dependsOnClock
        case .isEmpty, .oneOf, .contains, .startsWith, .endsWith, .number, .numberBetween, .hasAny, .hasAll: false
        }
    }
}

extension TimeCheck {
    fileprivate var dependsOnClock: Bool {
        switch self {
        case .within, .olderThan, .anniversary: true
        case .oneOf(let expressions): expressions.contains(where: \.dependsOnClock)
        case .before(let expression), .after(let expression): expression.dependsOnClock
        case .between(let from, let to): from.dependsOnClock || to.dependsOnClock
        }
    }
}

extension TimeExpression {
    fileprivate var dependsOnClock: Bool {
        switch base {
        case .now, .today, .startOf: true
        case .day, .local, .instant: false
        }
    }
}

extension PartCheck {
    fileprivate var dependsOnClock: Bool {
        switch self {
        case .oneOf(let values, _): values.contains(.current)
        case .number(_, let value): value == .current
        case .between(let low, let high): low == .current || high == .current
        }
    }
}
