import CYAML
import HeraldModel

/// Turns libyaml's events into trees.
struct EventReader {
    private let file: FileID
    private let diagnostics: Diagnostics
    private var trees: [DocumentTree] = []
    private var records: [DocumentTree.Record] = []
    private var text: [UInt8] = []
    /// Open lists and maps, by their index in `records`.
    private var open: [Int] = []
    /// Where tabs are text: from and to, as characters of the file.
    private var quoted: [Range<Int>] = []
    private var nodes = 0
    private var isFine = true

    init(file: FileID, diagnostics: Diagnostics) {
        self.file = file
        self.diagnostics = diagnostics
    }

    mutating func read(_ parser: borrowing LibYAMLParser, _ source: YAMLBytes) -> [DocumentTree] {
        var event = yaml_event_t()
        var ended = false
        while !ended, isFine {
            guard yaml_parser_parse(parser.pointer, &event) == 1 else {
                report(SyntaxProblem(parser.pointer.pointee, source.bytes), at: parser.pointer.pointee)
                return trees
            }
            ended = event.type == YAML_STREAM_END_EVENT
            take(event, source)
            yaml_event_delete(&event)
        }
        if source.hasTabs, isFine {
            TabCheck.report(source.bytes, quoted, file, diagnostics)
        }
        return trees
    }

    private mutating func take(_ event: yaml_event_t, _ source: YAMLBytes) {
        switch event.type {
        case YAML_DOCUMENT_START_EVENT:
            if event.data.document_start.version_directive != nil
                || event.data.document_start.tag_directives.start != event.data.document_start.tag_directives.end
            {
                complain(.yamlUnsupported, "`%` directives are not part of the language", event.start_mark, suggestion: "delete the line")
            }
            records.removeAll(keepingCapacity: true)
            text.removeAll(keepingCapacity: true)
            open.removeAll()
        case YAML_DOCUMENT_END_EVENT: finishDocument()
        case YAML_ALIAS_EVENT:
            complain(
                .yamlUnsupported, "aliases (`*name`) are not part of the language", event.start_mark,
                suggestion: "write the value out, or put text that begins with * in quotes")
            add(DocumentTree.Record(kind: .null, line: 0, column: 0, width: 1), event)
        case YAML_SCALAR_EVENT: takeScalar(event, source)
        case YAML_SEQUENCE_START_EVENT:
            refuse(anchor: event.data.sequence_start.anchor, tag: event.data.sequence_start.tag, event.start_mark)
            begin(.list, event)
        case YAML_MAPPING_START_EVENT:
            refuse(anchor: event.data.mapping_start.anchor, tag: event.data.mapping_start.tag, event.start_mark)
            begin(.map, event)
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: finishCollection()
        default: break
        }
    }

    private mutating func takeScalar(_ event: yaml_event_t, _ source: YAMLBytes) {
        let scalar = event.data.scalar
        refuse(anchor: scalar.anchor, tag: scalar.tag, event.start_mark)
        guard scalar.length <= YAMLParser.maximumScalar else {
            complain(.yamlLimit, "this text is longer than 1 MB", event.start_mark)
            isFine = false
            return
        }
        var bytes = Array(UnsafeBufferPointer(start: scalar.value, count: scalar.length))
        if source.hasStandIns { bytes = YAMLBytes.restore(bytes[...]) }
        let isPlain = scalar.style == YAML_PLAIN_SCALAR_STYLE
        if !isPlain {
            if source.hasTabs { quoted.append(Int(event.start_mark.index)..<Int(event.end_mark.index)) }
            if let control = firstControl(bytes) {
                complain(
                    .yamlSyntax, "there is an escaped control character (U+\(YAMLBytes.hex(UInt32(control)))) in this text", event.start_mark,
                    suggestion: "delete it")
            }
        }
        let isKey = open.last.map { records[$0].kind == .map && records[$0].count % 2 == 0 } ?? false
        if isKey, isPlain, bytes == [0x3C, 0x3C] {
            complain(.yamlUnsupported, "merge keys (`<<`) are not part of the language", event.start_mark, suggestion: "write the keys out")
        }
        let kind: Node.Kind = isPlain ? CoreSchema.kind(of: bytes) : .quoted
        add(DocumentTree.Record(kind: kind, line: 0, column: 0, width: 1, first: UInt32(text.count), count: UInt32(bytes.count)), event)
        text += bytes
    }

    private func firstControl(_ bytes: [UInt8]) -> UInt8? {
        for (index, byte) in bytes.enumerated() {
            if byte < 0x20, byte != 0x09, byte != 0x0A { return byte }
            if byte == 0x7F { return byte }
            if byte == 0xC2, index + 1 < bytes.count, bytes[index + 1] < 0xA0, bytes[index + 1] != 0x85 { return bytes[index + 1] }
        }
        return nil
    }

    private mutating func begin(_ kind: Node.Kind, _ event: yaml_event_t) {
        if let parent = open.last, records[parent].kind == .map, records[parent].count % 2 == 0 {
            complain(
                .yamlSyntax, "a key must be text, and this is \(kind == .map ? "a map" : "a list")", event.start_mark,
                suggestion: kind == .map ? "put a value that begins with {{ in quotes: \"{{ … }}\"" : "put text that begins with [ in quotes")
            isFine = false
            return
        }
        guard open.count < YAMLParser.maximumDepth else {
            complain(.yamlLimit, "this is nested more than \(YAMLParser.maximumDepth) deep", event.start_mark)
            isFine = false
            return
        }
        add(DocumentTree.Record(kind: kind, line: 0, column: 0, width: 1), event)
        open.append(records.count - 1)
    }

    /// Appends a record, counted in its parent; scalars are complete with it.
    private mutating func add(_ record: DocumentTree.Record, _ event: yaml_event_t) {
        nodes += 1
        guard nodes <= YAMLParser.maximumNodes else {
            complain(.yamlLimit, "the file has more than a million values", event.start_mark)
            isFine = false
            return
        }
        var record = record
        let (start, end) = (event.start_mark, event.end_mark)
        record.line = UInt32(start.line) + 1
        record.column = UInt32(start.column) + 1
        record.width = end.line == start.line && end.column > start.column ? UInt32(end.column - start.column) : 1
        record.next = UInt32(records.count + 1)
        if let parent = open.last { records[parent].count += 1 }
        records.append(record)
    }

    private mutating func finishCollection() {
        guard let index = open.popLast() else { return }
        records[index].next = UInt32(records.count)
        if records[index].kind == .map { checkKeys(of: index) }
    }

    private mutating func checkKeys(of map: Int) {
        var seen: [ArraySlice<UInt8>: UInt32] = [:]
        var at = map + 1
        let end = Int(records[map].next)
        var isKey = true
        while at < end {
            let record = records[at]
            if isKey {
                let name = text[Int(record.first)..<Int(record.first + record.count)]
                if let line = seen[name] {
                    diagnostics.report(
                        .duplicateKey, "the key `\(String(decoding: name, as: UTF8.self))` stands here a second time; the first is on line \(line)",
                        at: SourceSpan(file: file, line: record.line, column: record.column, width: record.width),
                        suggestion: "keep one of them")
                } else {
                    seen[name] = record.line
                }
            }
            isKey.toggle()
            at = Int(record.next)
        }
    }

    private mutating func finishDocument() {
        guard isFine, let root = records.first, !(records.count == 1 && root.kind == .null) else { return }
        trees.append(DocumentTree(file: file, records: records, text: text))
    }

    private func refuse(anchor: UnsafeMutablePointer<yaml_char_t>?, tag: UnsafeMutablePointer<yaml_char_t>?, _ mark: yaml_mark_t) {
        if anchor != nil {
            complain(
                .yamlUnsupported, "anchors (`&name`) are not part of the language", mark,
                suggestion: "write the value out, or put text that begins with & in quotes")
        }
        if tag != nil {
            complain(
                .yamlUnsupported, "tags (`!name`) are not part of the language", mark,
                suggestion: "delete the tag, or put text that begins with ! in quotes")
        }
    }

    private func complain(_ rule: Rule, _ message: String, _ mark: yaml_mark_t, suggestion: String? = nil) {
        diagnostics.report(
            rule, message, at: SourceSpan(file: file, line: UInt32(mark.line) + 1, column: UInt32(mark.column) + 1), suggestion: suggestion)
    }

    private func report(_ problem: SyntaxProblem, at parser: yaml_parser_t) {
        diagnostics.report(
            problem.rule, problem.message, at: SourceSpan(file: file, line: problem.line, column: problem.column),
            suggestion: problem.suggestion)
    }
}
