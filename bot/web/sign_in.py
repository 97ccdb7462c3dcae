"""Signing in by a link that works once, staying signed in by a cookie, signing out."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.app import App
from bot.team import store as team
from bot.team.model import Person
from bot.web import store
from bot.web.frame import Frame

COOKIE = "paceline"


@dataclass(frozen=True, slots=True)
class SignIn:
    """The endpoints of signing in and out, and `who` for all others."""

    app: App
    frame: Frame

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/in/{token}", self.link, methods=["GET"]),
            Route("/in/{token}", self.enter, methods=["POST"]),
            Route("/sign-in", self.explain),
            Route("/sign-out", self.leave, methods=["POST"]),
        ]

    def who(self, request: Request) -> Person | None:
        """The person whose session the cookie opens; people who left the roster have none."""
        token = request.cookies.get(COOKIE, "")
        if not token:
            return None
        now, workspace = self.app.now(), self.app.workspace
        with self.app.db.read() as db:
            found = store.session_of(db, workspace, token, now)
            person = team.person_by_id(db, workspace, found[0]) if found else None
        if found and found[1]:
            with self.app.db.begin() as db:
                store.seen(db, token, now)
        return person if person and person.active else None

    def link(self, request: Request) -> Response:
        """A page that signs in by itself. Looking at it, as previews of links do, does not use the link up."""
        token = request.path_params["token"]
        if self._is_mine(request, token):
            return RedirectResponse("/chat", 303)
        return self.frame.page(request, None, "signing_in.html", {"token": token})

    def _is_mine(self, request: Request, token: str) -> bool:
        who = self.who(request)
        with self.app.db.read() as db:
            owner = store.link_owner(db, self.app.workspace, token)
        return who is not None and who.id == owner

    def enter(self, request: Request) -> Response:
        token = request.path_params["token"]
        if self._is_mine(request, token):
            return RedirectResponse("/chat", 303)
        with self.app.db.begin() as db:
            person_id = store.use_link(db, self.app.workspace, token, self.app.now())
            person = team.person_by_id(db, self.app.workspace, person_id) if person_id else None
            if person is None or not person.active:
                return self.frame.page(request, None, "sign_in.html", {"lapsed": True}, 410)
            cookie = store.open_session(db, self.app.workspace, person.id, self.app.now())
        response = RedirectResponse("/chat", 303)
        secure = self.app.settings.base_url.startswith("https://")
        life = int(store.SESSION_LIVES.total_seconds())
        response.set_cookie(COOKIE, cookie, max_age=life, path="/", secure=secure, httponly=True, samesite="lax")
        return response

    def explain(self, request: Request) -> Response:
        return self.frame.page(request, None, "sign_in.html", {"lapsed": False})

    def signed_out(self, request: Request) -> Response:
        """What stands in the place of a page for somebody who is not signed in."""
        return self.frame.page(request, None, "sign_in.html", {"lapsed": False}, 401)

    def leave(self, request: Request) -> Response:
        with self.app.db.begin() as db:
            store.close_session(db, request.cookies.get(COOKIE, ""))
        response = RedirectResponse("/sign-in", 303)
        response.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax")
        return response
