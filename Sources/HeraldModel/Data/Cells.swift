/// The values of a column in one piece of memory that nobody changes: memory of its own, or a part of what somebody else holds, such as a file that is mapped.
///
/// Unchecked, because it holds a pointer: `fill` is the only one that ever writes, before anybody else has these cells, and `owner` keeps the memory until the last let go.
package struct Cells<Element: BitwiseCopyable & Sendable>: @unchecked Sendable, RandomAccessCollection, ExpressibleByArrayLiteral {
    /// Keeps the memory for as long as anybody reads it.
    @usableFromInline package let owner: AnyObject
    @usableFromInline package let start: UnsafePointer<Element>
    package let count: Int

    /// `fill` writes every element.
    package init(count: Int, _ fill: (UnsafeMutableBufferPointer<Element>) -> Void) {
        let memory = OwnMemory<Element>(count)
        fill(memory.elements)
        owner = memory
        start = UnsafePointer(memory.elements.baseAddress.unsafelyUnwrapped)
        self.count = count
    }

    package init(_ elements: some Collection<Element>) {
        self.init(count: elements.count) { _ = $0.initialize(fromContentsOf: elements) }
    }

    package init(arrayLiteral elements: Element...) { self.init(elements) }

    /// Memory that `owner` holds, unchanged, for as long as it lives.
    package init(of owner: AnyObject, _ elements: UnsafeBufferPointer<Element>) {
        let nothing = OwnMemory<Element>(0)
        self.owner = elements.baseAddress == nil ? nothing : owner
        start = elements.baseAddress ?? UnsafePointer(nothing.elements.baseAddress.unsafelyUnwrapped)
        count = elements.count
    }

    @inlinable package var startIndex: Int { 0 }
    @inlinable package var indices: Range<Int> { 0..<count }
    @inlinable package func index(after index: Int) -> Int { index + 1 }
    @inlinable package var endIndex: Int { count }

    @inlinable package subscript(index: Int) -> Element {
        precondition(index >= 0 && index < count, "beyond the rows of a column")
        return start[index]
    }

    @inlinable package func makeIterator() -> UnsafeBufferPointer<Element>.Iterator { buffer.makeIterator() }

    /// The memory itself, for loops over many rows; valid as long as these cells are.
    @inlinable package var buffer: UnsafeBufferPointer<Element> { UnsafeBufferPointer(start: start, count: count) }
}

private final class OwnMemory<Element> {
    let elements: UnsafeMutableBufferPointer<Element>

    // One more than asked for, so that there is an address even of nothing.
    init(_ count: Int) { elements = UnsafeMutableBufferPointer(rebasing: UnsafeMutableBufferPointer<Element>.allocate(capacity: count + 1)[..<count]) }

    deinit { elements.deallocate() }
}
