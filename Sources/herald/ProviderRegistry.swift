import HeraldContract
import HeraldDigest
enum ProviderRegistry { static func providers(_ opened: OpenedWorkspace, _ key: WorkspaceKey) -> [any Provider] { [] } }
