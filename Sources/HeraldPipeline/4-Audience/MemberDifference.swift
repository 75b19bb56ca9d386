package import HeraldModel

/// What leads from one set of members to another. Both sides ascend by person, so one pass finds it.
package struct MemberDifference: Hashable, Sendable {
    package var added: [PersonDigest] = []
    package var updated: [PersonDigest] = []
    package var removed: [PersonDigest] = []

    package var isEmpty: Bool { added.isEmpty && updated.isEmpty && removed.isEmpty }

    package init(from old: some Sequence<MemberState>, to new: some Sequence<MemberState>) {
        var (old, new) = (old.makeIterator(), new.makeIterator())
        var (left, right) = (old.next(), new.next())
        while true {
            switch (left, right) {
            case (let member?, let other?) where member.person == other.person:
                if member.values != other.values { updated.append(other.person) }
                (left, right) = (old.next(), new.next())
            case (let member?, let other) where other.map({ member.person < $0.person }) ?? true:
                removed.append(member.person)
                left = old.next()
            case (_, let other?):
                added.append(other.person)
                right = new.next()
            case (_, nil): return
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
