import CYAML
package import HeraldModel

extension Rule {
    static let yamlSyntax = Rule("yaml-syntax")
    static let yamlUnsupported = Rule("yaml-unsupported")
    static let yamlLimit = Rule("yaml-limit")
    static let duplicateKey = Rule("duplicate-key")
}

/// Reads YAML bytes into trees, by libyaml's events. Scalars mean what the YAML 1.2 core schema says.
///
/// What makes files read differently in different tools is refused with its position: anchors, aliases, tags, merge keys, directives, tabs that
/// indent or separate, control characters, duplicate keys; and so is what no person writes: nesting over 64, scalars over 1 MB, a million nodes.
package enum YAMLParser {
    package static let maximumBytes = 16 << 20
    static let maximumDepth = 64
    static let maximumNodes = 1_000_000
    static let maximumScalar = 1 << 20

    /// One tree for each document that is not empty. After a syntax error nothing more of the file can be read; what came before is returned.
    package static func parse(_ bytes: [UInt8], file: FileID, _ diagnostics: Diagnostics) -> [DocumentTree] {
        guard bytes.count <= maximumBytes else {
            diagnostics.report(.yamlLimit, "the file is larger than 16 MB", at: SourceSpan(file: file, line: 1, column: 1))
            return []
        }
        guard let text = YAMLBytes.check(bytes, file, diagnostics) else { return [] }
        var events = EventReader(file: file, diagnostics: diagnostics)
        return text.bytes.withUnsafeBufferPointer { input in
            guard let parser = LibYAMLParser(input) else {
                diagnostics.report(.yamlLimit, "there is not enough memory to read the file", at: SourceSpan(file: file, line: 1, column: 1))
                return []
            }
            return events.read(parser, text)
        }
    }
}

/// The owner of libyaml's parser. The input must outlive it.
struct LibYAMLParser: ~Copyable {
    let pointer: UnsafeMutablePointer<yaml_parser_t>

    init?(_ input: UnsafeBufferPointer<UInt8>) {
        pointer = .allocate(capacity: 1)
        guard yaml_parser_initialize(pointer) == 1 else {
            pointer.deallocate()
            return nil
        }
        yaml_parser_set_input_string(pointer, input.baseAddress, input.count)
        yaml_parser_set_encoding(pointer, YAML_UTF8_ENCODING)
    }

    deinit {
        yaml_parser_delete(pointer)
        pointer.deallocate()
    }
}
