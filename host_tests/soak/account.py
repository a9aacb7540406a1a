"""Where every reading of a soak is: delivered, dropped and counted, or lost in the moment before a power cut."""

from faults import OTHERS, POWER
from scene import Site

# A reading is on flash 5 s after it was read, unless it is acknowledged before (journal: delay_ms).
WINDOW_S = 6
# A number that needs an object of its own, a stale pointer that the collector takes for one: not a leak.
JITTER = 256


class Account:
    """Of a site that has lived. `faults`: what is wrong, in sentences; empty when all is well."""

    def __init__(self, site: Site):
        come, read = site.ledger.numbers, site.counter.read_at
        self.read, self.delivered = len(read), len(set(come))
        self.duplicates = len(come) - self.delivered
        missing = sorted(set(range(self.read)) - set(come))
        self.lost = [n for n in missing if any(0 <= cut - read[n] <= WINDOW_S for cut in site.cuts)]
        self.elsewhere = [n for n in missing if n not in self.lost]
        self.dropped = sum(life[-1]["dropped"] for life in lives(site.ledger.diagnostics))
        self.reboots = site.board.boots[1:]
        self.moments = site.moments
        self.faults = list(self._faults(site))

    def _faults(self, site: Site):
        read = site.counter.read_at
        if strange := sorted(set(site.ledger.numbers) - set(range(self.read))):
            yield f"readings came that were never read: {strange[:10]}"
        if len(self.elsewhere) != self.dropped:
            where = ", ".join(f"{n} (read at {read[n]:.1f} s)" for n in self.elsewhere[:20])
            yield f"{len(self.elsewhere)} readings are missing and {self.dropped} are counted as dropped: {where}"
        if len(self.lost) > len(site.cuts):
            yield f"{len(self.lost)} readings went with {len(site.cuts)} power cuts, within {WINDOW_S} s before them"
        if self.reboots != ["power on"] * len(site.cuts):
            yield f"{len(site.cuts)} power cuts, but these starts: {self.reboots}"
        yield from self._leaks()

    def _leaks(self):
        # Each life against the most it had until each fault had come once: a fault may leave something the first time,
        # a longer list, a name, and what leaks does it every time. Lives are not compared with each other, since what
        # a start leaves in the heap differs by what it found on flash.
        life: list[tuple[str, int, int]] = []
        most, unseen = 0, set(OTHERS)
        for moment in self.moments:
            fault, seconds, _ = moment
            if life and (fault in POWER or seconds < life[-1][1]):
                life, most, unseen = [], 0, set(OTHERS)
            life.append(moment)
            if unseen:
                most = max(most, moment[2])
                unseen.discard(fault)
            elif (grown := moment[2] - most) > JITTER:
                yield f"the heap in use is {grown} bytes more than in the first hours of this life: {life}"
                return

    def __str__(self) -> str:
        return (
            f"{self.read} readings: {self.delivered} delivered, {self.duplicates} duplicates, {self.dropped} dropped,"
            f" {len(self.lost)} lost at a power cut; {len(self.reboots)} reboots"
        )


def lives(diagnostics: list[dict]) -> list[list[dict]]:
    """The figures of each life from power on to the next."""
    found: list[list[dict]] = []
    for figures in diagnostics:
        if not found or figures["uptime"] < found[-1][-1]["uptime"]:
            found.append([])
        found[-1].append(figures)
    return found
