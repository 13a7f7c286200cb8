"""A workbook made to exhaust whoever opens it is refused before anything of it is inflated."""

import struct
import zipfile
import zlib
from time import perf_counter

from directory import import_files
from directory.import_faults import XLSX_BROKEN, XLSX_UNSAFE

MEGABYTE = 2**20
INFLATED = 544
SHEET = "xl/worksheets/sheet1.xml"


def bomb(path, *, claims=None):
    """A workbook of about 1.7 MB whose one sheet inflates to 544 MB; `claims` is the size it says instead.

    Made without inflating it either: one compressed megabyte, repeated.
    """
    # Noise that compresses to three kilobytes a megabyte, so that the whole is as big as the real one.
    content = (b"<c>" + bytes(range(48, 58)) * 7) * (MEGABYTE // 73) + b" " * (MEGABYTE % 73)
    content = content[:MEGABYTE]
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    one = packer.compress(content) + packer.flush(zlib.Z_FULL_FLUSH)
    stream = one * INFLATED + packer.flush(zlib.Z_FINISH)
    size = claims if claims is not None else INFLATED * MEGABYTE
    name = SHEET.encode()
    # The checksum is never reached by an honest reader that refuses in time.
    head = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 33, 0, len(stream), size, len(name), 0)
    entry = b"PK\x03\x04" + head + name + stream
    central = (
        b"PK\x01\x02" + struct.pack("<H", 20) + head + struct.pack("<HHHII", 0, 0, 0, 0, 0) + name
    )
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), len(entry), 0)
    path.write_bytes(entry + central + end)
    return path


def refused(path):
    tables, (fault,) = import_files.read_files([path])
    assert tables == ()
    return fault.reason


def test_half_a_gigabyte_in_less_than_two_megabytes_is_refused_unopened(
    tmp_path, monkeypatch, record_property
):
    path = bomb(tmp_path / "炸弹.xlsx")
    assert MEGABYTE < path.stat().st_size < 2 * MEGABYTE

    def opened(*_anything, **_more):
        message = "something was inflated"
        raise AssertionError(message)

    monkeypatch.setattr(zipfile.ZipFile, "open", opened)
    monkeypatch.setattr(zlib, "decompressobj", opened)
    monkeypatch.setattr(import_files.subprocess, "run", opened)
    began = perf_counter()
    assert refused(path) is XLSX_UNSAFE
    record_property(
        "workbook of 544 MB refused after milliseconds", round(1000 * (perf_counter() - began), 1)
    )


def test_a_workbook_that_lies_about_its_size_is_inflated_no_further_than_it_says(tmp_path):
    path = bomb(tmp_path / "炸弹.xlsx", claims=900_000)
    assert refused(path) is XLSX_BROKEN
