from datetime import datetime, timedelta, timezone

import pytest

from odoo.addons.crm_base.lib.errors import (
    ConfigurationError,
    MalformedAnswerError,
    RefusedError,
    UnavailableError,
)
from odoo.addons.crm_sign.providers.sealing import SealFacts, seal, verify
from odoo.addons.crm_sign.providers.time_stamping import TimeStampService

from tests.standins.tsa import TimeStampStandin
from tests.unit.crm_sign.judges import ask_poppler
from tests.unit.crm_sign.samples import NOW, company, make_pdf, person

COMPANY = SealFacts("Agence Lumen SAS", "Cachet", NOW, is_company=True)


@pytest.fixture(scope="module")
def running():
    with TimeStampStandin() as standin:
        yield standin


@pytest.fixture
def tsa(running):
    running.fault = ""
    running.requests.clear()
    return running


def seal_at(tsa, *signatures):
    service = TimeStampService(tsa.url, allow_private=True)
    return seal(make_pdf(2), signatures=signatures, certificate=company(), tsa=service)


def test_with_a_published_list_the_level_is_b_lt(tsa, tmp_path):
    sealed = seal_at(tsa, person(), COMPANY)
    report = verify(sealed, [company().trust_anchor])
    assert report.intact
    assert [s.level for s in report.signatures] == ["B-LT", "B-LT"]
    assert {s.time_authority for s in report.signatures} == {"Stand-in Time"}
    delay = datetime.now(timezone.utc) - report.signatures[-1].signed_at
    assert abs(delay) < timedelta(minutes=5)
    poppler = ask_poppler(sealed, tmp_path)
    assert (poppler.valid, poppler.total, poppler.covers_whole) == (2, 2, True)
    # One to learn the size, one per signature.
    assert tsa.requests == ["application/timestamp-query"] * 3


def test_without_a_list_the_level_is_b_t():
    with TimeStampStandin(has_crl=False) as tsa:
        report = verify(seal_at(tsa, COMPANY))
    assert report.intact
    assert [s.level for s in report.signatures] == ["B-T"]


def test_a_list_that_cannot_be_fetched_leaves_b_t(tsa):
    tsa.fault = "no_crl"
    report = verify(seal_at(tsa, COMPANY))
    assert report.intact
    assert [s.level for s in report.signatures] == ["B-T"]


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("down", UnavailableError),
        ("html", MalformedAnswerError),
        ("garbage", MalformedAnswerError),
        ("rejection", RefusedError),
        ("other_hash", MalformedAnswerError),
    ],
)
def test_a_service_that_errs_seals_nothing_and_says_why(tsa, fault, error):
    tsa.fault = fault
    with pytest.raises(error):
        seal_at(tsa, COMPANY)


def test_a_service_that_does_not_answer_is_unavailable():
    with TimeStampStandin() as gone:
        pass
    with pytest.raises(UnavailableError):
        seal_at(gone, COMPANY)


def test_an_internal_address_is_not_called(tsa):
    with pytest.raises(ConfigurationError):
        seal(
            make_pdf(),
            signatures=[COMPANY],
            certificate=company(),
            tsa=TimeStampService(tsa.url),
        )
    assert tsa.requests == []


def test_a_changed_file_is_found_although_its_stamp_is_right(tsa):
    sealed = bytearray(seal_at(tsa, COMPANY))
    sealed[400] ^= 1
    assert not verify(bytes(sealed)).intact


def test_a_password_is_not_shown():
    service = TimeStampService("https://tsa.example.com", "name", "very secret")
    assert "very secret" not in repr(service)
