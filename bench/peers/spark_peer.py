"""Reads Delta tables with Spark and its delta package for the bench lake-readers.

    python spark_peer.py JARS

One JSON command a line comes in, one JSON answer a line goes out.
"""

import json
import os
import sys
from datetime import datetime, timezone
from decimal import Decimal
from time import perf_counter

import pyspark
from delta_facts import kind
from pyspark.sql import SparkSession


def start(jars):
    builder = SparkSession.builder.master("local[2]").config("spark.jars", jars).config("spark.ui.enabled", "false")
    settings = {
        "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
        "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "2",
        "spark.driver.memory": "1g",
        "spark.databricks.delta.snapshotPartitions": "2",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
    }
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def facts(path, version=None, timestamp_ms=None):
    started = perf_counter()
    reader = spark.read.format("delta")
    if version is not None:
        reader = reader.option("versionAsOf", version)
    if timestamp_ms is not None:
        at = datetime.fromtimestamp(timestamp_ms / 1000, timezone.utc)
        reader = reader.option("timestampAsOf", at.strftime("%Y-%m-%d %H:%M:%S.%f")[:-3])
    rows = reader.load(path)
    fields = [(field["name"], kind(field["type"])) for field in json.loads(rows.schema.json())["fields"]]
    wanted = ["count(*)"] + [each for name, of in fields for each in figures(name, of)]
    found = iter(rows.selectExpr(*wanted).collect()[0])
    count = next(found)
    columns = {name: [plain(next(found)) for _ in figures(name, of)] for name, of in fields}
    ms = (perf_counter() - started) * 1000
    present = {name: figures[:1] if figures[0] == 0 else figures for name, figures in columns.items()}
    return {"rows": count, "columns": present, "ms": ms}


def plain(figure):
    return int(figure) if isinstance(figure, Decimal) else figure


def figures(name, of):
    column = f"`{name}`"
    present = f"count({column})"
    if of in ("whole", "boolean"):
        return [present, f"sum(cast(cast({column} as bigint) as decimal(38, 0)))"]
    if of == "number":
        return [present, f"sum(cast({column} as double))"]
    if of == "string":
        return [present, f"sum(octet_length({column}))"]
    if of == "date":
        return [present, f"unix_date(min({column}))", f"unix_date(max({column}))"]
    if of == "timestamp":
        return [present, f"unix_micros(min({column}))", f"unix_micros(max({column}))"]
    return [present]


# What Spark prints must not stand between the answers.
answers = os.fdopen(os.dup(1), "w", buffering=1)
os.dup2(2, 1)
spark = start(sys.argv[1])
print(json.dumps({"version": pyspark.__version__}), file=answers)
for line in sys.stdin:
    arguments = json.loads(line)
    arguments.pop("command")
    try:
        answer = facts(**arguments)
    except Exception as error:
        answer = {"error": f"facts: {type(error).__name__}: {str(error)[:2000]}"}
    print(json.dumps(answer), file=answers)
