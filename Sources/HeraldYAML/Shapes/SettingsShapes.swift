/// `herald.yaml` and everything inside it.
package enum SettingsShapes {
    package static let workspace = MapShape(
        "herald.yaml", "The workspace: zone, senders, sources, entities, providers, policies, state.",
        [
            KeyShape("herald", "1", required: true, "The version of the format."),
            KeyShape("workspace", "id", required: true, "Its identity."),
            KeyShape("timezone", "IANA zone", required: true, "Every date and time, unless it says otherwise."),
            KeyShape("key", "secret", "Behind all digests of people; needed unless the state is local."),
            KeyShape("defaults", "map", "Senders, postal address, link tags."),
            KeyShape("sources", "map by id", required: true, "Where contact data comes from."),
            KeyShape("entities", "map by id", required: true, "The record types of that data."),
            KeyShape("providers", "map by id", "Who keeps lists and sends."),
            KeyShape("environments", "map by id", "Overlays, each with a state of its own."),
            KeyShape("policies", "map", "What every plan must meet."),
            KeyShape("features", "map", "Switches parts off."),
            KeyShape("state", "{local}, {git} or {postgres}", fallback: "{local: .herald}", "Where state is kept."),
            KeyShape("records", "{local}, {git} or {postgres}", fallback: "{local: .herald}", "Where records are kept."),
            KeyShape("adopt", "map of address: provider:kind/id", "Takes over objects that exist."),
            KeyShape("moved", "map of old: new", "Renames without destroying."),
            KeyShape("removed", "list of addresses", "Deletes."),
            KeyShape("unmanaged", "list of addresses", "Stops managing."),
        ])

    package static let environment = MapShape(
        "environment", "An overlay: any key of herald.yaml but `herald` and `workspace`.",
        workspace.keys.filter { !["herald", "workspace", "environments"].contains($0.name) }.map {
            KeyShape($0.name, $0.type, $0.doc)
        } + [KeyShape("send", "true, false", fallback: "true", "Whether mails may leave.")])

    package static let defaults = MapShape(
        "defaults", "What emails take where they say nothing.",
        [
            KeyShape("from", "{name, email}", required: true, "The sender."),
            KeyShape("reply_to", "email address", fallback: "the sender", "Where answers go."),
            KeyShape("postal_address", "text", required: true, "Stands in every email."),
            KeyShape("utm", "{source, medium}", fallback: "the workspace's id, email", "Tags of links."),
            KeyShape("layout", "path", "The frame around templates."),
            KeyShape("language", "language tag", fallback: "en", "Of what people read."),
            KeyShape("fiscal_year_starts", "month", fallback: "1", "For quarters and `start of year`."),
        ])

    package static let sender = MapShape(
        "from", "A sender.",
        [
            KeyShape("name", "text ≤ 100", required: true, "What people see."),
            KeyShape("email", "email address", required: true, "Where it comes from."),
        ])

    package static let utm = MapShape(
        "utm", "Tags of links.",
        [
            KeyShape("source", "text", required: true, "utm_source."),
            KeyShape("medium", "text", fallback: "email", "utm_medium."),
        ])

    package static let source = MapShape(
        "source", "A place where contact data comes from: exactly one of csv, sqlite, postgres, clickhouse.",
        [
            KeyShape("csv", "folder", "A folder of .csv files; each is a table."),
            KeyShape("delimiter", "one character", fallback: ",", "Between fields of a CSV file."),
            KeyShape("date_format", "Unicode pattern", "How dates are written in CSV files."),
            KeyShape("sqlite", "path", "A SQLite file, opened read-only."),
            KeyShape("postgres", "secret", "Contact data in PostgreSQL: `postgres://user:password@host:5432/database`."),
            KeyShape("clickhouse", "secret", "Contact data in ClickHouse, over HTTP: `https://user:password@host:8443/database`."),
            KeyShape("synthetic", "true, false", fallback: "false", "The data is made up, so its addresses may stand in git."),
        ])

    package static let entity = MapShape(
        "entity", "A record type of the team's data.",
        [
            KeyShape("from", "source.table", required: true, "Where its rows are."),
            KeyShape("key", "column", required: true, "Filled and unique in every row."),
            KeyShape("email", "column", "Its email address."),
            KeyShape("phone", "column", "Its phone number."),
            KeyShape("timezone", "column", "Its time zone."),
            KeyShape("language", "column", "Its language."),
            KeyShape("consent", "{column, at, evidence} or {assumed}", "What it said about being mailed; needed for emails."),
            KeyShape("fields", "map of column: type", "Types that are given, not inferred."),
            KeyShape("relations", "map by id", "Other entities that belong to it."),
            KeyShape("changes", "{from, key, field, old, new, at}", "An audit table of field changes."),
        ])

    package static let consent = MapShape(
        "consent", "What people said about being mailed: a column, or a reason why it is assumed.",
        [
            KeyShape("column", "column", "true, false or empty; or subscribed, pending, unsubscribed."),
            KeyShape("at", "column", "When they said it."),
            KeyShape("evidence", "column", "Kept with the fact."),
            KeyShape("assumed", "text", "Why mailing is allowed although nobody recorded consent."),
        ])

    package static let field = MapShape(
        "field", "The type of a column.",
        [
            KeyShape("type", "text, integer, decimal, boolean, date, datetime, enum", required: true, "The type."),
            KeyShape("format", "Unicode pattern", "How its dates are written."),
            KeyShape("many", "true, false", fallback: "false", "Several texts in one cell."),
            KeyShape("split", "text", fallback: ";", "What stands between them."),
            KeyShape("values", "list of texts", "The values of an enum."),
        ])

    package static let relation = MapShape(
        "relation", "Rows of another entity: one (a column here holds its key) or many (a column there holds ours).",
        [
            KeyShape("one", "id of an entity", "One row."),
            KeyShape("many", "id of an entity", "Any number of rows."),
            KeyShape("by", "column", required: true, "The column that holds the key."),
        ])

    package static let changes = MapShape(
        "changes", "An audit table.",
        [
            KeyShape("from", "source.table", required: true, "Where it is."),
            KeyShape("key", "column", required: true, "Whose field changed."),
            KeyShape("field", "column", required: true, "Which field."),
            KeyShape("old", "column", "The value before."),
            KeyShape("new", "column", "The value after."),
            KeyShape("at", "column", required: true, "When."),
        ])

    package static let features = MapShape(
        "features", "Switches.",
        ["lists", "campaigns", "tracking", "activity"].map { KeyShape($0, "true, false", fallback: "true", "Whether \($0) may be used.") })

    package static let backend = MapShape(
        "state", "Where it is kept: exactly one of these.",
        [
            KeyShape("local", "path", "A folder of this machine."),
            KeyShape("git", "{remote, branch}", "A branch of the repository."),
            KeyShape("postgres", "secret", "A connection string."),
        ])

    package static let gitBackend = MapShape(
        "git", "A branch of the repository.",
        [
            KeyShape("remote", "name", fallback: "origin", "The remote."),
            KeyShape("branch", "name", fallback: "herald-state", "The branch."),
        ])

    package static let revenue = MapShape(
        "revenue", "Rows that count as revenue.",
        [
            KeyShape("entity", "id of an entity", required: true, "Whose rows."),
            KeyShape("sum", "column", required: true, "What is summed."),
        ])

    package static let identify = MapShape(
        "identify", "How a signed-in visitor is known.",
        [
            KeyShape("pattern", "text", required: true, "Where the id stands in the user's name."),
            KeyShape("entity", "id of an entity", required: true, "Whose record it is."),
            KeyShape("field", "column", required: true, "The column that holds it."),
        ])

    package static let matomo = MapShape(
        "matomo", "A Matomo that gets the events too.",
        [
            KeyShape("host", "URL", required: true, "Where it is."),
            KeyShape("token", "secret", required: true, "Its token."),
        ])

    package static let event = MapShape("event", "An event of a site.", [KeyShape("value", "number, text", "What its value is.")])
}
