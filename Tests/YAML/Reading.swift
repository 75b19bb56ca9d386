import Foundation
import HeraldModel
@testable import HeraldYAML

/// What a text is read as.
enum Reading: String, CaseIterable {
    case settings, lists, campaigns, columns

    /// Parses and decodes as a command would, and gives what was reported.
    @discardableResult
    func problems(_ bytes: [UInt8], environment: String? = nil, variables: [String: String] = [:]) -> [Diagnostic] {
        let diagnostics = Diagnostics()
        let trees = YAMLParser.parse(bytes, file: FileID(0), diagnostics)
        switch self {
        case .settings:
            if let tree = trees.first { _ = SettingsDecoder(diagnostics, variables: variables).decode(tree, environment: environment) }
        case .lists, .campaigns:
            let providers: [String: ProviderKind] = ["local": .local, "news": .mailchimp, "dotdigital": .dotdigital]
            _ = DefinitionDecoder(folder: self == .lists ? .lists : .campaigns, directory: rawValue, providers: providers, diagnostics).decode(trees)
        case .columns: if let tree = trees.first { _ = ColumnsFile.decode(tree, diagnostics) }
        }
        return diagnostics.sorted
    }

    func problems(_ text: String) -> [Diagnostic] { problems(Array(text.utf8)) }
}

/// The settings that a text decodes to, whatever was reported.
func decodeSettings(_ text: String, environment: String? = nil, variables: [String: String] = [:]) -> WorkspaceSettings? {
    let diagnostics = Diagnostics()
    guard let tree = YAMLParser.parse(Array(text.utf8), file: FileID(0), diagnostics).first else { return nil }
    return SettingsDecoder(diagnostics, variables: variables).decode(tree, environment: environment)
}

func decodeDefinitions(_ text: String, in folder: DefinitionFolder) -> DecodedFile {
    let providers: [String: ProviderKind] = ["local": .local, "news": .mailchimp, "dotdigital": .dotdigital]
    let diagnostics = Diagnostics()
    let trees = YAMLParser.parse(Array(text.utf8), file: FileID(0), diagnostics)
    return DefinitionDecoder(folder: folder, directory: folder.rawValue, providers: providers, diagnostics).decode(trees)
}

/// Files beside the tests, and of the repository.
enum TestFile {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    static let repository = folder.deletingLastPathComponent().deletingLastPathComponent()

    static let good: [(name: String, reading: Reading)] = [
        ("settings-every-key.yaml", .settings), ("settings-the-other-half.yaml", .settings), ("lists.yaml", .lists),
        ("campaigns.yaml", .campaigns), ("columns.yaml", .columns),
    ]

    static func good(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: folder.appendingPathComponent("Good/" + name))) }
}

extension Diagnostic {
    /// `line:column code message`, for failures that can be read.
    var told: String { "\(span.map { "\($0.line):\($0.column)" } ?? "-") \(rule.code) \(message)\(suggestion.map { " — " + $0 } ?? "")" }
}
