"""How the local Telegram says no: one exception that becomes the body Telegram sends. No rule lives here."""

from typing import Any


class ApiError(Exception):
    """An answer with `ok: false`: `status` (HTTP and `error_code`), `description`, `parameters`."""

    def __init__(
        self, status: int, description: str, parameters: dict[str, Any] | None = None
    ) -> None:
        """Take the words exactly as Telegram writes them, prefix included."""
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters

    def body(self) -> dict[str, Any]:
        """The JSON of the answer."""
        body: dict[str, Any] = {
            "ok": False,
            "error_code": self.status,
            "description": self.description,
        }
        if self.parameters:
            body["parameters"] = self.parameters
        return body


class PhoneError(Exception):
    """Something a person cannot do on a phone: the button is not there, the message is protected."""


def bad_request(description: str, parameters: dict[str, Any] | None = None) -> ApiError:
    """400: the call itself is wrong."""
    return ApiError(400, f"Bad Request: {description}", parameters)


def forbidden(description: str) -> ApiError:
    """403: the bot may not, whatever it sends."""
    return ApiError(403, f"Forbidden: {description}")


def conflict(description: str) -> ApiError:
    """409: two ways of receiving updates at once."""
    return ApiError(409, f"Conflict: {description}")


def too_many_requests(seconds: int) -> ApiError:
    """429: come again in so many whole seconds."""
    return ApiError(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})
