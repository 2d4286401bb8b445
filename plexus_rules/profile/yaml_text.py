"""The values of a YAML file of unknown origin."""

from __future__ import annotations

from collections.abc import Iterator

#: What hooks and workflows nest to. A deeper file is taken for an attack.
_MAX_DEPTH = 64
_MAX_BYTES = 512 * 1024
_MAX_EVENTS = 100_000

Value = dict[str, "Value"] | list["Value"] | str


def yaml_value(data: bytes) -> Value:
    """The first document of a file; empty where it cannot be read. Every scalar is a string.

    Parsed event by event: composing nodes recurses, and aliases multiply them. An alias is
    left out.
    """
    import yaml

    if len(data) > _MAX_BYTES:
        return ""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    stack: list[list[Value]] = [[]]
    try:
        for count, event in enumerate(yaml.parse(data.decode("utf-8", "replace"), Loader=loader)):
            if count > _MAX_EVENTS or len(stack) > _MAX_DEPTH:
                return ""
            match event:
                case yaml.ScalarEvent():
                    stack[-1].append(str(event.value))
                case yaml.AliasEvent():
                    stack[-1].append("")
                case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                    stack.append([])
                case yaml.SequenceEndEvent():
                    items = stack.pop()
                    stack[-1].append(items)
                case yaml.MappingEndEvent():
                    pairs = stack.pop()
                    keys = [key if isinstance(key, str) else "" for key in pairs[::2]]
                    stack[-1].append(dict(zip(keys, pairs[1::2], strict=True)))
                case yaml.DocumentEndEvent():
                    break
    except (yaml.YAMLError, ValueError):
        return ""
    return stack[0][0] if stack[0] else ""


def mappings(value: Value) -> Iterator[dict[str, Value]]:
    """Every mapping in a value, outermost first."""
    pending = [value]
    while pending:
        found = pending.pop()
        if isinstance(found, dict):
            yield found
            pending += reversed(list(found.values()))
        elif isinstance(found, list):
            pending += reversed(found)


def strings(value: Value) -> list[str]:
    """A scalar as a list of one; the scalars of a list; none of a mapping."""
    if isinstance(value, str):
        return [value] if value else []
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
