"""The rival of row 7: a script as people write it. Reads the contacts, fills in a mail of about the same size, and gives it to the server with smtplib, over one connection."""

import csv
import smtplib
import sys
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import formatdate, make_msgid


def main(port: int, contacts: str, template: str) -> None:
    html = open(template).read()
    with smtplib.SMTP("127.0.0.1", port) as server, open(contacts) as rows:
        for row in csv.DictReader(rows):
            link = f"https://mail.shop.example/u/{int(row['id']):032d}"
            page = html.replace("{{ contact.first_name }}", row["first_name"]).replace("{{ unsubscribe_url }}", link).replace("{{ postal_address }}", "1 Main Street")
            mail = MIMEMultipart("alternative")
            mail["From"], mail["To"], mail["Subject"] = "Shop <news@shop.example>", row["email"], f"News for {row['first_name']}"
            mail["Date"], mail["Message-ID"] = formatdate(), make_msgid(domain="shop.example")
            mail["List-Unsubscribe"], mail["List-Unsubscribe-Post"] = f"<{link}>", "List-Unsubscribe=One-Click"
            mail.attach(MIMEText(f"Hello {row['first_name']}, this is the news.\n{link}\n"))
            mail.attach(MIMEText(page, "html"))
            server.sendmail("news@shop.example", [row["email"]], mail.as_bytes())


main(int(sys.argv[1]), sys.argv[2], sys.argv[3])
