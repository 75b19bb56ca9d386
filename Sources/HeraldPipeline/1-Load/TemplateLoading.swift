import HeraldModel

/// Templates, layouts and text parts that emails name.
extension WorkspaceLoader {
    static let templateLimit = 1 << 20

    func loadTemplates(_ workspace: inout Workspace) {
        var layouts: [Located<String>] = []
        if let layout = workspace.settings.defaults.layout { layouts.append(layout) }
        for email in workspace.emails {
            let paths: [Located<String>] =
                switch email.template {
                case .one(let path): [path]
                case .perLanguage(let entries): entries.map(\.path)
                }
            for path in paths {
                let full = TemplatePath.resolve(path.value, beside: email.folder)
                load(full, named: path, &workspace)
                load(TemplatePath.textPart(of: full), named: nil, &workspace)
            }
            if case .path(let layout) = email.layout { load(TemplatePath.resolve(layout.value, beside: email.folder), named: layout, &workspace) }
        }
        for layout in layouts { load(layout.value, named: layout, &workspace) }
    }

    /// `named`: where the path stands; nil for a text part, which need not be there.
    private func load(_ path: String, named: Located<String>?, _ workspace: inout Workspace) {
        guard workspace.templates[path] == nil else { return }
        do {
            let bytes = try readTemplate(path)
            workspace.templates[path] = TemplateSource(file: registerTemplate(path, bytes), path: path, text: bytes)
        } catch {
            guard let named else {
                if error != .missing { reportTemplate(path, error.message, nil, nil) }
                return
            }
            let suggestion = error == .missing ? nearest(to: path, among: siblings(of: path)).map { "did you mean `\($0)`?" } : nil
            reportTemplate(path, error == .tooLarge ? "the template is larger than 1 MB" : error.message, named.span, suggestion)
        }
    }
}

/// Where templates are, relative to the workspace.
package enum TemplatePath {
    package static func resolve(_ path: String, beside folder: String) -> String { folder.isEmpty ? path : "\(folder)/\(path)" }

    /// The text part that may stand beside an HTML template: the same name with .txt.
    package static func textPart(of path: String) -> String {
        guard let dot = path.lastIndex(of: "."), !path[dot...].contains("/") else { return path + ".txt" }
        return path[..<dot] + ".txt"
    }
}
