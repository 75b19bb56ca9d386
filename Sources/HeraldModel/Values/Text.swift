/// Text compared byte by byte, as a source wrote it.
///
/// Swift's `String` calls canonically equivalent spellings equal; in contact data they are two values, so keys and conditions use this type.
/// The order is that of Unicode scalars, which is the order of UTF-8 bytes.
package struct Text: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let string: String

    package init(_ string: String) { self.string = string }

    package var isEmpty: Bool { string.isEmpty }
    package var description: String { string }

    package static func == (left: Text, right: Text) -> Bool {
        guard left.string.utf8.count == right.string.utf8.count else { return false }
        let isEqual = left.string.utf8.withContiguousStorageIfAvailable { left in
            right.string.utf8.withContiguousStorageIfAvailable { right in left.elementsEqual(right) }
        }
        return (isEqual ?? nil) ?? left.string.utf8.elementsEqual(right.string.utf8)
    }

    package static func < (left: Text, right: Text) -> Bool {
        // Bytes in a row are compared several times faster than through the view of them.
        let precedes = left.string.utf8.withContiguousStorageIfAvailable { left in
            right.string.utf8.withContiguousStorageIfAvailable { right in left.lexicographicallyPrecedes(right) }
        }
        return (precedes ?? nil) ?? left.string.utf8.lexicographicallyPrecedes(right.string.utf8)
    }

    package func hash(into hasher: inout Hasher) {
        var string = string
        string.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        hasher.combine(0xFF as UInt8)
    }
}

extension String {
    /// Without the white space (as Unicode has it) at both ends.
    package var trimmed: String {
        func isSpace(_ scalar: Unicode.Scalar) -> Bool { scalar.isASCII ? scalar == " " || 9...13 ~= scalar.value : scalar.properties.isWhitespace }
        guard let first = unicodeScalars.firstIndex(where: { !isSpace($0) }), let last = unicodeScalars.lastIndex(where: { !isSpace($0) }) else { return "" }
        return String(unicodeScalars[first...last])
    }
}
