"""The rivals of row 3, as people write it: reads the two files, and tells how many people would be mailed. Usage: audience.py polars|duckdb|pandas|sqlite FOLDER"""

import sys

SINCE, UNTIL = "2026-06-30 13:00:00", "2026-12-31 13:00:00"

SQL = f"""
select count(distinct lower(trim(email))) from {{contacts}} join (
  select contact_id from {{orders}} where status = 'paid' and placed_at >= '{SINCE}' and placed_at <= '{UNTIL}' group by contact_id having sum(total) >= 200
) on id = contact_id where country in ('DE', 'AT') and birthday < '1990-01-01' and consent = 'subscribed'
"""


def polars(folder: str) -> int:
    import polars as pl
    from datetime import date, datetime

    recent = (
        pl.scan_csv(f"{folder}/orders.csv", try_parse_dates=True)
        .filter((pl.col("status") == "paid") & pl.col("placed_at").is_between(datetime.fromisoformat(SINCE), datetime.fromisoformat(UNTIL)))
        .group_by("contact_id").agg(pl.col("total").sum()).filter(pl.col("total") >= 200))
    people = pl.scan_csv(f"{folder}/contacts.csv", try_parse_dates=True).filter(
        pl.col("country").is_in(["DE", "AT"]) & (pl.col("birthday") < date(1990, 1, 1)) & (pl.col("consent") == "subscribed"))
    found = people.join(recent, left_on="id", right_on="contact_id", how="semi")
    return found.select(pl.col("email").str.strip_chars().str.to_lowercase().n_unique()).collect().item()


def duckdb(folder: str) -> int:
    import duckdb

    return duckdb.sql(SQL.format(contacts=f"'{folder}/contacts.csv'", orders=f"'{folder}/orders.csv'")).fetchall()[0][0]


def pandas(folder: str) -> int:
    import pandas as pd

    people = pd.read_csv(f"{folder}/contacts.csv", usecols=["id", "email", "country", "birthday", "consent"], parse_dates=["birthday"])
    orders = pd.read_csv(f"{folder}/orders.csv", usecols=["contact_id", "status", "placed_at", "total"], parse_dates=["placed_at"])
    recent = orders[(orders.status == "paid") & (orders.placed_at >= SINCE) & (orders.placed_at <= UNTIL)]
    sums = recent.groupby("contact_id").total.sum()
    wanted = people[people.country.isin(["DE", "AT"]) & (people.birthday < "1990-01-01") & (people.consent == "subscribed") & people.id.isin(sums[sums >= 200].index)]
    return wanted.email.str.strip().str.lower().nunique()


def sqlite(folder: str) -> int:
    import csv
    import sqlite3

    base = sqlite3.connect(":memory:")
    for table in ["contacts", "orders"]:
        with open(f"{folder}/{table}.csv", newline="") as file:
            rows = csv.reader(file)
            names = next(rows)
            numbers = {"id": "integer primary key", "contact_id": "integer", "total": "numeric"}
            base.execute(f"create table {table} ({', '.join(name + ' ' + numbers.get(name, 'text') for name in names)})")
            base.executemany(f"insert into {table} values ({', '.join('?' for _ in names)})", rows)
    return base.execute(SQL.format(contacts="contacts", orders="orders")).fetchall()[0][0]


print(globals()[sys.argv[1]](sys.argv[2]))
