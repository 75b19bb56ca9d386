import HeraldContract
import HeraldModel

extension StateDocument {
    /// Set digests of all audiences that the state still needs.
    var keptAudiences: Set<String> {
        var kept: Set<String> = []
        for object in objects.values {
            if let approved = object.send?.envelope?.audience { kept.insert(approved) }
            if let begun = object.send?.audience { kept.insert(begun) }
        }
        return kept
    }

    /// Marks a spent plan as done with.
    mutating func finish(_ plan: String) {
        if let index = spent.lastIndex(where: { $0.id == plan }) { spent[index].finished = true }
    }
}

extension StateSession {
    /// Removes the audiences that were needed before and are no longer.
    func dropAudiences(_ before: Set<String>) throws(StoreFailure) {
        for audience in before.subtracting(document.keptAudiences) { try store.dropAudience(audience) }
    }
}
