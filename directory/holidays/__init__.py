"""The announced holidays and make-up working days (调休), one JSON file a year; no code.

Each file names the notices of the General Office of the State Council it follows (国务院办公厅
关于……节假日安排的通知, with its number), then `off`: the days on which courts are closed, and
`work`: the weekend days on which they work, each with the holiday it belongs to. Ordinary weekends
are not listed. Holidays that one city or province added for itself are not in the files.

How the files of 2019 to 2026 were made: every day of each year was asked of two independent
packages, `chinesecalendar` 1.11 and `holidays` 0.109, which agreed on all 2,922 of them; the dates
of the notices that changed a year afterwards (May 2019, Spring Festival 2020) and the numbers of
the notices were checked against the notices' texts. `tests/unit/test_calendars.py` holds known
dates. The next year is announced each autumn: write its file by the notice, or bring it in with
`calendar import`; until then that year counts as estimated (预估), with weekends alone.
"""
