"""Writes a Delta table with delta-rs: partitioned, with a checkpoint, appended to, rows deleted, a column added.

    python delta_rs_table.py DIR

tests/fixtures/delta-rs-table was made so; of earlier versions it has the log alone. Its orders are 0 to 119 but for the
multiples of 7.
"""

import sys
from datetime import date, datetime, timezone
from decimal import Decimal

import pyarrow as pa
from deltalake import CommitProperties, DeltaTable, Transaction, write_deltalake

COUNTRIES = ["DE", "it's É/%", None]


def orders(first, last):
    ids = list(range(first, last))
    return pa.table(
        {
            "order_id": pa.array(ids, pa.int64()),
            "country": pa.array([COUNTRIES[i % 3] for i in ids], pa.string()),
            "total": pa.array([i / 4 for i in ids], pa.float64()),
            "tax": pa.array([Decimal(i) / 100 for i in ids], pa.decimal128(10, 2)),
            "sold_on": pa.array([date(2026, 1, 1 + i % 28) for i in ids], pa.date32()),
            "sold_at": pa.array([datetime(2026, 1, 1 + i % 28, 12, 0, 0, i, timezone.utc) for i in ids]).cast(
                pa.timestamp("us", tz="UTC")
            ),
            "is_gift": pa.array([i % 3 == 0 for i in ids], pa.bool_()),
            "items": pa.array([[f"p{i}", "p0"][: i % 3] for i in ids], pa.list_(pa.string())),
        }
    )


def write_table(path, batch):
    """Orders 0 to 99 come by so many a commit."""
    for start in range(0, 100, batch):
        done = CommitProperties(app_transactions=[Transaction("tills", start)])
        write_deltalake(path, orders(start, start + batch), mode="append", partition_by=["country"], commit_properties=done)
    table = DeltaTable(path)
    table.delete("order_id % 7 = 0")
    table.create_checkpoint()
    wider = orders(100, 120).filter(pa.array([i % 7 != 0 for i in range(100, 120)]))
    wider = wider.append_column("channel", pa.array(["web"] * len(wider), pa.string()))
    write_deltalake(path, wider, mode="append", schema_mode="merge", partition_by=["country"])


if __name__ == "__main__":
    write_table(sys.argv[1], 50)
    DeltaTable(sys.argv[1]).vacuum(retention_hours=0, enforce_retention_duration=False, dry_run=False)
