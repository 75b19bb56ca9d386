import Synchronization

/// Answers for every row of a table that several lists ask for, worked out once. Thousands of lists over one entity share most of their clauses.
///
/// What only one list asks is answered row by row and never kept; and what is kept is bounded: where tables are large and lists are few, there is
/// little to share and much to hold.
final class SharedAnswers<Question: Hashable & Sendable, Answer: Sendable>: Sendable {
    private enum Known {
        case asked
        case answered([Answer])
    }

    private struct Held {
        var known: [Question: Known] = [:]
        /// How many more answers may be kept, over all questions.
        var room = 4_000_000
    }

    private let held = Mutex(Held())

    /// Of each row the answer; nil where they are not kept.
    /// - Parameter make: called outside the lock; two who ask at the same time may both work it out.
    func all(_ question: Question, rows: Int, _ make: () -> [Answer]) -> [Answer]? {
        let known = held.withLock { held -> Known? in
            if let known = held.known[question] { return known }
            if held.room >= rows { held.known[question] = .asked }
            return nil
        }
        switch known {
        case nil: return nil
        case .answered(let answers)?: return answers
        case .asked?:
            guard held.withLock({ $0.room >= rows }) else { return nil }
            let answers = make()
            held.withLock { held in
                held.known[question] = .answered(answers)
                held.room -= rows
            }
            return answers
        }
    }
}
