"""PostgreSQL and ClickHouse on loopback with people and orders, and a workspace over them. The servers' data stay in Benchmarks/data."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

PASSWORD = "benchmark"
PORTS = {"postgres": 25432, "http": 28123, "native": 29000}
SINCE = "2026-10-02 12:00:00"

# The same list by hand: who is in, of those who agreed.
SQL = (
    "SELECT c.id, c.email, c.first_name FROM contacts c JOIN (SELECT contact_id FROM orders WHERE placed >= '{since}' AND placed <= '2026-12-31 12:00:00' "
    "GROUP BY contact_id HAVING sum(total) > 300) o ON o.contact_id = c.id WHERE c.country IN ('DE', 'AT') AND c.consent = 'subscribed'")

# ClickHouse 18 joins one table at most, and does better with a set.
BY_HAND_CLICKHOUSE = (
    "SELECT id, email, first_name FROM contacts WHERE country IN ('DE', 'AT') AND consent = 'subscribed' AND id IN (SELECT contact_id FROM orders "
    "WHERE placed >= '{since}' AND placed <= '2026-12-31 12:00:00' GROUP BY contact_id HAVING sum(total) > 300) FORMAT TabSeparated")

LIST = """list: buyers
name: Buyers
entity: contact
where:
  country: {in: [DE, AT]}
  orders: {where: {placed: {within: 90 days}}, sum: {total: {gt: 300}}}
columns: [first_name]
"""

SETTINGS = """herald: 1
workspace: warehouse
timezone: UTC
defaults: {{from: {{name: Shop, email: news@shop.example}}, postal_address: Shop}}
sources: {{crm: {{{kind}: "${{WAREHOUSE}}"}}}}
entities:
  contact:
    from: crm.contacts
    key: id
    email: email
    consent: {{column: consent, at: consented_at}}
    relations: {{orders: {{many: order, by: contact_id}}}}
  order: {{from: crm.orders, key: id}}
"""


class Server:
    """One that runs until `stop`; as a user of its own where this runs as root."""

    def __init__(self, folder: Path, user: str, command: list[str]) -> None:
        self.process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **become(user))

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)
        self.process.wait()


def become(user: str) -> dict:
    if os.geteuid() != 0:
        return {}
    who = pwd.getpwnam(user)
    return {"user": who.pw_uid, "group": who.pw_gid, "extra_groups": []}


def own(folder: Path, user: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        shutil.chown(folder, user, user)


def until(ready) -> None:
    for _ in range(600):
        if ready():
            return
        time.sleep(0.1)
    sys.exit("the server did not start")


def postgres(folder: Path, people: int) -> Server:
    programs = max(Path("/usr/lib/postgresql").iterdir(), key=lambda path: int(path.name)) / "bin"
    is_new = not (folder / "data/PG_VERSION").exists()
    own(folder, "postgres")
    if is_new:
        subprocess.run([programs / "initdb", "-D", folder / "data", "-U", "bench", "-E", "UTF8", "--locale=C.UTF-8", "--auth=trust", "-N"],
                       check=True, stdout=subprocess.DEVNULL, cwd=folder, **become("postgres"))
    # As a server of this size would be set up.
    options = ["shared_buffers=2GB", "work_mem=128MB", "effective_cache_size=8GB", "max_wal_size=8GB", "fsync=off"]
    server = Server(folder, "postgres", [str(programs / "postgres"), "-D", str(folder / "data"), "-h", "127.0.0.1", "-p", str(PORTS["postgres"]), "-k", str(folder)]
                    + [part for option in options for part in ("-c", option)])
    until(lambda: subprocess.run(["psql", "-X", "-q", "-c", "SELECT 1", postgres_url()], capture_output=True).returncode == 0)
    if is_new:
        subprocess.run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", postgres_url()], check=True, text=True, stdout=subprocess.DEVNULL, input=f"""
            CREATE TABLE contacts AS SELECT i AS id, 'p' || i || '@example.org' AS email, 'Name ' || i % 5000 AS first_name,
                (ARRAY['DE','AT','CH','FR','IT','ES','PL','NL','BE','DK'])[1 + i * 7 % 10] AS country,
                CASE WHEN i % 5 = 0 THEN 'unsubscribed' ELSE 'subscribed' END AS consent, date '2026-01-01' + i % 300 AS consented_at
            FROM generate_series(1, {people}) i;
            ALTER TABLE contacts ADD PRIMARY KEY (id);
            CREATE TABLE orders AS SELECT i AS id, (1 + i * 7919::bigint % {people})::int AS contact_id, ((i * 31 % 40000) / 100.0)::numeric(12, 2) AS total,
                timestamp '2026-12-31' - (i * 13 % 1000) * interval '1 day' AS placed
            FROM generate_series(1, {3 * people}) i;
            ALTER TABLE orders ADD PRIMARY KEY (id);
            CREATE INDEX ON orders (contact_id); VACUUM ANALYZE;
            """)
    return server


def postgres_url() -> str:
    return f"postgres://bench:{PASSWORD}@127.0.0.1:{PORTS['postgres']}/postgres"


def clickhouse(folder: Path, people: int) -> Server:
    is_new = not (folder / "data").exists()
    own(folder, "clickhouse")
    (folder / "config.xml").write_text(
        f"<yandex><logger><level>error</level><console>1</console></logger><http_port>{PORTS['http']}</http_port><tcp_port>{PORTS['native']}</tcp_port>"
        f"<listen_host>127.0.0.1</listen_host><path>{folder}/data/</path><tmp_path>{folder}/tmp/</tmp_path><users_config>{folder}/users.xml</users_config>"
        "<mark_cache_size>1000000000</mark_cache_size><default_profile>default</default_profile><default_database>default</default_database><timezone>UTC</timezone></yandex>")
    (folder / "users.xml").write_text(
        "<yandex><profiles><default></default></profiles><users><bench>"
        f"<password>{PASSWORD}</password><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota></bench></users><quotas><default></default></quotas></yandex>")
    server = Server(folder, "clickhouse", ["clickhouse-server", f"--config-file={folder}/config.xml"])
    until(lambda: ask("SELECT 1") is not None)
    if is_new:
        for statement in (
            "CREATE TABLE contacts (id Int32, email String, first_name String, country String, consent String, consented_at Date) ENGINE = MergeTree() ORDER BY id",
            "INSERT INTO contacts SELECT toInt32(number + 1) AS i, concat('p', toString(i), '@example.org'), concat('Name ', toString(i % 5000)), "
            "arrayElement(['DE','AT','CH','FR','IT','ES','PL','NL','BE','DK'], 1 + i * 7 % 10), if(i % 5 = 0, 'unsubscribed', 'subscribed'), "
            f"toDate('2026-01-01') + i % 300 FROM (SELECT number FROM system.numbers LIMIT {people})",
            "CREATE TABLE orders (id Int64, contact_id Int32, total Decimal(12, 2), placed DateTime) ENGINE = MergeTree() ORDER BY id",
            f"INSERT INTO orders SELECT toInt64(number + 1) AS i, toInt32(1 + i * 7919 % {people}), toDecimal64(i * 31 % 40000, 2) / 100, "
            f"toDateTime('2026-12-31 00:00:00') - (i * 13 % 1000) * 86400 FROM (SELECT number FROM system.numbers LIMIT {3 * people})",
        ):
            if ask(statement) is None:
                sys.exit(f"ClickHouse refused: {statement}")
    return server


def ask(statement: str) -> str | None:
    request = urllib.request.Request(
        f"http://127.0.0.1:{PORTS['http']}/", statement.encode(), {"X-ClickHouse-User": "bench", "X-ClickHouse-Key": PASSWORD})
    try:
        return urllib.request.urlopen(request).read().decode()
    except OSError:
        return None


def clickhouse_url() -> str:
    return f"http://bench:{PASSWORD}@127.0.0.1:{PORTS['http']}/default"


def workspace(folder: Path, kind: str) -> None:
    (folder / "lists").mkdir(parents=True)
    (folder / "herald.yaml").write_text(SETTINGS.format(kind=kind))
    (folder / "lists/buyers.yaml").write_text(LIST)
