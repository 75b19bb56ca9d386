import HeraldDatabase

/// The local provider's database. Who was sent what stands nowhere else, so it is a record and no cache.
enum LocalSchema {
    /// The `reason` of a recipient in `sending` whose mail leaves no witness.
    static let noWitness = "without witness"
    /// How the `reason` of a recipient begins whom the mail server refused for good.
    static let refusedByServer = "the server refused it"

    static let migrations = [
        Migration(
            "1",
            """
            CREATE TABLE account (
                only_one INTEGER PRIMARY KEY CHECK (only_one = 1),
                name TEXT NOT NULL
            );
            -- Ids are never given twice: a plan may still speak of an object that is gone.
            CREATE TABLE object (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                kind TEXT NOT NULL CHECK (kind IN ('list', 'email')),
                name TEXT NOT NULL,
                mark TEXT,
                phase TEXT,
                members INTEGER NOT NULL DEFAULT 0,
                UNIQUE (kind, mark)
            );
            CREATE TABLE field (
                object INTEGER NOT NULL REFERENCES object ON DELETE CASCADE,
                name TEXT NOT NULL,
                text TEXT NOT NULL,
                UNIQUE (object, name)
            );
            -- person, record: keyed digests; vals: keyed digest of the values; fields: the values as a JSON object.
            CREATE TABLE member (
                list INTEGER NOT NULL REFERENCES object ON DELETE CASCADE,
                person BLOB NOT NULL,
                record BLOB NOT NULL,
                vals INTEGER NOT NULL,
                address TEXT NOT NULL,
                fields TEXT NOT NULL,
                PRIMARY KEY (list, person)
            ) WITHOUT ROWID;
            CREATE TRIGGER member_added AFTER INSERT ON member
                BEGIN UPDATE object SET members = members + 1 WHERE id = NEW.list; END;
            CREATE TRIGGER member_removed AFTER DELETE ON member
                BEGIN UPDATE object SET members = members - 1 WHERE id = OLD.list; END;
            -- email: its id in the files when it was sent. started: microseconds since 1970.
            CREATE TABLE send (
                id INTEGER PRIMARY KEY,
                key TEXT NOT NULL UNIQUE,
                object INTEGER NOT NULL REFERENCES object,
                email TEXT NOT NULL,
                started INTEGER NOT NULL
            );
            -- earlier: got this email by another send of it. message: Message-ID without its domain. finished: microseconds since 1970.
            CREATE TABLE recipient (
                send INTEGER NOT NULL REFERENCES send,
                person BLOB NOT NULL,
                object INTEGER NOT NULL,
                record BLOB NOT NULL,
                address TEXT NOT NULL,
                token TEXT NOT NULL,
                view_token TEXT NOT NULL,
                message TEXT NOT NULL,
                state TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'failed', 'unknown', 'earlier')),
                reason TEXT,
                finished INTEGER,
                PRIMARY KEY (send, person)
            ) WITHOUT ROWID;
            -- Nobody gets one email twice.
            CREATE UNIQUE INDEX recipient_once ON recipient (object, person) WHERE state IN ('sending', 'sent', 'unknown');
            CREATE INDEX recipient_open ON recipient (object) WHERE state = 'sending';
            """),
        // Fingerprint of the key that the digests were made with; NULL where it was never rotated since an older version made the database.
        Migration("key", "ALTER TABLE account ADD COLUMN key TEXT"),
        // Transactions that were committed; the state knows of how many it heard.
        Migration("sequence", "ALTER TABLE account ADD COLUMN sequence INTEGER NOT NULL DEFAULT 0"),
    ]
}
