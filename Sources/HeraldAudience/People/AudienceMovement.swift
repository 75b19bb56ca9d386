import HeraldModel

extension Audience {
    /// How many people come in and go out between two moments of one list, over the same records. A person is an address, whichever record of theirs is on it.
    package func movement(since earlier: Audience) -> (joined: Int, left: Int) {
        var was = [Bool](repeating: false, count: people.addresses.count)
        for row in earlier.members { was[Int(people.addresses.ofRow[row])] = true }
        var joined = 0
        for row in members {
            let address = Int(people.addresses.ofRow[row])
            if !was[address] { joined += 1 }
        }
        // Each address is on a list once.
        return (joined, earlier.members.count - (members.count - joined))
    }
}
