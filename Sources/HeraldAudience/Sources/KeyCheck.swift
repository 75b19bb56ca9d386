import HeraldModel

/// Finds the key that stands twice. Ascending integers, as most exports have them, are only compared with their predecessor.
struct KeyCheck {
    private var ascending: [Int64] = []
    private var places: [Int64] = []
    private var seen: [Value: Int64]?

    /// The place where the same key stood before, or nil. `key` is not empty.
    mutating func add(_ key: Value, at place: Int64) -> Int64? {
        if seen == nil, case .integer(let number) = key, number > ascending.last ?? .min {
            ascending.append(number)
            places.append(place)
            return nil
        }
        if seen == nil {
            seen = Dictionary(zip(ascending.map { Value.integer($0) }, places)) { first, _ in first }
            (ascending, places) = ([], [])
        }
        if let earlier = seen?[key] { return earlier }
        seen?[key] = place
        return nil
    }
}
