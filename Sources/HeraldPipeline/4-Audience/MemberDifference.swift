package import HeraldModel

/// What leads from one set of members to another. Both sides ascend by person, so one pass finds it.
package struct MemberDifference: Hashable, Sendable {
    package var added: [PersonDigest] = []
    package var updated: [PersonDigest] = []
    package var removed: [PersonDigest] = []

    package var isEmpty: Bool { added.isEmpty && updated.isEmpty && removed.isEmpty }

    package init(from old: [MemberState], to new: [MemberState]) {
        var (left, right) = (0, 0)
        while left < old.count || right < new.count {
            if right == new.count || (left < old.count && old[left].person < new[right].person) {
                removed.append(old[left].person)
                left += 1
            } else if left == old.count || new[right].person < old[left].person {
                added.append(new[right].person)
                right += 1
            } else {
                if old[left].values != new[right].values { updated.append(new[right].person) }
                left += 1
                right += 1
            }
        }
    }

    /// How many people are in one of two ascending sets and not in the other.
    package static func symmetric(_ a: [PersonDigest], _ b: [PersonDigest]) -> Int {
        var (left, right, count) = (0, 0, 0)
        while left < a.count, right < b.count {
            if a[left] == b[right] {
                left += 1
                right += 1
            } else {
                count += 1
                if a[left] < b[right] { left += 1 } else { right += 1 }
            }
        }
        return count + a.count - left + b.count - right
    }
}
