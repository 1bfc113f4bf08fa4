import datetime as dt

import pytest

from xapi import formats
from xapi.formats import V1, V2, StatementInvalid


def refused(check, value, **how):
    with pytest.raises(StatementInvalid) as error:
        check(value, **how)
    return error.value.message


@pytest.mark.parametrize(
    "value",
    [
        "https://lindra.example/id/modules/m02",
        "http://example.org/æøå",
        "urn:uuid:0b6d5b8e-7d0e-4f5a-9d27-0a5a5a1c2f3d",
        "tag:lindra.example,2026:m02",
        "mailto:a@b.example",
        "https://a.example/?q=%20x#y",
    ],
)
def test_an_iri_is_accepted(value):
    formats.iri(value)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "m02",
        "//a.example/x",
        "http://",
        "https:///x",
        "1http://a",
        "http://a b",
        "http://a/<x>",
        "http://a/%zz",
        "http://a/\n",
        "http://a/\ud800",
        ":x",
    ],
)
def test_what_is_no_iri_is_refused(value):
    assert refused(formats.iri, value) == "is not an IRI"


def test_an_identifier_fits_every_index():
    formats.iri("https://a.example/" + "x" * 982)
    assert refused(formats.iri, "https://a.example/" + "x" * 983) == (
        "must be at most 1000 bytes, without a null character"
    )


@pytest.mark.parametrize(
    "value", ["da", "en-GB", "zh-Hans-CN", "sl-rozaj-biske", "x-lindra", "i-klingon", "DA-dk"]
)
def test_a_language_tag_is_accepted(value):
    formats.language_tag(value)


@pytest.mark.parametrize("value", ["", "d", "da_DK", "da-", "123", "danish-language-x"])
def test_what_is_no_language_tag_is_refused(value):
    assert refused(formats.language_tag, value) == "is not a language tag (RFC 5646)"


@pytest.mark.parametrize(
    "value", ["PT4H35M59.14S", "PT16559.14S", "P3Y1M29DT4H35M59,14S", "P3Y", "P4W", "PT0S", "P0.5Y", "P1DT1M"]
)
def test_a_duration_is_accepted(value):
    formats.duration(value)


@pytest.mark.parametrize(
    "value", ["", "P", "PT", "P4W1D", "P1.5DT1H", "4S", "PT1M1H", "P-1D", "P1DT", "PT.5S", "PT١S"]
)
def test_what_is_no_duration_is_refused(value):
    assert refused(formats.duration, value) == "is not a duration like PT4H35M59.14S (ISO 8601)"


@pytest.mark.parametrize(
    ("value", "instant"),
    [
        ("2026-11-22T12:00:00Z", dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)),
        ("2026-11-22T12:00:00.1234567+01:00", dt.datetime(2026, 11, 22, 11, 0, 0, 123456, tzinfo=dt.UTC)),
        ("2026-11-22t12:00:00z", dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)),
        ("2026-11-22T12:00-03:30", dt.datetime(2026, 11, 22, 15, 30, tzinfo=dt.UTC)),
        ("2026-11-22T12:00:00-03:30", dt.datetime(2026, 11, 22, 15, 30, tzinfo=dt.UTC)),
    ],
)
def test_a_timestamp_is_an_instant(value, instant):
    assert [formats.timestamp(value, version=version) for version in (V1, V2)] == [instant, instant]


@pytest.mark.parametrize(
    "value", ["2026-11-22T12:00:00", "2026-11-22T13:00:00+01", "2026-11-22T13:00:00+0100"]
)
def test_only_the_first_version_takes_a_short_zone_or_none(value):
    assert formats.timestamp(value, version=V1) == dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
    assert refused(formats.timestamp, value, version=V2) == "needs a time zone such as Z or +01:00"


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("2026-11-22", "is not a timestamp like 2026-11-22T12:00:00.000Z (ISO 8601, RFC 3339)"),
        ("yesterday", "is not a timestamp like 2026-11-22T12:00:00.000Z (ISO 8601, RFC 3339)"),
        (7, "must be a string"),
        (None, "must not be null"),
        ("2026-02-30T12:00:00Z", "is not a time that exists"),
        ("2026-11-22T24:00:00Z", "is not a time that exists"),
        ("0001-01-01T00:00:00+14:00", "is not a time that exists"),
        ("9999-12-31T23:59:59-14:00", "is not a time that exists"),
        ("2026-11-22T12:00:00+99:00", "is not a time that exists"),
        ("2026-11-22T12:00:00-00:00", "has the offset -00:00, which says that no time zone is known"),
    ],
)
def test_what_is_no_timestamp_is_refused(value, message):
    assert refused(formats.timestamp, value) == message


def test_only_the_second_version_takes_a_blank_between_date_and_time():
    value = "2026-11-22 12:00:00Z"
    assert formats.timestamp(value, version=V2) == dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
    assert refused(formats.timestamp, value, version=V1) == "needs a T between date and time"


@pytest.mark.parametrize("zone", ["-00", "-0000", "-00:00"])
def test_a_negative_zero_offset_is_refused_in_the_first_version_too(zone):
    assert refused(formats.timestamp, f"2026-11-22T12:00:00{zone}", version=V1) == (
        "has the offset -00:00, which says that no time zone is known"
    )
