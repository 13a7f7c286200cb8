"""The table of the pages: what is registered beside the API. Each page adds its line here."""

from bot.web import (
    board,
    court_page,
    delivery_pages,
    directory_pages,
    duty_sheet_page,
    entry_edit_page,
    fallback_page,
    feed_page,
    filing_pages,
    sign_in,
)
from bot.web.page_frame import PageHandler

#: (method, path, handler). Handlers find out who looks by `sign_in.viewer_of`.
PAGES: tuple[tuple[str, str, PageHandler], ...] = (
    ("GET", "/board", board.show),
    ("GET", "/board/events", board.events),
    ("GET", "/filings", filing_pages.index),
    ("GET", "/filings/{reference}", filing_pages.show),
    ("GET", "/deliveries", delivery_pages.show),
    ("GET", "/duty-sheet", duty_sheet_page.show),
    ("GET", "/duty-sheet.xlsx", duty_sheet_page.workbook),
    ("GET", "/directory", directory_pages.index),
    ("POST", "/directory", directory_pages.search),
    ("GET", "/directory/people/{number}/card.vcf", court_page.person_card),
    ("GET", "/directory/{code}", court_page.show),
    ("POST", "/directory/{code}", court_page.act),
    ("GET", "/directory/{code}/card.vcf", court_page.court_card),
    ("GET", "/directory/people/{number}/edit", entry_edit_page.person),
    ("POST", "/directory/people/{number}/edit", entry_edit_page.person),
    ("GET", "/directory/{code}/edit", entry_edit_page.court),
    ("POST", "/directory/{code}/edit", entry_edit_page.court),
    ("GET", "/directory/{code}/people/new", entry_edit_page.new_person),
    ("POST", "/directory/{code}/people/new", entry_edit_page.new_person),
    ("GET", "/ics/{secret}.ics", feed_page.show),
    ("GET", "/sign-in", sign_in.form),
    ("POST", "/sign-in", sign_in.use_form),
    ("GET", "/sign-in/{code}", sign_in.link),
    ("POST", "/sign-in/{code}", sign_in.use_link),
    ("POST", "/sign-out", sign_in.sign_out),
    ("GET", "/a/{token}", fallback_page.show),
    ("POST", "/a/{token}", fallback_page.press),
)
