/// Whether bytes are UTF-8 without control characters (Unicode category Cc) other than tabs and line breaks.
enum TextCheck {
    enum Finding { case notUTF8, control }

    /// The first thing wrong, or nil.
    static func finding(_ bytes: CellBytes) -> Finding? {
        var at = 0
        while at < bytes.count {
            let first = bytes[at]
            if first < 0x80 {
                if first < 0x20 && first != 9 && first != 10 && first != 13 || first == 0x7F { return .control }
                at += 1
                continue
            }
            // The table of well-formed sequences: Unicode 16, table 3-7.
            let (length, second): (Int, ClosedRange<UInt8>) =
                switch first {
                case 0xC2...0xDF: (2, 0x80...0xBF)
                case 0xE0: (3, 0xA0...0xBF)
                case 0xED: (3, 0x80...0x9F)
                case 0xE1...0xEF: (3, 0x80...0xBF)
                case 0xF0: (4, 0x90...0xBF)
                case 0xF1...0xF3: (4, 0x80...0xBF)
                case 0xF4: (4, 0x80...0x8F)
                default: (0, 0x80...0xBF)
                }
            guard length > 0, at + length <= bytes.count, second ~= bytes[at + 1] else { return .notUTF8 }
            if length > 2, bytes[at + 2] & 0xC0 != 0x80 { return .notUTF8 }
            if length > 3, bytes[at + 3] & 0xC0 != 0x80 { return .notUTF8 }
            if first == 0xC2, bytes[at + 1] < 0xA0 { return .control }
            at += length
        }
        return nil
    }
}
