"""A reference file as people's programs save it."""

import pytest

from organisations.domain.reference_files import Problems, read_csv

CELLS = [["code", "name"], ["791", "Viborg"], ["740", "Silkeborg; og Gjern, og Them"]]


def read(folder):
    problems = Problems()
    records = read_csv(folder, "units.csv", columns=["code", "name"], problems=problems)
    return [list(record.values.values()) for record in records], problems.sentences


@pytest.mark.parametrize("delimiter", [",", ";"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_commas_or_semicolons_a_mark_or_none_and_either_end_of_line(tmp_path, delimiter, encoding, ending):
    lines = [delimiter.join(f'"{cell}"' for cell in row) for row in CELLS]
    (tmp_path / "units.csv").write_bytes((ending.join(lines) + ending).encode(encoding))
    assert read(tmp_path) == (CELLS[1:], [])


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_another_encoding_is_refused_with_what_to_do(tmp_path, encoding):
    (tmp_path / "units.csv").write_bytes("code,name\n746,Skanderborg på ø\n".encode(encoding))
    rows, (sentence,) = read(tmp_path)
    assert (rows, sentence.endswith("the file isn't UTF-8. Save it as UTF-8.")) == ([], True)
