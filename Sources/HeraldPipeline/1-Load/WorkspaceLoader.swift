import Dispatch
import Glibc
import Synchronization
package import HeraldModel
import HeraldYAML

extension Rule {
    static let noWorkspace = Rule("no-workspace")
    static let missingTemplate = Rule("missing-template")
}

/// Stage 1: finds, reads and decodes everything that the files say. The only stage that reads files of the workspace.
package struct WorkspaceLoader {
    private let root: String
    private let sources: SourceMap
    private let diagnostics: Diagnostics
    private let variables: [String: String]
    private let isOffline: Bool

    /// - Parameters:
    ///   - root: the folder of herald.yaml.
    ///   - variables: what `${NAME}` stands for in herald.yaml where it is no secret.
    ///   - isOffline: whether one that is not set is no error, because only the files are checked.
    package init(root: String, variables: [String: String] = [:], isOffline: Bool = false, sources: SourceMap, diagnostics: Diagnostics) {
        self.root = ReadFile.resolved(root) ?? root
        self.sources = sources
        self.diagnostics = diagnostics
        self.variables = variables
        self.isOffline = isOffline
    }

    /// Nil where there is no herald.yaml that can be understood; everything that is wrong is reported.
    package func load(environment: String?) -> Workspace? {
        guard let bytes = read("herald.yaml") else { return nil }
        let file = sources.add(path: "herald.yaml", text: bytes)
        let trees = YAMLParser.parse(bytes, file: file, diagnostics)
        guard let tree = trees.first else {
            if !diagnostics.hasErrors { diagnostics.report(.noWorkspace, "herald.yaml is empty", at: SourceSpan(file: file, line: 1, column: 1)) }
            return nil
        }
        if trees.count > 1 { diagnostics.report(.noWorkspace, "herald.yaml holds one document", at: trees[1].root.span) }
        let settings = SettingsDecoder(diagnostics, variables: variables, isOffline: isOffline).decode(tree, environment: environment)
        let decoded = loadDefinitions(providers: settings?.providers ?? [])
        guard let settings else {
            if !diagnostics.hasErrors { diagnostics.report(.noWorkspace, "herald.yaml cannot be understood without its variables", at: tree.root.span) }
            return nil
        }
        var workspace = Workspace(settings: settings)
        workspace.settingsDocument = SettingsDecoder.document(tree, environment: environment)
        for file in decoded {
            workspace.lists += file.lists
            workspace.filters += file.filters
            workspace.campaigns += file.campaigns
            workspace.emails += file.emails
            workspace.sites += file.sites
            workspace.tests += file.tests
            for (address, node) in file.documents where workspace.documents[address] == nil { workspace.documents[address] = node }
        }
        workspace.columns = loadColumns()
        loadTemplates(&workspace)
        return workspace
    }

    private func read(_ path: String) -> [UInt8]? {
        do { return try ReadFile.read("\(root)/\(path)", limit: YAMLParser.maximumBytes, inside: root) } catch {
            diagnostics.report(
                error == .missing ? .noWorkspace : .unreadableFile, "\(path): \(error.message)",
                suggestion: error == .missing ? "go to the folder of your workspace, or make one with `herald init`" : nil)
            return nil
        }
    }

    /// Files are read, parsed and decoded side by side; what they say is put together in the order of their paths.
    private func loadDefinitions(providers: [ProviderDefinition]) -> [DecodedFile] {
        let providers = Dictionary(providers.map { ($0.id.value, $0.kind) }, uniquingKeysWith: { first, _ in first })
        let finder = FileFinder(root: root, diagnostics: diagnostics)
        let files = [DefinitionFolder.lists, .campaigns].flatMap { folder in
            finder.definitions(below: folder.rawValue).map { (folder: folder, path: $0) }
        }
        // Files are numbered before, so that diagnostics come out in their order whoever reads them.
        let ids = files.map { sources.add(path: $0.path, text: []) }
        let chunk = 64
        let results = Mutex<[Int: [DecodedFile]]>([:])
        DispatchQueue.concurrentPerform(iterations: (files.count + chunk - 1) / chunk) { part in
            let range = part * chunk..<min((part + 1) * chunk, files.count)
            let decoded = range.map { decode(files[$0].path, folder: files[$0].folder, id: ids[$0], providers) }
            results.withLock { $0[part] = decoded }
        }
        return results.withLock { held in held.sorted { $0.key < $1.key }.flatMap(\.value) }
    }

    private func decode(_ path: String, folder: DefinitionFolder, id: FileID, _ providers: [String: ProviderKind]) -> DecodedFile {
        // Links were followed when the file was found.
        let bytes: [UInt8]
        do { bytes = try ReadFile.read("\(root)/\(path)", limit: YAMLParser.maximumBytes, inside: nil) } catch {
            diagnostics.report(.unreadableFile, error.message, at: SourceSpan(file: id, line: 1, column: 1))
            return DecodedFile()
        }
        sources.fill(id, text: bytes)
        let trees = YAMLParser.parse(bytes, file: id, diagnostics)
        let directory = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
        return DefinitionDecoder(folder: folder, directory: directory, providers: providers, diagnostics).decode(trees)
    }

    private func loadColumns() -> PinnedColumns? {
        let bytes: [UInt8]
        do { bytes = try ReadFile.read("\(root)/\(ColumnsFile.name)", limit: YAMLParser.maximumBytes, inside: root) } catch {
            if error != .missing { diagnostics.report(.unreadableFile, "\(ColumnsFile.name): \(error.message)") }
            return nil
        }
        let file = sources.add(path: ColumnsFile.name, text: bytes)
        guard let tree = YAMLParser.parse(bytes, file: file, diagnostics).first else { return PinnedColumns() }
        return ColumnsFile.decode(tree, diagnostics)
    }

    func readTemplate(_ path: String) throws(ReadFile.Failure) -> [UInt8] {
        try ReadFile.read("\(root)/\(path)", limit: WorkspaceLoader.templateLimit, inside: root)
    }

    func registerTemplate(_ path: String, _ bytes: [UInt8]) -> FileID { sources.add(path: path, text: bytes) }

    func reportTemplate(_ path: String, _ message: String, _ span: SourceSpan?, _ suggestion: String?) {
        diagnostics.report(.missingTemplate, "\(path): \(message)", at: span, suggestion: suggestion)
    }

    /// The files in the folder of a path, for suggestions.
    func siblings(of path: String) -> [String] {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
        guard let directory = opendir("\(root)/\(folder)") else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            names.append(folder.isEmpty ? name : "\(folder)/\(name)")
        }
        return names.sorted()
    }
}
