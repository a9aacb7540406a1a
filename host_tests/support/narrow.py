"""Arithmetic as it is on a chip: what leaves 31 bits there takes memory, and fails here."""

SMALLEST, LARGEST = -(1 << 30), (1 << 30) - 1  # MicroPython's small integers on 32 bits


class Narrow(int):
    """An integer that fails where MicroPython would allocate one."""

    def _checked(name):
        def operate(self, other=None):
            result = getattr(int, name)(self, *(() if other is None else (int(other),)))
            assert SMALLEST <= result <= LARGEST, f"{int(self)} {name} {other} = {result} leaves 31 bits"
            return Narrow(result)

        return operate

    for _name in ("add", "sub", "mul", "floordiv", "mod", "lshift", "rshift", "and", "or", "xor"):
        locals()[f"__{_name}__"] = _checked(f"__{_name}__")
        locals()[f"__r{_name}__"] = _checked(f"__r{_name}__")
    __neg__ = _checked("__neg__")
