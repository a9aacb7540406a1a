"""What came of it, for an issue: Markdown and plain values. Nothing of networks, brokers and accounts is in it."""

from importlib.metadata import version

from .bench import Results

_NO_TOTAL = (
    "Measured by `gc.mem_alloc` with the collector off and by `micropython.heap_lock`. Frames on the heap that are"
    " given back at once are seen by neither; the simulated board, which counts them, proves that part."
)


def plain(results: Results) -> dict:
    """For a program."""
    bad = [operation for operation in results.gate if not operation.well]
    return {
        "girouette": version("girouette"),
        "board": results.about,
        "network": results.network,
        "well": results.well,
        "gate": {"operations": len(results.gate), "allocating": [vars(operation) for operation in bad]},
        "reconnects": results.reconnects,
        "sensors": results.sensors,
        "speed": results.speed,
        "faults": results.faults,
    }


def markdown(results: Results, words: list[str]) -> str:
    """For a person; `words` are secrets that must not be in it, whatever a program printed."""
    text = "\n".join(_lines(results)) + "\n"
    for word in words:
        text = text.replace(word, "***")
    return text


def _lines(results: Results):
    about = results.about
    yield f"# Girouette {version('girouette')} on {about.get('machine', 'an unknown board')}"
    yield ""
    release = ".".join(map(str, about.get("version", ())))
    yield f"MicroPython {release}, file system {about.get('filesystem')}, {about.get('heap', 0)} bytes of heap free."
    yield f"**{'All is well' if results.well else 'Something is not well'}.**"
    yield from _gate(results)
    yield from _reconnects(results)
    yield from _sensors(results)
    yield from _speed(results)
    if results.faults:
        yield from ("", "## Not come to an end", "", "| what | why |", "|---|---|")
        yield from (f"| {name} | {_cell(why)} |" for name, why in results.faults.items())


def _gate(results: Results):
    yield from (
        "",
        "## Allocation",
        "",
        _NO_TOTAL,
        "",
        "| program | operations | times each | allocate |",
        "|---|---|---|---|",
    )
    programs = dict.fromkeys(operation.program for operation in results.gate)
    for program in programs:
        found = [operation for operation in results.gate if operation.program == program]
        bad = [operation for operation in found if not operation.well]
        yield f"| {program} | {len(found)} | {min(o.times for o in found)} | {len(bad) or 'none'} |"
    for operation in results.gate:
        if not operation.well:
            yield ""
            yield (
                f"**{operation.name}**: {operation.live} bytes kept by {operation.done} of {operation.times} times,"
                f" {operation.locked} with the heap locked"
            )


def _reconnects(results: Results):
    if results.reconnects:
        yield from (
            "",
            "## Heap in use after reconnects",
            "",
            "| session | after the 10th | after the 100th |",
            "|---|---|---|",
        )
        yield from (f"| {r['session']} | {r['tenth']} | {r['hundredth']} |" for r in results.reconnects)


def _sensors(results: Results):
    if results.sensors:
        yield from (
            "",
            "## Sensors",
            "",
            "| part | | reading | bytes kept by 20 readings | heap locked |",
            "|---|---|---|---|---|",
        )
        yield from (
            f"| {s['part']} | {s['state']} | {_cell(s['words'])} | {s['live']} | {s['locked']} |"
            for s in results.sensors
        )


def _speed(results: Results):
    yield from ("", "## Speed")
    if not results.speed:
        why = (
            "it did not come to an end" if results.network else "no network and broker were given (--config, --broker)"
        )
        yield from ("", f"Not measured: {why}.")
        return
    yield from ("", "| operation | a second |", "|---|---|")
    yield from (f"| {name} | {rate} |" for name, rate in results.speed.items())


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
