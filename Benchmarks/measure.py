"""Runs commands in turn, several times, and tells medians, memory and ratios."""

import os
import re
import statistics
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Contestant:
    """One command. `before` puts back what a run changes; it is not timed."""

    name: str
    command: list[str]
    folder: Path
    codes: tuple[int, ...] = (0,)
    stdin: Path | None = None
    before: object = None
    environment: dict[str, str] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    cpu: float = 0
    megabytes: float = 0

    def run(self, prefix: list[str] = []) -> float:
        if self.before:
            self.before()
        with open(self.stdin or os.devnull, "rb") as stdin:
            start = time.perf_counter()
            ended = subprocess.run(
                prefix + self.command, cwd=self.folder, stdin=stdin, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                env={**os.environ, **self.environment})
            elapsed = time.perf_counter() - start
        if ended.returncode not in self.codes:
            raise SystemExit(f"{self.name} ended with {ended.returncode}:\n{ended.stderr.decode()[-2000:]}")
        return elapsed

    def weigh(self, notes: Path) -> None:
        """CPU seconds and peak memory, by /usr/bin/time, in a run of its own that also warms the caches."""
        self.run(["/usr/bin/time", "-q", "-f", "%U %S %M", "-o", str(notes), "--"])
        user, system, kilobytes = notes.read_text().split()
        self.cpu = float(user) + float(system)
        self.megabytes = int(kilobytes) / 1000

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)


def race(title: str, contestants: list[Contestant], turns: int, notes: Path) -> str:
    """A Markdown table; the first contestant is what the others are compared with."""
    for contestant in contestants:
        contestant.weigh(notes)
    for _ in range(turns):
        for contestant in contestants:
            contestant.seconds.append(contestant.run())
    ours = contestants[0].median
    lines = [f"### {title}", "", "| | median | fastest | CPU | peak memory | against herald |", "|---|---|---|---|---|---|"]
    for one in contestants:
        ratio = "" if one is contestants[0] else f"{one.median / ours:.1f} ×"
        lines.append(f"| {one.name} | {shown(one.median)} | {shown(min(one.seconds))} | {shown(one.cpu)} | {one.megabytes:.0f} MB | {ratio} |")
    table = "\n".join(lines) + f"\n\n{turns} turns each, one after the other.\n"
    print(table, flush=True)
    return table


def shown(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms" if seconds < 0.1 else f"{seconds:.2f} s"


def version(command: list[str]) -> str:
    """The first version number that a command prints."""
    ended = subprocess.run(command, capture_output=True, text=True)
    found = re.search(r"\d+(\.\d+)+", ended.stdout + ended.stderr)
    return found.group(0) if found else "?"
