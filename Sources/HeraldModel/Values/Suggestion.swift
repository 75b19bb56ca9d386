/// The candidate that somebody most likely meant, or nil where none is near: at most a third of the letters may differ.
package func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
    // Nobody means a longer word, and measuring it would take its square.
    guard word.utf8.count <= 256 else { return nil }
    let limit = max(1, word.unicodeScalars.count / 3)
    var best: (distance: Int, name: String)?
    for candidate in candidates {
        let distance = editDistance(Array(word.lowercased().unicodeScalars), Array(candidate.lowercased().unicodeScalars))
        guard distance <= limit else { continue }
        if let held = best, (held.distance, held.name) <= (distance, candidate) { continue }
        best = (distance, candidate)
    }
    return best?.name
}

/// Insertions, deletions, replacements and swaps of neighbours that lead from one to the other.
private func editDistance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
    if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
    var rows = [Array(0...b.count)]
    for i in 1...a.count {
        var row = [i]
        for j in 1...b.count {
            var cost = min(rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
            if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { cost = min(cost, rows[i - 2][j - 2] + 1) }
            row.append(cost)
        }
        rows.append(row)
    }
    return rows[a.count][b.count]
}
