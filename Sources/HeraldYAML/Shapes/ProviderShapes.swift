/// Providers, policies, and what a list says to a provider.
package enum ProviderShapes {
    private static let common = [
        KeyShape("type", "mailchimp, dotdigital, local", fallback: "the id", "What it is."),
        KeyShape("endpoint", "URL", fallback: "the vendor's", "Where it is."),
    ]

    package static let local = MapShape(
        "local", "Built in: its own database, its own delivery.",
        common + [
            KeyShape("database", "path", fallback: ".herald/local.sqlite", "Where it keeps lists and sends."),
            KeyShape("public_url", "https URL", "Where unsubscribe and web links lead; needed with emails."),
            KeyShape("transport", "{outbox} or {smtp}", required: true, "How mails leave."),
        ])

    package static let transport = MapShape(
        "transport", "How mails leave: exactly one of these.",
        [
            KeyShape("outbox", "path", "Into a folder, as .eml files."),
            KeyShape("smtp", "map", "Through a mail server."),
        ])

    package static let smtp = MapShape(
        "smtp", "A mail server.",
        [
            KeyShape("host", "host name", required: true, "Where it is; in this version `localhost`, 127.0.0.1 or ::1."),
            KeyShape("port", "number", fallback: "587", "Its port."),
            KeyShape("tls", "required, optional, none", fallback: "required", "Encryption."),
            KeyShape("user", "secret", "Who signs in."),
            KeyShape("password", "secret", "The password."),
            KeyShape("connections", "number", fallback: "4", "How many at a time."),
            KeyShape("rate", "N/s", "Mails in a second."),
        ])

    package static let mailchimp = MapShape(
        "mailchimp", "Mailchimp: lists become static segments of an audience.",
        common + [
            KeyShape("api_key", "secret", required: true, "The key, with its data centre."),
            KeyShape("audience", "name, id, or {name, create}", required: true, "The audience."),
            KeyShape("opt_in", "single, double", fallback: "the audience's", "How new people join."),
            KeyShape("fields", "map of TAG ≤ 10", "Merge fields and where they come from."),
            KeyShape("conflict", "remote, local", fallback: "remote", "Who wins for profile fields."),
            KeyShape("on_remove", "leave, archive, unsubscribe", fallback: "leave", "What happens to those who leave all lists."),
            KeyShape("activity", "duration, none", fallback: "90 days", "How long results are read."),
        ])

    package static let audience = MapShape(
        "audience", "A Mailchimp audience.",
        [
            KeyShape("name", "text", required: true, "Its name."),
            KeyShape("create", "map", "Makes it where it is missing."),
        ])

    package static let createAudience = MapShape(
        "create", "What a new audience needs.",
        ["company", "address", "city", "country", "permission_reminder"].map { KeyShape($0, "text", required: true, "Required by the vendor.") })

    package static let dotdigital = MapShape(
        "dotdigital", "Dotdigital: lists become address books.",
        common + [
            KeyShape("user", "secret", required: true, "The API user."),
            KeyShape("password", "secret", required: true, "Its password."),
            KeyShape("fields", "map of NAME ≤ 20", "Data fields and where they come from."),
            KeyShape("conflict", "remote, local", fallback: "remote", "Who wins for profile fields."),
            KeyShape("create_missing", "true, false", fallback: "false", "Collects people known only to Dotdigital."),
            KeyShape("oauth", "{client_id, client_secret}", "For signing in to its pages."),
        ])

    package static let oauth = MapShape(
        "oauth", "Single sign-on.",
        [
            KeyShape("client_id", "text", required: true, "The client."),
            KeyShape("client_secret", "secret", required: true, "Its secret."),
        ])

    package static let mailchimpField = MapShape(
        "field", "A merge field and where its value comes from.",
        [
            KeyShape("from", "column", required: true, "Where its value comes from."),
            KeyShape("type", "the vendor's type", fallback: "inferred", "Its type."),
            KeyShape("direction", "out, both", fallback: "out", "Whether the vendor's value comes back."),
        ])

    package static let dotdigitalField = MapShape(
        "field", "A data field and where its value comes from.",
        mailchimpField.keys + [
            KeyShape("default", "text", "The value of those who have none."),
            KeyShape("visibility", "private, public", fallback: "private", "Who sees it."),
            KeyShape("priority", "whole number", fallback: "0", "Which entity wins where several fill it."),
        ])

    package static let mailchimpSync = MapShape(
        "sync.mailchimp", "A static segment.",
        [
            KeyShape("segment", "name ≤ 100", fallback: "the list's name", "The segment."),
            KeyShape("existing_segment", "name or id", "The vendor's own members, read only."),
        ])

    package static let dotdigitalSync = MapShape(
        "sync.dotdigital", "An address book, or a program.",
        [
            KeyShape("address_book", "name ≤ 128", fallback: "the list's name", "The address book."),
            KeyShape("visibility", "private, public", fallback: "private", "Who sees it."),
            KeyShape("program", "name or id", "Enrols members in it."),
            KeyShape("existing_segment", "name or id", "The vendor's own members, read only."),
        ])

    package static let policies = MapShape(
        "policies", "What every plan must meet.",
        [
            KeyShape("mass_change", "{removals, floor}", fallback: "{removals: 30%, floor: 10}", "How many may leave a list at once; always mandatory."),
            KeyShape("frequency", "{at_most, within}", "The most mails a person gets."),
            KeyShape("quiet_hours", "{start, end, timezone}", "When nothing is sent."),
            KeyShape("lead_time", "{at_least}", "How long before a send it is applied."),
            KeyShape("audience", "{at_most}", "The most people a send reaches."),
            KeyShape("approval", "{over, by, valid}", "Who must approve large sends."),
            KeyShape("blocked_domains", "{domains}", "Domains that get nothing."),
            KeyShape("waivers", "list", "Exceptions, each with an owner and an end."),
        ])

    private static let level = KeyShape("level", "mandatory, advisory", fallback: "mandatory", "How binding it is.")
    package static let massChange = MapShape(
        "mass_change", "How many may leave a list at once.",
        [
            KeyShape("removals", "per cent", fallback: "30%", "The share."),
            KeyShape("floor", "count", fallback: "10", "Smaller lists are not held to it."),
        ])
    package static let frequency = MapShape(
        "frequency", "The most mails a person gets.",
        [KeyShape("at_most", "count", required: true, "How many."), KeyShape("within", "duration", required: true, "In how long."), level])
    package static let quietHours = MapShape(
        "quiet_hours", "When nothing is sent.",
        [
            KeyShape("start", "HH:MM", required: true, "From."), KeyShape("end", "HH:MM", required: true, "To."),
            KeyShape("timezone", "zone, recipient", fallback: "the workspace's", "Whose clock."), level,
        ])
    package static let leadTime = MapShape(
        "lead_time", "How long before a send it is applied.", [KeyShape("at_least", "duration", required: true, "How long."), level])
    package static let audienceLimit = MapShape(
        "audience", "The most people a send reaches.", [KeyShape("at_most", "count", required: true, "How many."), level])
    package static let approval = MapShape(
        "approval", "Who must approve large sends.",
        [
            KeyShape("over", "count of recipients", required: true, "From how many on."),
            KeyShape("by", "list of roles", required: true, "Who."),
            KeyShape("valid", "duration", fallback: "7 days", "How long a plan is good for."), level,
        ])
    package static let blockedDomains = MapShape(
        "blocked_domains", "Domains that get nothing.", [KeyShape("domains", "list of host names", required: true, "Which."), level])
    package static let waiver = MapShape(
        "waiver", "An exception.",
        [
            KeyShape("policy", "name of a policy", required: true, "From what."), KeyShape("for", "address", required: true, "For what."),
            KeyShape("owner", "text", required: true, "Who answers for it."), KeyShape("reason", "text", required: true, "Why."),
            KeyShape("until", "date", required: true, "Its last day."),
        ])
}
