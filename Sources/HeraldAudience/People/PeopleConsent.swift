package import HeraldModel

/// What is asked about single people.
extension EntityPeople {
    /// What all records with a row's address say together with further facts.
    package func status(_ row: Int, adding facts: [ConsentRecord]) -> ConsentStatus {
        var merge = addresses.ofRow[row] < 0 ? ConsentMerge() : consent[Int(addresses.ofRow[row])]
        for fact in facts { merge.add(fact) }
        return merge.status
    }

    /// When the data last says that somebody with a row's address agreed; nil where it does not, or not when.
    package func agreed(_ row: Int) -> Instant? { addresses.ofRow[row] < 0 ? nil : consent[Int(addresses.ofRow[row])].agreed }

    /// The form by which a text would be told apart as an address of this entity; nil where it is none.
    package func normalForm(_ text: String) -> String? { AddressBook.normalForm(text, hasEmail: schema.hasEmail) }
}
