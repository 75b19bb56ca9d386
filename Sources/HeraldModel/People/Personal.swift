/// A value that is somebody's personal data. It prints, interpolates and dumps masked, and has no wire form;
/// only code that must hand it on (an engine, a provider's writer, an operator's export) calls `reveal`.
package struct Personal<Value: Sendable>: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let value: Value

    package init(_ value: Value) { self.value = value }

    package func reveal() -> Value { value }

    package var description: String { "‹personal›" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

extension Personal: Equatable where Value: Equatable {}
extension Personal: Hashable where Value: Hashable {}
