import HeraldContract
import HeraldDigest
import HeraldModel
import HeraldPipeline
import HeraldStore

/// Makes the records of a workspace that has none.
enum RecordsMaking {
    static func make(_ store: LocalRecordsStore, _ opened: OpenedWorkspace, key: WorkspaceKey) throws -> Records {
        var generator = SystemRandomNumberGenerator()
        let settings = opened.resolved.workspace.settings
        let head = RecordsHead(
            id: hexadecimal((0..<16).map { _ in UInt8.random(in: 0...255, using: &generator) }), workspace: settings.id.value,
            environment: settings.environment, key: key.fingerprint)
        return try ending { () throws(StoreFailure) in try store.create(head) }
    }
}
