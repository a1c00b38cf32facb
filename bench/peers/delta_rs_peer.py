"""Reads and writes Delta tables with delta-rs for the bench lake-readers.

One JSON command a line comes in, one JSON answer a line goes out.
"""

import json
import sys
from datetime import datetime, timezone
from time import perf_counter

import deltalake
import pyarrow as pa
import pyarrow.compute as pc
from delta_facts import kind
from delta_rs_table import write_table
from deltalake import DeltaTable


def facts(path, version=None, timestamp_ms=None):
    started = perf_counter()
    table = DeltaTable(path)
    if version is not None:
        table.load_as_version(version)
    if timestamp_ms is not None:
        table.load_as_version(datetime.fromtimestamp(timestamp_ms / 1000, timezone.utc))
    fields = json.loads(table.schema().to_json())["fields"]
    rows = table.to_pyarrow_table()
    columns = {field["name"]: figures(rows.column(field["name"]), kind(field["type"])) for field in fields}
    ms = (perf_counter() - started) * 1000
    return {"version": table.version(), "rows": rows.num_rows, "columns": columns, "ms": ms}


def figures(column, of):
    present = len(column) - column.null_count
    if of == "other" or present == 0:
        return [present]
    if of in ("whole", "boolean"):
        return [present, int(pc.sum(column.cast("int64").cast(pa.decimal128(38, 0))).as_py())]
    if of == "number":
        return [present, pc.sum(column.cast("float64")).as_py()]
    if of == "string":
        return [present, pc.sum(pc.binary_length(column)).as_py()]
    whole = column.cast("int32") if of == "date" else column.cast(pa.timestamp("us", tz="UTC")).cast("int64")
    return [present, pc.min(whole).as_py(), pc.max(whole).as_py()]


def write(path):
    write_table(path, 10)
    return {}


commands = {"facts": facts, "write": write}

print(json.dumps({"version": deltalake.__version__}), flush=True)
for line in sys.stdin:
    arguments = json.loads(line)
    command = arguments.pop("command")
    try:
        answer = commands[command](**arguments)
    except Exception as error:
        answer = {"error": f"{command}: {type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
