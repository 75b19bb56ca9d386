import HeraldDatabase
import HeraldModel
import Synchronization

/// A source that a server keeps: how a definition names it, and what it takes to reach it.
struct ServerPlace: Sendable {
    let id: String
    let secret: Secret
    let access: ServerAccess
    let zone: Zone
    /// Those that definitions name. There may be thousands of others, and describing them all would read them all.
    let tables: [String]
    /// Nil where nothing is to be decided.
    let context: DecisionContext?
    /// Where the definition names it.
    let at: SourceSpan

    /// The connection string; nil after reporting that there is none.
    func text(_ diagnostics: Diagnostics) -> String? { access.text(secret, of: id, at: at, diagnostics) }

    /// Whether credentials may be sent to all of these hosts; false after reporting one that is not trusted.
    func trusts(_ hosts: [String], _ diagnostics: Diagnostics) -> Bool { access.trusts(hosts, of: id, at: at, diagnostics) }
}

/// A session with a server, made when it is first needed, kept, and let go where anything failed.
final class ServerSession<Session: ~Copyable>: Sendable {
    /// Unchecked, because libpq and libcurl are for one thread at a time: the mutex lets one in, and a session cannot be copied out.
    private struct Held: ~Copyable, @unchecked Sendable {
        var session: Session
    }

    private let place: ServerPlace
    private let held = Mutex<Held?>(nil)

    init(_ place: ServerPlace) { self.place = place }

    /// Runs `body` in the session; nil where that fails, which is reported.
    /// - Parameter open: nil after reporting why there is no session.
    func working<T>(
        _ table: TableName?, _ diagnostics: Diagnostics, open: () throws(ServerFailure) -> Session?, _ body: (inout Session) throws(ServerFailure) -> T?
    ) -> T? {
        held.withLock { held -> T? in
            do throws(ServerFailure) {
                if held == nil {
                    guard let session = try open() else { return nil }
                    held = Held(session: session)
                }
                guard var own = held.take() else { return nil }
                let result = try body(&own.session)
                held = consume own
                return result
            } catch {
                error.report(table, of: place.id, at: place.at, diagnostics)
                return nil
            }
        }
    }
}
