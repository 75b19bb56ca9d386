import HeraldDigest
import HeraldModel

extension Resolved {
    /// SHA-256 of all definitions, settings and templates that a plan depends on, whatever their comments, order and layout. Tests are not in it.
    /// Made anew at every call: each document is written out.
    package var definitions: String {
        let settings = workspace.settings
        let documents = workspace.documents.filter { $0.key.kind != .test }.sorted { $0.key < $1.key }
        let part = 256
        let digests = sideBySide((documents.count + part - 1) / part, Diagnostics(), chunk: 1) { at, _ in
            var bytes: [UInt8] = []
            for (address, node) in documents[at * part..<min((at + 1) * part, documents.count)] {
                CanonicalForm.append(address.description, to: &bytes)
                CanonicalForm.append(node, to: &bytes)
            }
            return SHA256.hexadecimal(bytes)
        }
        var bytes: [UInt8] = []
        for text in [settings.environment ?? "", settings.maySend ? "send" : ""] + digests { CanonicalForm.append(text, to: &bytes) }
        if let document = workspace.settingsDocument { CanonicalForm.append(document, to: &bytes) }
        for (path, template) in workspace.templates.sorted(by: { $0.key < $1.key }) {
            CanonicalForm.append(path, to: &bytes)
            CanonicalForm.append(SHA256.hexadecimal(template.text), to: &bytes)
        }
        return SHA256.hexadecimal(bytes)
    }
}
