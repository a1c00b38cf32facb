"""What a table comes to, column by column: the same figures, whoever reads it.

A column's figures are a list: how many rows have a value, then for whole numbers and booleans their sum, for other
numbers their sum, for texts their bytes, for dates the days since 1970 of the least and the greatest, for times the
microseconds. Other types have the first figure alone.
"""

WHOLE = {"long", "integer", "short", "byte"}


def kind(delta_type):
    """The kind of a column by its Delta type, as the log names it."""
    if not isinstance(delta_type, str):
        return "other"
    if delta_type in WHOLE:
        return "whole"
    if delta_type in ("double", "float") or delta_type.startswith("decimal"):
        return "number"
    if delta_type in ("string", "boolean", "date", "timestamp"):
        return delta_type
    return "other"
