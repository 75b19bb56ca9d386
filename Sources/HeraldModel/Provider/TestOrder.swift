/// Examples of an email, for those who wrote it. Nobody's data is in them, and no record is kept of them.
package struct TestOrder: Sendable {
    /// The email's id, for `X-Herald-Email`.
    package let emailID: String
    package let from: Sender
    package let replyTo: String?
    package let mails: [RenderedMail]
    /// The links in all of them, which lead nowhere.
    package let links: RecipientLinks
    /// Everybody gets every mail.
    package let addresses: [Personal<EmailAddress>]

    package init(emailID: String, from: Sender, replyTo: String?, mails: [RenderedMail], links: RecipientLinks, addresses: [Personal<EmailAddress>]) {
        (self.emailID, self.from, self.replyTo, self.mails, self.links, self.addresses) = (emailID, from, replyTo, mails, links, addresses)
    }
}
