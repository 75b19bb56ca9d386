/// A condition, typed against its entity, with the place of every clause. What `where` says, and nothing about how it is found out.
///
/// Two conditions that say the same are equal, wherever they stand: the parts that many lists share are then decided once.
package struct Filter: Hashable, Sendable {
    package let clause: Clause
    package let span: SourceSpan

    package init(_ clause: Clause, _ span: SourceSpan) {
        self.clause = clause
        self.span = span
    }

    package static func == (left: Filter, right: Filter) -> Bool { left.clause == right.clause }
    package func hash(into hasher: inout Hasher) { hasher.combine(clause) }

    package indirect enum Clause: Hashable, Sendable {
        case all([Filter])
        case any([Filter])
        case not(Filter)
        case column(ColumnReference, ValueTest)
        /// True if the row exists and satisfies the condition.
        case toOne(RelationReference, Filter)
        case toMany(RelationReference, where: Filter?, Aggregate)
        /// A named filter, or the `where` of another list.
        case filter(id: String, Filter)
        case list(id: String, Filter)
    }
}

package struct ColumnReference: Hashable, Sendable {
    package let name: String
    package let type: ColumnType

    package init(name: String, type: ColumnType) {
        self.name = name
        self.type = type
    }
}

package struct RelationReference: Hashable, Sendable {
    package let id: String
    /// The entity it leads from, and to.
    package let from: String
    package let to: String

    package init(id: String, from: String, to: String) {
        self.id = id
        self.from = from
        self.to = to
    }
}

/// What is asked of the rows of a to-many relation that satisfy its `where`.
package enum Aggregate: Hashable, Sendable {
    case some
    case none
    case count(ValueTest)
    case of(Function, ColumnReference, ValueTest)

    package enum Function: String, Sendable, CaseIterable { case sum, avg, min, max }
}

/// A test of one value. Several operators on one column are and-ed; each is positive, or the plain opposite of its positive form.
package struct ValueTest: Hashable, Sendable {
    package struct Term: Hashable, Sendable {
        package let isNegated: Bool
        package let check: Check
        package let span: SourceSpan
        /// What the file says, on one line: `in [DE, AT]`, or `DE` where no operator is written. For explanations.
        package let words: String

        package init(isNegated: Bool, check: Check, span: SourceSpan, words: String) {
            self.isNegated = isNegated
            self.check = check
            self.span = span
            self.words = words
        }

        package static func == (left: Term, right: Term) -> Bool { left.isNegated == right.isNegated && left.check == right.check }

        package func hash(into hasher: inout Hasher) {
            hasher.combine(isNegated)
            hasher.combine(check)
        }
    }

    package enum Check: Hashable, Sendable {
        case isEmpty
        case oneOf([Value])
        /// The needle is case-folded already.
        case contains(String)
        case startsWith(String)
        case endsWith(String)
        case number(NumberComparison, Decimal)
        case numberBetween(Decimal, Decimal)
        case hasAny([Text])
        case hasAll([Text])
        case time(TimeCheck)
        case part(DatePart, [PartCheck])
        /// The text, read as a value of another type, passes; what cannot be read so does not.
        indirect case reading(ColumnType, format: String?, Check)
    }

    package enum NumberComparison: String, Sendable, CaseIterable { case gt, gte, lt, lte }

    package let terms: [Term]

    package init(_ terms: [Term]) { self.terms = terms }
}

/// A moment as a file says it; becomes a day or an instant when the clock is known.
package struct TimeExpression: Hashable, Sendable {
    package enum Base: Hashable, Sendable {
        case day(Day)
        case local(LocalTime)
        case instant(Instant)
        case now, today
        case startOf(Period)
    }
    package enum Period: String, Hashable, Sendable, CaseIterable { case week, month, quarter, year }

    package let base: Base
    package let offset: CalendarDuration?
    package let isBackwards: Bool

    package init(base: Base, offset: CalendarDuration? = nil, isBackwards: Bool = false) {
        self.base = base
        self.offset = offset
        self.isBackwards = isBackwards
    }

    /// Whether it means a whole local day.
    package var isDay: Bool {
        switch base {
        case .day, .today, .startOf: true
        case .now, .local, .instant: false
        }
    }
}

package enum TimeCheck: Hashable, Sendable {
    case oneOf([TimeExpression])
    case before(TimeExpression)
    case after(TimeExpression)
    case between(TimeExpression, TimeExpression)
    case within(CalendarDuration, next: Bool)
    case olderThan(CalendarDuration)
    /// Month and day fall between today − past and today + next.
    case anniversary(past: CalendarDuration?, next: CalendarDuration?)
}

package enum DatePart: String, Sendable, CaseIterable { case month, day, dayOfYear = "day_of_year", weekday, week, quarter, year }

/// A test of a part of a date, such as its month.
package enum PartCheck: Hashable, Sendable {
    case oneOf([PartValue], isNegated: Bool)
    case number(ValueTest.NumberComparison, PartValue)
    case between(PartValue, PartValue)
}

package enum PartValue: Hashable, Sendable { case number(Int), current }

/// A word over results: what was sent to a person, what they did, what changed in their record. In a typed condition it is a relation to the rows of that.
package enum Word: String, Sendable, CaseIterable {
    case contacted, sent, opened, clicked, bounced, complained, unsubscribed, visited, event, changed

    /// Whether it asks what happened to people, and not to records.
    package var isAboutResults: Bool { self != .changed }
}
