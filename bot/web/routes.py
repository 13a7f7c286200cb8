"""The one table of the API's operations: what is registered, checked first and described comes from it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from aiohttp import web
from pydantic import BaseModel

from bot.web import (
    bulletins_api,
    changes_api,
    directory_api,
    directory_edit_api,
    filing_actions_api,
    filings_api,
    forms_api,
    schemas,
    statistics_api,
)
from bot.web.authentication import Caller
from bot.web.scopes import READING_ROLES

Handler = Callable[[web.Request, Caller], Awaitable[web.Response]]

FILING_ROLES = frozenset({"intake", "coordinator", "admin"})
ANSWERING_ROLES = frozenset({"coordinator", "admin"})

#: What may happen to any request that carries a token.
_ALWAYS = (401, 403, 422, 500, 503)
#: What may happen to a body besides.
_BODY = (400, 413, 415)


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the API."""

    method: Literal["GET", "POST", "PUT"]
    path: str
    #: The `operationId`; the router knows the route by it as well.
    name: str
    summary: str
    handler: Handler
    #: Roles of the tokens that may ask; each handler narrows further by scope.
    roles: frozenset[str]
    #: The model of each success, by status; None has no body.
    answers: Mapping[int, type[BaseModel] | None]
    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    #: What each part of the path in braces is.
    path_parameters: Mapping[str, str] = field(default_factory=dict)
    #: Problems besides those of `all_problems`.
    problems: tuple[int, ...] = ()
    #: Headers that the request must carry, each with what it is.
    needed_headers: Mapping[str, str] = field(default_factory=dict)
    #: Headers of the successes.
    headers: Mapping[int, tuple[str, ...]] = field(default_factory=dict)

    @property
    def all_problems(self) -> tuple[int, ...]:
        """Every status of a problem that may be answered, in order."""
        body = _BODY if self.body else ()
        path = (404,) if self.path_parameters else ()
        return tuple(sorted({*_ALWAYS, *body, *path, *self.problems}))


_REFERENCE = MappingProxyType({"reference": "The filing's reference, percent-encoded."})
_CODE = MappingProxyType({"code": "The court's 法院代字, percent-encoded."})
_EDITION = MappingProxyType({"If-Match": "The `ETag` that GET of the court gave."})
_ONE = f"{filings_api.PATH}/{{reference}}"
_COURTS = "/api/v1/courts"
_FILING = MappingProxyType({200: schemas.FilingAnswer})

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "POST",
        filings_api.PATH,
        "fileFiling",
        "Hand in a filing; the same again is answered with what is stored.",
        filings_api.file,
        FILING_ROLES,
        {201: schemas.FilingAnswer, 200: schemas.FilingAnswer},
        body=schemas.FilingRequest,
        problems=(409,),
        headers={201: ("Location",)},
    ),
    Operation(
        "GET",
        filings_api.PATH,
        "listFilings",
        "Filings within the token's scope, newest first.",
        filings_api.index,
        READING_ROLES,
        {200: schemas.FilingListAnswer},
        query=schemas.FilingListQuery,
    ),
    Operation(
        "GET",
        _ONE,
        "showFiling",
        "Where a filing stands, with its history.",
        filings_api.show,
        READING_ROLES,
        _FILING,
        path_parameters=_REFERENCE,
    ),
    Operation(
        "POST",
        f"{_ONE}/acknowledge",
        "acknowledgeFiling",
        "Take a filing for its jurisdiction court, once.",
        filing_actions_api.acknowledge,
        ANSWERING_ROLES,
        _FILING,
        body=schemas.AcknowledgeRequest,
        path_parameters=_REFERENCE,
        problems=(409,),
    ),
    Operation(
        "POST",
        f"{_ONE}/result",
        "giveResult",
        "Give the jurisdiction court's result; acknowledges first if need be.",
        filing_actions_api.result,
        ANSWERING_ROLES,
        _FILING,
        body=schemas.ResultRequest,
        path_parameters=_REFERENCE,
        problems=(409,),
    ),
    Operation(
        "POST",
        f"{_ONE}/supplement",
        "supplementFiling",
        "Say that what a correction asked for has been handed in.",
        filing_actions_api.supplement,
        FILING_ROLES,
        _FILING,
        body=schemas.EmptyRequest,
        path_parameters=_REFERENCE,
        problems=(409,),
    ),
    Operation(
        "POST",
        f"{_ONE}/nudge",
        "nudgeFiling",
        "Ask the jurisdiction court again, at most once in ten minutes.",
        filing_actions_api.nudge,
        FILING_ROLES,
        _FILING,
        body=schemas.EmptyRequest,
        path_parameters=_REFERENCE,
        problems=(409, 429),
    ),
    Operation(
        "POST",
        f"{_ONE}/withdraw",
        "withdrawFiling",
        "Take a filing back before it is completed.",
        filing_actions_api.withdraw,
        FILING_ROLES,
        _FILING,
        body=schemas.WithdrawRequest,
        path_parameters=_REFERENCE,
        problems=(409,),
    ),
    Operation(
        "POST",
        f"{_ONE}/send-on",
        "sendFilingOn",
        "File a returned filing anew with the court that decides, once; answers the new filing.",
        filing_actions_api.send_on,
        FILING_ROLES,
        {201: schemas.FilingAnswer},
        body=schemas.SendOnRequest,
        path_parameters=_REFERENCE,
        problems=(409,),
        headers={201: ("Location",)},
    ),
    Operation(
        "POST",
        f"{_ONE}/supervise",
        "superviseFiling",
        "Order an answer as the province's coordinator, at most once in ten minutes.",
        filing_actions_api.supervise,
        ANSWERING_ROLES,
        _FILING,
        body=schemas.EmptyRequest,
        path_parameters=_REFERENCE,
        problems=(409, 429),
    ),
    Operation(
        "GET",
        _COURTS,
        "findCourts",
        "The courts that the words mean, best first.",
        directory_api.search,
        READING_ROLES,
        {200: schemas.CourtListAnswer},
        query=schemas.CourtListQuery,
    ),
    Operation(
        "GET",
        f"{_COURTS}/{{code}}",
        "showCourt",
        "A court with its people.",
        directory_api.show,
        READING_ROLES,
        {200: schemas.CourtWithOfficersAnswer, 304: None},
        path_parameters=_CODE,
        headers={200: ("ETag",), 304: ("ETag",)},
    ),
    Operation(
        "GET",
        f"{_COURTS}/{{code}}/on-duty",
        "showOnDuty",
        "Who answers for a court at an instant, and whether it is open then.",
        directory_api.on_duty,
        READING_ROLES,
        {200: schemas.OnDutyAnswer},
        query=schemas.OnDutyQuery,
        path_parameters=_CODE,
    ),
    Operation(
        "GET",
        statistics_api.PATH,
        "showStatistics",
        "Figures of the filings within the token's scope: by province, court, case type or day, and in total.",
        statistics_api.show,
        READING_ROLES,
        {200: statistics_api.StatisticsAnswer},
        query=statistics_api.StatisticsAsked,
    ),
    Operation(
        "GET",
        bulletins_api.PATH,
        "showBulletin",
        "A published bulletin of the token's province or of the nation: frozen figures, corrections beside them.",
        bulletins_api.show,
        READING_ROLES,
        {200: bulletins_api.BulletinAnswer},
        path_parameters={"number": "How it is cited (辽跨域通报〔2019〕第3期), percent-encoded."},
    ),
    Operation(
        "GET",
        forms_api.PATH,
        "listForms",
        "Forms (填报) that courts in the token's scope fill, newest first, with how many have handed in.",
        forms_api.index,
        READING_ROLES,
        {200: forms_api.FormListAnswer},
        query=forms_api.FormListQuery,
    ),
    Operation(
        "GET",
        forms_api.ONE,
        "showForm",
        "A form: its questions, and of each court in the token's scope how far it is and what it handed in.",
        forms_api.show,
        READING_ROLES,
        {200: forms_api.FormAnswer},
        path_parameters={"number": "The form's id."},
    ),
    Operation(
        "GET",
        changes_api.PATH,
        "listDirectoryChanges",
        "What changed in the directory, oldest first; follow it by its cursor and miss nothing.",
        changes_api.index,
        READING_ROLES,
        {200: changes_api.ChangeListAnswer},
        query=changes_api.ChangeListQuery,
    ),
    Operation(
        "PUT",
        directory_edit_api.PATH,
        "replaceCourt",
        "Write a court and its people as a whole, over the edition that was read; who is missing departs.",
        directory_edit_api.replace,
        ANSWERING_ROLES,
        {200: schemas.CourtWithOfficersAnswer},
        body=directory_edit_api.CourtEntry,
        path_parameters=_CODE,
        problems=(412, 428),
        needed_headers=_EDITION,
        headers={200: ("ETag",)},
    ),
)
