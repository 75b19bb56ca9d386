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
                report(SyntaxProblem(parser.pointer.pointee, source.bytes))
                return trees
            }
            ended = event.type == YAML_STREAM_END_EVENT
            take(&event, source)
            yaml_event_delete(&event)
        }
        if source.hasTabs, isFine {
            TabCheck.report(source.bytes, quoted, file, diagnostics)
        }
        return trees
    }

    private mutating func take(_ event: inout yaml_event_t, _ source: YAMLBytes) {
        switch event.type {
        case YAML_SCALAR_EVENT: takeScalar(&event, source)
        case YAML_MAPPING_START_EVENT:
            refuse(anchor: event.data.mapping_start.anchor, tag: event.data.mapping_start.tag, event.start_mark)
            begin(.map, &event)
        case YAML_SEQUENCE_START_EVENT:
            refuse(anchor: event.data.sequence_start.anchor, tag: event.data.sequence_start.tag, event.start_mark)
            begin(.list, &event)
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: finishCollection()
        case YAML_DOCUMENT_START_EVENT:
            if event.data.document_start.version_directive != nil
                || event.data.document_start.tag_directives.start != event.data.document_start.tag_directives.end
            {
                complain(.yamlUnsupported, "`%` directives are not part of the language", event.start_mark, suggestion: "delete the line")
            }
        case YAML_DOCUMENT_END_EVENT: finishDocument()
        case YAML_ALIAS_EVENT:
            complain(
                .yamlUnsupported, "aliases (`*name`) are not part of the language", event.start_mark,
                suggestion: "write the value out, or put text that begins with * in quotes")
            add(.null, &event)
        default: break
        }
    }

    private mutating func takeScalar(_ event: inout yaml_event_t, _ source: YAMLBytes) {
        let scalar = event.data.scalar
        refuse(anchor: scalar.anchor, tag: scalar.tag, event.start_mark)
        let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
        guard bytes.count <= YAMLParser.maximumScalar else { return stop("this text is longer than 1 MB", event.start_mark) }
        let first = text.count
        if source.hasStandIns { text += YAMLBytes.restore(bytes) } else { text.append(contentsOf: bytes) }
        var kind = Node.Kind.quoted
        if scalar.style == YAML_PLAIN_SCALAR_STYLE {
            kind = CoreSchema.kind(of: bytes)
            if bytes.count == 2, bytes[0] == UInt8(ascii: "<"), bytes[1] == UInt8(ascii: "<"), isKey {
                complain(.yamlUnsupported, "merge keys (`<<`) are not part of the language", event.start_mark, suggestion: "write the keys out")
            }
        } else {
            if source.hasTabs { quoted.append(Int(event.start_mark.index)..<Int(event.end_mark.index)) }
            if scalar.style == YAML_DOUBLE_QUOTED_SCALAR_STYLE, let control = YAMLBytes.firstControl(bytes) {
                complain(
                    .yamlSyntax, "there is an escaped control character (U+\(YAMLBytes.hex(control))) in this text", event.start_mark,
                    suggestion: "delete it")
            }
        }
        add(kind, &event, first: first, count: text.count - first)
    }

    /// Whether the next node is a key of a map.
    private var isKey: Bool {
        guard let parent = open.last else { return false }
        return records[parent].kind == .map && records[parent].count % 2 == 0
    }

    private mutating func begin(_ kind: Node.Kind, _ event: inout yaml_event_t) {
        guard !isKey else {
            return stop(
                "a key must be text, and this is \(kind == .map ? "a map" : "a list")", event.start_mark, rule: .yamlSyntax,
                suggestion: kind == .map ? "put a value that begins with {{ in quotes: \"{{ … }}\"" : "put text that begins with [ in quotes")
        }
        guard open.count < YAMLParser.maximumDepth else { return stop("this is nested more than \(YAMLParser.maximumDepth) deep", event.start_mark) }
        open.append(records.count)
        add(kind, &event, parent: open.count - 2)
    }

    private mutating func add(_ kind: Node.Kind, _ event: inout yaml_event_t, first: Int = 0, count: Int = 0) {
        add(kind, &event, parent: open.count - 1, first: first, count: count)
    }

    /// Appends a record, counted in its parent; scalars are complete with it.
    private mutating func add(_ kind: Node.Kind, _ event: inout yaml_event_t, parent: Int, first: Int = 0, count: Int = 0) {
        nodes += 1
        guard nodes <= YAMLParser.maximumNodes else { return stop("the file has more than a million values", event.start_mark) }
        let (start, end) = (event.start_mark, event.end_mark)
        let width = end.line == start.line && end.column > start.column ? UInt32(end.column - start.column) : 1
        var (line, column) = (UInt32(start.line) + 1, UInt32(start.column) + 1)
        // Nothing, said of the last key of a file, may stand behind its end for libyaml; it is told where the key ends.
        if kind == .null, start.index == end.index, let key = records.last, key.line < line { (line, column) = (key.line, key.column + key.width) }
        if parent >= 0 { records[open[parent]].count += 1 }
        records.append(
            DocumentTree.Record(
                kind: kind, line: line, column: column, width: width, first: UInt32(first), count: UInt32(count), next: UInt32(records.count + 1)))
    }

    private mutating func finishCollection() {
        guard let index = open.popLast() else { return }
        records[index].next = UInt32(records.count)
        if records[index].kind == .map { DuplicateKeys.report(records, text, map: index, file, diagnostics) }
    }

    private mutating func finishDocument() {
        guard isFine, let root = records.first, !(records.count == 1 && root.kind == .null) else { return startAnew() }
        trees.append(DocumentTree(file: file, records: records, text: text))
        startAnew()
    }

    private mutating func startAnew() {
        records = []
        text = []
        open = []
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

    /// Complains, and reads no further.
    private mutating func stop(_ message: String, _ mark: yaml_mark_t, rule: Rule = .yamlLimit, suggestion: String? = nil) {
        complain(rule, message, mark, suggestion: suggestion)
        isFine = false
    }

    private func report(_ problem: SyntaxProblem) {
        diagnostics.report(
            problem.rule, problem.message, at: SourceSpan(file: file, line: problem.line, column: problem.column),
            suggestion: problem.suggestion, showsLine: problem.showsLine)
    }
}

/// Keys that stand twice in one map. Most maps have a few keys, which are compared with each other; large ones are hashed.
enum DuplicateKeys {
    private static let few = 16

    static func report(_ records: [DocumentTree.Record], _ text: [UInt8], map: Int, _ file: FileID, _ diagnostics: Diagnostics) {
        let count = Int(records[map].count) / 2
        guard count > 1 else { return }
        var keys: [Int] = []
        keys.reserveCapacity(count)
        var at = map + 1
        for _ in 0..<count {
            keys.append(at)
            at = Int(records[Int(records[at].next)].next)
        }
        func bytes(_ key: Int) -> ArraySlice<UInt8> { text[Int(records[key].first)..<Int(records[key].first + records[key].count)] }
        func complain(_ key: Int, _ earlier: Int) {
            let record = records[key]
            diagnostics.report(
                .duplicateKey,
                "the key `\(String(decoding: bytes(key), as: UTF8.self))` stands here a second time; the first is on line \(records[earlier].line)",
                at: SourceSpan(file: file, line: record.line, column: record.column, width: record.width), suggestion: "keep one of them")
        }
        guard count > few else {
            for (index, key) in keys.enumerated().dropFirst() {
                if let earlier = keys[..<index].first(where: { records[$0].count == records[key].count && bytes($0) == bytes(key) }) {
                    complain(key, earlier)
                }
            }
            return
        }
        var seen: [ArraySlice<UInt8>: Int] = [:]
        for key in keys {
            if let earlier = seen[bytes(key)] { complain(key, earlier) } else { seen[bytes(key)] = key }
        }
    }
}
