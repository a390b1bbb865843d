"""Reading an accounting file of a million lines, in constant memory.

Needs no server. A lawful file and one whose every line has something to say are
written to a temporary folder and checked, each in a process of its own so that its
peak of memory is its own. The reference of the run: reading the same file and
cutting its lines at the separator.
"""

import importlib
import multiprocessing
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

from _odoo_client import print_table

ROOT = Path(__file__).parents[1]
LINES = int(os.environ.get("CRM_BENCH_LINES", "1000000"))
NAME = "732829320FEC20261231.txt"
BLOCK = 1 << 20
HEADER = (
    "JournalCode JournalLib EcritureNum EcritureDate CompteNum CompteLib CompAuxNum"
    " CompAuxLib PieceRef PieceDate EcritureLib Debit Credit EcritureLet DateLet"
    " ValidDate Montantdevise Idevise"
).split()


def entries(count):
    """Yield the three lines of each invoice, spread over the year."""
    for rank in range(1, count + 1):
        month = (rank - 1) * 12 // count + 1
        day = f"2026{month:02d}{1 + rank % 28:02d}"
        valid = f"2026{month + 1:02d}05" if month < 12 else "20270105"
        net = 100_000 + rank % 9_973
        tax = net // 5
        head = ["VE", "Ventes", f"FA/2026/{rank:07d}", day]
        document = [f"FA2026{rank:07d}", day, f"Prestation de services n° {rank}"]
        client = [f"C{rank % 5000:05d}", f"Société n° {rank % 5000}"]
        for account, debit, credit in (
            (["411000", "Clients", *client], net + tax, 0),
            (["706000", "Prestations de services", "", ""], 0, net),
            (["445710", "TVA collectée", "", ""], 0, tax),
        ):
            amounts = [f"{part // 100},{part % 100:02d}" for part in (debit, credit)]
            yield [*head, *account, *document, *amounts, "", "", valid, "", ""]


def write(path, lines, is_odd):
    """Write a file; odd ones have a space before every amount, as Odoo's have."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.write("\t".join(HEADER) + "\r\n")
        for fields in entries(lines // 3):
            if is_odd:
                fields[11], fields[12] = f" {fields[11]}", f" {fields[12]}"
            stream.write("\t".join(fields) + "\r\n")


def blocks(path):
    with open(path, "rb") as stream:
        while block := stream.read(BLOCK):
            yield block


def check(path, answer):
    """Check a file; send (seconds, CPU seconds, peak in MB, findings)."""
    sys.path.insert(0, str(ROOT))
    # Registers the addons without Odoo.
    importlib.import_module("tests.unit.conftest")
    from odoo.addons.l10n_fr_crm_billing.lib.fec import check_fec

    started, spent = time.perf_counter(), time.process_time()
    report = check_fec(blocks(path), NAME)
    answer.send(
        (
            time.perf_counter() - started,
            time.process_time() - spent,
            resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            sum(report.counts.values()),
        )
    )


def in_process(path):
    """Run `check` in a fresh process."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=check, args=(str(path), sender))
    process.start()
    result = receiver.recv()
    process.join()
    return result


def split_only(path):
    started = time.perf_counter()
    with path.open("rb") as stream:
        for line in stream:
            line.split(b"\t")
    return time.perf_counter() - started


def main():
    with tempfile.TemporaryDirectory() as folder:
        small, big, odd = (Path(folder) / name for name in ("small", "big", "odd"))
        write(small, LINES // 10, is_odd=False)
        write(big, LINES, is_odd=False)
        write(odd, LINES, is_odd=True)
        reference = split_only(big)
        few, many, bad = in_process(small), in_process(big), in_process(odd)
        rows = [
            ("read and split only", reference, "s"),
            ("lawful file", many[0], "s"),
            ("lawful file, CPU", many[1], "s"),
            ("lawful / read and split", many[0] / reference, "x"),
            ("a remark on every line", bad[0], "s"),
            ("a remark on every line, CPU", bad[1], "s"),
            ("peak memory, a tenth of the lines", few[2], "MB"),
            ("peak memory, all lines", many[2], "MB"),
            ("peak memory, a remark on every line", bad[2], "MB"),
        ]
        megabytes = big.stat().st_size / 1e6
        print_table(f"FEC check, {LINES} lines, {megabytes:.0f} MB", rows)
        if few[3] or many[3] or not bad[3]:
            raise SystemExit("the findings are not those of these files")


if __name__ == "__main__":
    main()
