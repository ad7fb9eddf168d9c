"""Prints, as JSON, the arguments of every call of DicomServiceClient in a program, and what is read from the result."""

import ast
import json
import sys


def names(value):
    """The keys of an argument's value: those of a dictionary, or of the dictionaries in a list."""
    if isinstance(value, ast.List):
        return [names(item) for item in value.elts]
    if isinstance(value, ast.Dict):
        return {key.value: names(item) for key, item in zip(value.keys, value.values)}
    return None


tree = ast.parse(sys.stdin.read())
calls = [
    node
    for node in ast.walk(tree)
    if isinstance(node, ast.Call) and getattr(node.func, "id", None) == "DicomServiceClient"
]
json.dump(
    {
        "arguments": {word.arg: names(word.value) for call in calls for word in call.keywords},
        "outputs": [
            node.attr
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute) and getattr(node.value, "id", None) == "client"
        ],
    },
    sys.stdout,
)
