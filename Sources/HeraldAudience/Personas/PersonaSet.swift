package import HeraldModel

/// The people of a test as tables, and what is expected of each.
package struct PersonaSet: Sendable {
    package struct Persona: Sendable {
        /// Its row in the entity's table.
        package let row: Int
        package let span: SourceSpan
        package let expectation: PersonaExpectation?
    }

    package let dataset: Dataset
    package let personas: [Persona]
    /// By list, the rows of those to whom an email of it was sent.
    package let contacted: [String: Set<Int>]
    /// What they say of consent where the entity assumes it and so has no column for it; to be given to `Audience`.
    package let ledger: LedgerFacts
}

/// What a test expects of one made-up person.
package enum PersonaExpectation: Sendable {
    case isIn
    case isOut(LeaveReason?)
    case mail([MailExpectation])
}

/// One line that a mail must have.
package struct MailExpectation: Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        case subject, preheader
        case htmlHas = "html_has"
        case htmlLacks = "html_lacks"
        case textHas = "text_has"
        case textLacks = "text_lacks"
    }

    package let kind: Kind
    package let text: String
    package let span: SourceSpan
}
