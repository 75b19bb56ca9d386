import Foundation
import Testing

/// Holds text against a file beside the tests. `RECORD_SNAPSHOTS=1` writes the files anew; a file that is missing fails, and is not written otherwise.
func expectSnapshot(_ text: String, _ name: String, _ location: SourceLocation = #_sourceLocation) throws {
    let file = PlanSnapshots.folder + "/" + name
    if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1" {
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        return
    }
    guard let recorded = FileManager.default.contents(atPath: file) else {
        Issue.record("there is no snapshot \(name); look at the text and record it with RECORD_SNAPSHOTS=1", sourceLocation: location)
        return
    }
    let (left, right) = (
        String(decoding: recorded, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false), text.split(separator: "\n", omittingEmptySubsequences: false)
    )
    guard let line = zip(left, right).enumerated().first(where: { $0.element.0 != $0.element.1 })?.offset ?? (left.count == right.count ? nil : min(left.count, right.count))
    else { return }
    let was = line < left.count ? String(left[line]) : "the end"
    let now = line < right.count ? String(right[line]) : "the end"
    Issue.record("\(name), line \(line + 1): was \(was), is \(now)", sourceLocation: location)
}

enum PlanSnapshots {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Snapshots").path
    static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
}
