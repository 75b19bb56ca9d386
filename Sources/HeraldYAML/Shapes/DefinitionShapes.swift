/// The kinds of definition, with every key that they have.
package enum DefinitionShapes {
    package static let list = MapShape(
        "list", "A marketing list: who is on it, and what is known of them.",
        [
            KeyShape("list", "id", required: true, "Its identity; never changes."),
            KeyShape("name", "text ≤ 100", required: true, "What people see; unique, may change freely."),
            KeyShape("description", "text", "What it is for."),
            KeyShape("owner", "text", "Who answers for it."),
            KeyShape("tags", "list of ids", "For selecting and grouping."),
            KeyShape("entity", "id of an entity", required: true, "Whose records can be on it; needs an email or a phone."),
            KeyShape("type", "dynamic, on-demand, manual", fallback: "dynamic", "Follows the data, is refreshed by hand, or is given row by row."),
            KeyShape("where", "condition", fallback: "everybody", "Who is on it. Not in a manual list."),
            KeyShape("rows", "source.table", "The rows of a manual list, with the key column of the entity."),
            KeyShape("keep_contacted", "true, false", fallback: "false", "Keeps those who were mailed before and no longer match."),
            KeyShape("columns", "list of columns", fallback: "[]", "What templates and providers get to know; the address is always included."),
            KeyShape("removals", "per cent", fallback: "policies.mass_change.removals", "How many may leave at once without being asked for."),
            KeyShape("sync", "map by provider", "Where else it is kept in step."),
        ])

    package static let column = MapShape(
        "column", "A column of a list: a field, or something computed over a relation.",
        [
            KeyShape("field", "column of the entity", "The field; or leave it out and name a relation to compute."),
            KeyShape("as", "name", "What templates call it."),
            KeyShape("tag", "text", "What a provider calls it."),
            KeyShape("label", "text", "What people see."),
            KeyShape("sort", "asc, desc", "Orders exports."),
        ])

    package static let filter = MapShape(
        "filter", "A condition with a name, for use in several lists.",
        [
            KeyShape("filter", "id", required: true, "Its identity."),
            KeyShape("entity", "id of an entity", required: true, "Whose records it tests."),
            KeyShape("where", "condition", required: true, "The condition."),
            KeyShape("description", "text", "What it means."),
            KeyShape("tags", "list of ids", "For selecting and grouping."),
        ])

    package static let campaign = MapShape(
        "campaign", "A marketing campaign, with the code that its links carry.",
        [
            KeyShape("campaign", "id", required: true, "Its identity."),
            KeyShape("name", "text ≤ 100", required: true, "What people see; unique."),
            KeyShape("code", "letters, digits, - and _, ≤ 20", required: true, "Stands in links; never used by another campaign again."),
            KeyShape("former_codes", "list of codes", "Codes that it had before, so that old links keep counting."),
            KeyShape("starts", "date", "First day."),
            KeyShape("ends", "date", "Last day; not before the first."),
            KeyShape("description", "text", "What it is about."),
            KeyShape("budget", "amount and currency", "Such as `12000 EUR`."),
            KeyShape("report", "hour, day, month", fallback: "day", "The steps of its reports."),
            KeyShape("sites", "list of ids of sites", fallback: "all", "Where its links lead."),
            KeyShape("revenue", "{entity, sum}", "Rows that count as revenue, and the column to sum."),
            KeyShape("tags", "list of ids", "For selecting and grouping."),
        ])

    package static let email = MapShape(
        "email", "An email campaign: what is sent to a list, through which provider, when.",
        [
            KeyShape("email", "id", required: true, "Its identity."),
            KeyShape("name", "text ≤ 100", fallback: "the id", "What people see."),
            KeyShape("campaign", "id of a campaign", "The campaign that it belongs to."),
            KeyShape("list", "id of a list", required: true, "Who gets it."),
            KeyShape("via", "id of a provider", required: true, "Who sends it."),
            KeyShape("from", "{name, email}", fallback: "defaults.from", "The sender."),
            KeyShape("reply_to", "email address", fallback: "the sender", "Where answers go."),
            KeyShape("subject", "text, or a list of two or more with `ab`", required: true, "The subject; may hold variables."),
            KeyShape("preheader", "text", "What inboxes show after the subject."),
            KeyShape("template", "path, or a map of paths by language", required: true, "The HTML, beside the file."),
            KeyShape("layout", "path, none", fallback: "defaults.layout", "The frame around it."),
            KeyShape("schedule", "manual, or {at, timezone}", required: true, "When; `timezone` is workspace, recipient or a zone."),
            KeyShape("audience", "{members, at_most, change}", "What an approval covers: frozen or live members, the most people, the most change."),
            KeyShape("ab", "{test, decide_by, after}", "Tries the subjects on a share of the list."),
            KeyShape("tags", "list of ids", "For selecting and grouping."),
        ])

    package static let schedule = MapShape(
        "schedule", "When an email goes out.",
        [
            KeyShape("at", "local time", required: true, "Such as `2027-03-01 09:00`."),
            KeyShape("timezone", "zone, recipient", fallback: "the workspace's", "Whose clock."),
        ])

    package static let audience = MapShape(
        "audience", "What an approval covers.",
        [
            KeyShape("members", "frozen, live", fallback: "live", "The members who were approved, or those of the moment."),
            KeyShape("at_most", "count", "The most people it may reach."),
            KeyShape("change", "per cent", fallback: "10%", "How far the audience may move between approval and send."),
        ])

    package static let splitTest = MapShape(
        "ab", "Tries several subjects first.",
        [
            KeyShape("test", "per cent", required: true, "The share of the list that takes part."),
            KeyShape("decide_by", "clicks, opens, manual", fallback: "clicks", "What decides."),
            KeyShape("after", "duration", required: true, "When it is decided."),
        ])

    package static let site = MapShape(
        "site", "A web site: links towards it are tagged, visits of it are tracked.",
        [
            KeyShape("site", "id", required: true, "Its identity."),
            KeyShape("name", "text ≤ 255", required: true, "What people see."),
            KeyShape("identifier", "text", fallback: "the id", "What the tracker sends; unique."),
            KeyShape("url", "URL", required: true, "Where it is."),
            KeyShape("hosts", "list of host names", "Other hosts that belong to it."),
            KeyShape("collect", "https URL", required: true, "Where the tracker sends to."),
            KeyShape("mode", "log, live", fallback: "log", "Events are imported from logs, or at once."),
            KeyShape("rotate", "5, 10, 15, 20, 30, 60 minutes", fallback: "60 minutes", "How long a log file grows; only with `log`."),
            KeyShape("privacy", "{consent, respect_dnt, anonymise_ip}", "What is kept of visitors."),
            KeyShape("events", "map by name", "The events that it has, each with `{value: number}` or `{value: text}`."),
            KeyShape("identify", "{pattern, entity, field}", "How a signed-in visitor is known."),
            KeyShape("bots", "split, drop", fallback: "split", "What happens to robots."),
            KeyShape("matomo", "{host, token}", "A Matomo that gets the events too."),
        ])

    package static let privacy = MapShape(
        "privacy", "What is kept of visitors.",
        [
            KeyShape("consent", "required, none", fallback: "required", "Whether a visitor must agree first."),
            KeyShape("respect_dnt", "true, false", fallback: "true", "Honours Do Not Track and Global Privacy Control."),
            KeyShape("anonymise_ip", "0 to 4", fallback: "2", "Bytes of the address that are zeroed."),
        ])

    package static let test = MapShape(
        "test", "A test of a list, a filter or an email with made-up people.",
        [
            KeyShape("test", "id", required: true, "Its identity."),
            KeyShape("list", "id of a list", "What is tested; exactly one of list, filter, email."),
            KeyShape("filter", "id of a filter", "What is tested."),
            KeyShape("email", "id of an email", "What is tested."),
            KeyShape("at", "local time", fallback: "now", "When it is in the test."),
            KeyShape("people", "list of personas", required: true, "Columns, rows of relations, and what is expected of them."),
        ])
}
