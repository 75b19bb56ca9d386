/// The candidate that somebody most likely meant, or nil where none is near: at most a third of the letters may differ.
package func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
    // Nobody means a longer word, and measuring it would take its square.
    guard word.utf8.count <= 256 else { return nil }
    let letters = Array(word.lowercased().unicodeScalars)
    let limit = max(1, letters.count / 3)
    var best: (distance: Int, name: String)?
    for candidate in candidates {
        let others = Array(candidate.lowercased().unicodeScalars)
        guard abs(others.count - letters.count) <= limit else { continue }
        let distance = editDistance(letters, others, atMost: limit)
        guard distance <= limit else { continue }
        if let held = best, (held.distance, held.name) <= (distance, candidate) { continue }
        best = (distance, candidate)
    }
    return best?.name
}

/// Insertions, deletions, replacements and swaps of neighbours that lead from one to the other; any larger number where they are more than `limit`.
private func editDistance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar], atMost limit: Int) -> Int {
    if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
    // The row before the last, the last, and the one that is made.
    var (before, last, row) = ([Int](repeating: 0, count: b.count + 1), Array(0...b.count), [Int](repeating: 0, count: b.count + 1))
    for i in 1...a.count {
        row[0] = i
        for j in 1...b.count {
            var cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
            if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { cost = min(cost, before[j - 2] + 1) }
            row[j] = cost
        }
        // A swap reaches back one row more.
        if min(row.min() ?? 0, last.min() ?? 0) > limit { return limit + 1 }
        (before, last, row) = (last, row, before)
    }
    return last[b.count]
}
