"""Makes what is measured: a workspace of many definitions for herald, and the like for its rivals. The same bytes every time."""

import random
import shutil
from pathlib import Path

LINES = 25
BYTES = 635  # of a definition file

SETTINGS = """\
herald: 1
workspace: measure
timezone: Europe/Berlin
defaults:
  from: {name: Measure, email: news@measure.example}
  postal_address: Measure GmbH, Hauptstr. 1, 10115 Berlin
sources:
  crm: {csv: data, synthetic: true}
entities:
  contact:
    from: crm.contacts
    key: id
    email: email
    consent: {column: consent, at: consented_at}
    relations:
      orders: {many: order, by: contact_id}
  order: {from: crm.orders, key: id}
providers:
  local: {transport: {outbox: .herald/outbox}, public_url: https://mail.measure.example}
"""

DEFINITION = """\
list: list-{n:05}
name: {name}
description: {padding}
owner: Team {team}
tags: [measured, team-{team}]
entity: contact
where:
  country: {{in: [DE, AT, CH]}}
  city: {{is_not: Bonn}}
  any:
    - last_name: {{starts_with: {letter}}}
    - birthday: {{month: {month}}}
    - orders:
        where: {{status: paid, placed_at: {{within: 6 months}}}}
        sum: {{total: {{gte: {total}}}}}
  not:
    email: {{ends_with: .example}}
columns:
  - first_name
  - last_name
  - field: city
    label: Town
    sort: asc
  - as: spent
    orders: {{where: {{status: paid}}, sum: total}}
"""


def herald(folder: Path, definitions: int, people: int) -> None:
    """A workspace with so many lists, each in a file of its own, over so many people."""
    folder.mkdir(parents=True)
    (folder / "herald.yaml").write_text(SETTINGS)
    for n in range(definitions):
        place = folder / "lists" / f"{n // 100:03}"
        place.mkdir(parents=True, exist_ok=True)
        (place / f"list-{n:05}.yaml").write_text(definition(n))
    data(folder / "data", people)


LOYAL = """\
list: loyal
name: Loyal
entity: contact
where:
  country: {in: [DE, AT]}
  birthday: {before: 1990-01-01}
  orders:
    where: {status: paid, placed_at: {within: 6 months}}
    sum: {total: {gte: 200}}
"""


def people(folder: Path) -> None:
    """A workspace with one list over people and their orders; the data is made by people.c."""
    (folder / "lists").mkdir(parents=True)
    (folder / "herald.yaml").write_text(SETTINGS)
    (folder / "lists/loyal.yaml").write_text(LOYAL)


def definition(n: int, name: str = "Measured list") -> str:
    values = dict(
        n=n, name=f"{name} {n:05}", team=f"{n % 40:02}", letter="abcdefghijklmnopqrstuvwxyz"[n % 26], month=n % 12 + 1, total=50 + n % 900)
    bare = DEFINITION.format(**values, padding="")
    text = DEFINITION.format(**values, padding=("Made for measuring. " * 20)[: BYTES - len(bare)].rstrip(" ."))
    assert text.count("\n") == LINES, text.count("\n")
    return text


def rename(folder: Path, count: int, name: str) -> None:
    """Edits the first lists of the workspace."""
    for n in range(count):
        (folder / "lists" / f"{n // 100:03}" / f"list-{n:05}.yaml").write_text(definition(n, name))


def data(folder: Path, people: int) -> None:
    folder.mkdir(parents=True)
    pick = random.Random(1)
    with open(folder / "contacts.csv", "w") as file:
        file.write("id,email,first_name,last_name,city,country,birthday,consent,consented_at\n")
        for n in range(people):
            file.write(
                f"{n},person{n}@example.org,First{n},{pick.choice('abcdefghijklmnopqrstuvwxyz')}last{n},City {n % 50},"
                f"{pick.choice(['DE', 'AT', 'CH', 'FR'])},19{pick.randrange(50, 99)}-{pick.randrange(1, 13):02}-{pick.randrange(1, 29):02},"
                f"subscribed,2026-01-02 03:04\n")
    with open(folder / "orders.csv", "w") as file:
        file.write("id,contact_id,status,placed_at,total\n")
        for n in range(people * 3):
            file.write(
                f"{n},{pick.randrange(people)},{pick.choice(['paid', 'paid', 'open'])},"
                f"2026-{pick.randrange(1, 13):02}-{pick.randrange(1, 29):02} 10:00,{pick.randrange(1, 400)}.{pick.randrange(100):02}\n")


def terraform(folder: Path, resources: int) -> None:
    """As many resources of the provider that terraform has built in, a hundred to a file."""
    folder.mkdir(parents=True)
    for start in range(0, resources, 100):
        with open(folder / f"part{start // 100:03}.tf", "w") as file:
            for n in range(start, min(start + 100, resources)):
                file.write(
                    f'resource "terraform_data" "list_{n:05}" {{\n  input = {{\n    name        = "Measured list {n:05}"\n'
                    f'    description = "Made for measuring"\n    owner       = "Team {n % 40:02}"\n    country     = ["DE", "AT", "CH"]\n'
                    f'    total       = {50 + n % 900}\n  }}\n}}\n')


def octodns(folder: Path, records: int) -> None:
    """A zone of as many records, and a copy of it as the target, so that a plan finds nothing to do."""
    folder.mkdir(parents=True)
    (folder / "config.yaml").write_text(
        "manager:\n  max_workers: 2\nproviders:\n  git:\n    class: octodns.provider.yaml.YamlProvider\n    directory: ./zones\n"
        "  held:\n    class: octodns.provider.yaml.YamlProvider\n    directory: ./held\n"
        "zones:\n  measure.example.:\n    sources: [git]\n    targets: [held]\n")
    (folder / "zones").mkdir()
    with open(folder / "zones" / "measure.example.yaml", "w") as file:
        file.write("---\n")
        for n in range(records):
            file.write(f"host-{n:05}:\n  ttl: 300\n  type: A\n  values:\n  - 192.0.2.{n % 250 + 1}\n  - 198.51.100.{n % 250 + 1}\n")
    shutil.copytree(folder / "zones", folder / "held")


MAILS = SETTINGS.replace("{transport: {outbox: .herald/outbox}", "{transport: {smtp: {host: 127.0.0.1, port: PORT, tls: none, connections: 4}}")

MAIL = """\
campaign: news
name: News
code: news
---
email: news
campaign: news
list: everybody
via: local
subject: "News for {{ contact.first_name | default: 'you' }}"
template: news.html
schedule: manual
"""

PARAGRAPH = "<p>Spring is here, and with it are the new shoes, jackets and bags that you have been waiting for all winter, in all sizes and colours.</p>\n"

TEMPLATE = (
    "<h1>Hello {{ contact.first_name }}</h1>\n" + PARAGRAPH * 12 + '<p>{{ postal_address }} <a href="{{ unsubscribe_url }}">Unsubscribe</a></p>\n')


def mails(folder: Path, people: int, port: int) -> None:
    """A workspace with one email to so many people, by SMTP."""
    (folder / "lists").mkdir(parents=True)
    (folder / "campaigns").mkdir()
    (folder / "data").mkdir()
    (folder / "herald.yaml").write_text(MAILS.replace("PORT", str(port)))
    (folder / "lists/everybody.yaml").write_text("list: everybody\nname: Everybody\nentity: contact\ncolumns: [first_name]\n")
    (folder / "campaigns/news.yaml").write_text(MAIL)
    (folder / "campaigns/news.html").write_text(TEMPLATE)
    with (folder / "data/contacts.csv").open("w") as file:
        file.write("id,first_name,email,consent,consented_at\n")
        for number in range(1, people + 1):
            file.write(f"{number},Name{number % 1000},p{number}@measure.example,subscribed,2026-01-01\n")
    (folder / "data/orders.csv").write_text("id,contact_id\n1,1\n")
