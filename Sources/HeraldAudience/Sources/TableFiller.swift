package import HeraldModel

extension Rule {
    package static let dataType = Rule("data-type")
    package static let dataKey = Rule("data-key")
}

extension TableRequest {
    /// The columns to look at: those to keep, and the key where it is not among them (as text, which tells every two keys apart).
    var lookedAt: [Column] {
        guard let key, !columns.contains(where: { Text($0.name) == Text(key) }) else { return columns }
        return columns + [Column(name: key, type: .text)]
    }
}

/// Makes a table of a request out of rows of cells: conversion, the key's uniqueness, narrowing.
struct TableFiller {
    private let request: TableRequest
    private(set) var columns: [ColumnFiller]
    private let isIdentity: [Bool]
    private let keepsAllRows: Bool
    private let narrowing: NarrowingTest?
    /// By column: whether `add` needs its value, not only to keep it.
    private let isValueNeeded: [Bool]
    private var values: [Value]
    private let key: Int?
    private var keys = KeyCheck()
    private var lines: [UInt32] = []
    private var candidates: [Bool] = []
    private var rowCount = 0
    private let hasLines: Bool

    /// Nil where a date format is not valid, which is reported. `marksCandidates` is for sources that narrow by themselves: whether they also hand over rows that they ruled out.
    init?(_ request: TableRequest, zone: Zone, folderPattern: DatePattern? = nil, hasLines: Bool, marksCandidates: Bool? = nil, _ diagnostics: Diagnostics) {
        self.request = request
        self.hasLines = hasLines
        let wanted = request.lookedAt
        let made = wanted.map { ColumnFiller($0, zone: zone, folderPattern: folderPattern, diagnostics) }
        columns = made.compactMap { $0 }
        guard columns.count == made.count else { return nil }
        isIdentity = wanted.map { request.identity.contains($0.name) }
        narrowing = marksCandidates == nil ? request.narrowing.map { NarrowingTest($0, wanted) } : nil
        keepsAllRows = marksCandidates ?? (narrowing != nil && !request.identity.isEmpty)
        key = request.key.flatMap { key in wanted.firstIndex { Text($0.name) == Text(key) } }
        let needed = Set((narrowing?.columns ?? []) + (key.map { [$0] } ?? []))
        isValueNeeded = wanted.indices.map { needed.contains($0) }
        values = Array(repeating: .empty, count: columns.count)
    }

    /// Adds a row. `cells` are in the order of the request's `lookedAt`; `place` is its line or number. `isRuledOut`: by the source itself.
    mutating func add(_ cells: [Cell], at place: Int64, isRuledOut: Bool = false, _ problems: inout DataProblems) {
        var isBroken = false
        for slot in cells.indices where isValueNeeded[slot] {
            do throws(CellProblem) {
                values[slot] = try columns[slot].convert(cells[slot])
            } catch {
                values[slot] = .empty
                isBroken = true
                report(error, slot, place, &problems)
            }
        }
        if isBroken { return }
        checkKey(at: place, &problems)
        let passes = narrowing?.passes(values) ?? !isRuledOut
        guard passes || keepsAllRows else { return }
        for slot in cells.indices {
            if !passes, !isIdentity[slot] {
                columns[slot].appendEmpty()
            } else if isValueNeeded[slot] {
                columns[slot].append(values[slot])
            } else if let problem = columns[slot].append(cells[slot]) {
                report(problem, slot, place, &problems)
            }
        }
        if keepsAllRows { candidates.append(passes) }
        if hasLines { lines.append(UInt32(clamping: place)) }
        rowCount += 1
    }

    private mutating func checkKey(at place: Int64, _ problems: inout DataProblems) {
        guard let key else { return }
        if values[key].isEmpty {
            problems.report(.dataKey, at: place, "the key column \(columns[key].name) is empty; every row needs one")
        } else if let earlier = keys.add(values[key], at: place) {
            problems.report(
                .dataKey, at: place, "the key in column \(columns[key].name) stands on \(problems.name(of: earlier)) already; keys are unique")
        }
    }

    private func report(_ problem: CellProblem, _ slot: Int, _ place: Int64, _ problems: inout DataProblems) {
        problems.report(.dataType, at: place, "the value of column \(columns[slot].name) \(problem.message(columns[slot]))")
    }

    consuming func finish(answers: [Filter: [UInt8]] = [:]) -> Table {
        Table(
            name: request.table, columns: columns.prefix(request.columns.count).map { $0.finish() }, rowCount: rowCount, lines: Cells(lines),
            candidates: keepsAllRows ? candidates : nil, answers: answers)
    }
}
