extension Array {
    /// Of elements that ascend, the first that is not before what is looked for; `count` where all are.
    package func lowerBound(before isBefore: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if isBefore(self[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension [PersonDigest] {
    /// Whether a digest is among these, which ascend.
    package func holds(_ digest: PersonDigest) -> Bool {
        let place = lowerBound { $0 < digest }
        return place < count && self[place] == digest
    }
}
