/// A file known to this run; an index into its `SourceMap`.
package struct FileID: Hashable, Comparable, Sendable {
    package let index: UInt32

    package init(_ index: UInt32) { self.index = index }

    package static func < (left: FileID, right: FileID) -> Bool { left.index < right.index }
}

/// Where something stands in a file: one-based line and column (columns count Unicode scalars), and the width of it on that line.
package struct SourceSpan: Hashable, Sendable {
    package let file: FileID
    package let line: UInt32
    package let column: UInt32
    /// How many scalars a caret line underlines; at least 1.
    package let width: UInt32

    package init(file: FileID, line: UInt32, column: UInt32, width: UInt32 = 1) {
        self.file = file
        self.line = line
        self.column = column
        self.width = max(1, width)
    }
}

/// A value together with the place where somebody wrote it.
package struct Located<Value> {
    package let value: Value
    package let span: SourceSpan

    package init(_ value: Value, _ span: SourceSpan) {
        self.value = value
        self.span = span
    }

    package func map<Other>(_ transform: (Value) throws -> Other) rethrows -> Located<Other> {
        Located<Other>(try transform(value), span)
    }
}

extension Located: Sendable where Value: Sendable {}
/// Two located values are equal when what they say is equal; where they stand does not matter.
extension Located: Equatable where Value: Equatable {
    package static func == (left: Self, right: Self) -> Bool { left.value == right.value }
}
extension Located: Hashable where Value: Hashable {
    package func hash(into hasher: inout Hasher) { hasher.combine(value) }
}
