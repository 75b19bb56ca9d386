import HeraldDigest
import HeraldModel

extension Resolver {
    /// Of everything that a plan depends on; see `Resolved.definitions`.
    func definitionsDigest() -> String {
        let documents = workspace.documents.filter { $0.key.kind != .test }.sorted { $0.key < $1.key }
        let digests = sideBySide(documents.count, diagnostics) { at, _ in CanonicalForm.digest(documents[at].value) }
        var bytes: [UInt8] = []
        for text in [settings.environment ?? "", settings.maySend ? "send" : ""] { CanonicalForm.append(text, to: &bytes) }
        if let document = workspace.settingsDocument { CanonicalForm.append(document, to: &bytes) }
        for (document, digest) in zip(documents, digests) {
            CanonicalForm.append(document.key.description, to: &bytes)
            CanonicalForm.append(digest, to: &bytes)
        }
        for (path, template) in workspace.templates.sorted(by: { $0.key < $1.key }) {
            CanonicalForm.append(path, to: &bytes)
            CanonicalForm.append(SHA256.hexadecimal(template.text), to: &bytes)
        }
        return SHA256.hexadecimal(bytes)
    }
}
