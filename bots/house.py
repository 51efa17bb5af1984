"""The house: everything of one desk process, joined here and nowhere else."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import structlog

from admin import commands
from admin.caller import CallerDesk
from admin.card import Cards
from admin.commands import StaffDesk
from admin.counter import Counter, Policy
from admin.menus import Menus
from admin.showing import Showing
from bots import calendar_file, pacing
from bots.fetching import Fetcher
from bots.filing import Filing
from bots.front_desk import FrontDesk, Renderer
from bots.office import Office, OfficePaths, rules_of
from bots.pacing import Pacer, Rates
from bots.polling import Update, poll
from bots.reception import Reception
from bots.relay import Relay
from bots.sending import Refused, Sender, TryLater
from bots.service import Service
from bots.settings import Settings
from bots.staff_reception import StaffReception
from bots.status import StatusDesk
from bots.upkeep import Upkeep
from casestore import migrations
from casestore.codes import Channel
from casestore.desk import Desk
from casestore.seal import Sealer
from casestore.store import Store
from casestore.tables.evidence import Copies
from classifier import Classifier
from dialogs import words
from dialogs.engine import Engine

_log = structlog.get_logger("house")
_WECHAT_THREADS = 4

Clock = Callable[[], datetime]


def china_clock() -> datetime:
    """Now, in UTC: the only clock of the desk."""
    return datetime.now(UTC)


class Intake(Protocol):
    """A bot's updates, by polling or webhook."""

    async def take_in(self, number: int, raw: bytes) -> bytes: ...

    async def fetch(self, offset: int, seconds: int) -> list[Update]: ...

    async def call_back_at(self, url: str, secret: str) -> None: ...

    async def poll_instead(self) -> None: ...

    async def offer_commands(self) -> None: ...


class House:
    """Made of settings; `open` starts what runs, in the order of need, and stops it again."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock = china_clock,
        rates: Rates | None = pacing.TELEGRAM,
        classifier: Classifier | None = None,
    ) -> None:
        """`classifier`: one that is loaded already. Raises StoreError for what cannot be used: keys,
        database, trees, texts, tables."""
        self.settings, self.clock, self._rates, self._loaded = settings, clock, rates, classifier
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.office = Office.load(settings)
        self.store = Store(settings.database_url, Sealer.from_file(settings.keys_file))
        migrations.migrate(self.store.engine)
        self.desk = Desk(
            self.office.calendar, self.office.units, self.office.duty, rules_of(settings), self.office.roster
        )
        self.copies = Copies(settings.data_dir / "evidence", self.store.sealer)
        self.stop = asyncio.Event()
        self.citizen_ready = asyncio.Event()
        self._tasks: list[asyncio.Task[Any]] = []
        self._closing: list[Callable[[], Awaitable[None]]] = []

    @asynccontextmanager
    async def open(self) -> AsyncIterator[House]:
        """Running, from the classifier on; afterwards everything is finished and closed."""
        try:
            await self._start()
            yield self
        finally:
            self.stop.set()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            for close in self._closing:
                await close()
            await asyncio.to_thread(self.store.close)

    async def _start(self) -> None:
        if self._loaded is None:
            self._loaded = await asyncio.to_thread(self._load_classifier)
        self.classifier = self._loaded
        await self._count_by_this_calendar()
        await self.store.run(self.desk.follow_the_tree)
        texts, units = self.office.texts, self.office.units
        self.engine = Engine(self.office.trees, texts, self.office.answers)
        self.filing = Filing(self.desk, self.classifier, texts, units)
        self.reception = Reception(
            self.engine, self.desk, self.filing, StatusDesk(self.desk, texts), Service(self.desk, texts)
        )
        self.renderers: dict[Channel, Renderer] = {}
        self.front_desk = FrontDesk(
            self.store, self.reception, self.renderers, self.clock, texts.say("trouble")
        )
        self.fetcher = Fetcher(self.store, self.copies, {}, self.clock, texts)
        if self.settings.has_wechat:
            self._start_wechat()
        if self.settings.has_staff_bot:
            await self._start_staff_bot()
        if self.settings.has_citizen_bot:
            self._run(self._start_citizen_bot())
        else:
            self.citizen_ready.set()
        self._run(self.fetcher.run(self.stop))
        strangers = timedelta(days=self.settings.pii_forget_strangers_days)
        self._run(Upkeep(self.store, self.desk, self.engine, self.clock, strangers).run(self.stop))

    async def _count_by_this_calendar(self) -> None:
        """Limits that were counted by another table of working days, before the desk was started."""
        path = OfficePaths.of(self.settings.office_dir).calendar
        at = self.clock()
        moved = await self.store.run(lambda tx: calendar_file.count_anew(tx, self.desk, path, at))
        if moved:
            _log.info("limits-recomputed", cases=moved)

    def _load_classifier(self) -> Classifier:
        paths = OfficePaths.of(self.settings.office_dir)
        return Classifier.load(self.office.units, paths.lexicon, self.settings.data_dir / "cache")

    def _start_wechat(self) -> None:
        from bots.wechat.callback import Callback, Keys  # noqa: PLC0415 - only where configured
        from bots.wechat.client import ApiFailed, Client  # noqa: PLC0415
        from bots.wechat.passive import PassiveReply  # noqa: PLC0415
        from bots.wechat.sender import WeChatSender  # noqa: PLC0415

        settings = self.settings
        keys = Keys(
            settings.wechat_app_id,
            settings.wechat_token.get_secret_value(),
            settings.wechat_aes_key.get_secret_value(),
        )
        self.callback = Callback(keys)
        client = Client(
            settings.wechat_app_id, settings.wechat_app_secret.get_secret_value(), settings.wechat_api_base
        )
        threads = ThreadPoolExecutor(_WECHAT_THREADS, "wechat")
        self.renderers[Channel.WECHAT] = PassiveReply(self.callback, self.office.texts, self.desk)

        async def fetch(media_id: str) -> bytes:
            try:
                return await asyncio.get_running_loop().run_in_executor(threads, client.fetch_media, media_id)
            except ApiFailed as failed:
                if failed.code in (0, 40007):
                    raise Refused(f"errcode-{failed.code}") from None
                raise TryLater(f"errcode-{failed.code}") from None

        async def close() -> None:
            threads.shutdown(wait=False, cancel_futures=True)

        self._closing.append(close)
        self.fetcher.add(Channel.WECHAT, fetch)
        sender = WeChatSender(client, self.office.texts, threads, settings.wechat_template_id)
        self._relay(sender, None)

    async def _start_staff_bot(self) -> None:
        from bots.telegram_staff.bot import StaffBot  # noqa: PLC0415
        from bots.telegram_staff.intake import StaffIntake  # noqa: PLC0415

        texts, units = self.office.texts, self.office.units
        cards = Cards(texts, units, self.office.calendar, self.office.duty)
        showing = Showing(cards, Menus(texts, units, self.office.answers), texts, self.copies,
                          pii_over_telegram=self.settings.pii_over_telegram)  # fmt: skip
        token = self.settings.telegram_staff_token.get_secret_value()
        bot = await asyncio.to_thread(StaffBot, token, self.settings.telegram_api_base, showing)
        self._closing.append(bot.close)
        counter = Counter(self.desk, texts, Policy(self.settings.pii_over_telegram), self.office.replies)
        caller = CallerDesk(self.engine, self.filing)
        staff = StaffDesk(self.desk, counter, cards, texts, units, caller)
        self.staff_intake = StaffIntake(
            bot, StaffReception(self.store, staff, self.clock, texts.say("trouble")), commands.menu(texts)
        )
        self._relay(bot, self._rates)
        secret = self.settings.telegram_staff_secret.get_secret_value()
        self._run(self._receive("staff", self.staff_intake, "/telegram/staff", secret))

    async def _start_citizen_bot(self) -> None:
        """aiogram takes seconds to import: in a thread, while WeChat and staff are already served."""
        await asyncio.to_thread(_import_aiogram)
        from bots.telegram_citizen.bot import CitizenBot  # noqa: PLC0415
        from bots.telegram_citizen.intake import CitizenIntake  # noqa: PLC0415
        from bots.telegram_citizen.render import TelegramReply  # noqa: PLC0415

        token = self.settings.telegram_citizen_token.get_secret_value()
        bot = CitizenBot(token, self.settings.telegram_api_base, self.office.texts)
        self._closing.append(bot.close)
        self.renderers[Channel.TELEGRAM] = TelegramReply(self.office.texts, rides=self.settings.by_webhook)
        self.citizen_intake = CitizenIntake(bot, self.front_desk, words.menu(self.office.texts))
        self.fetcher.add(Channel.TELEGRAM, bot.fetch)
        self._relay(bot, self._rates)
        self.citizen_ready.set()
        secret = self.settings.telegram_citizen_secret.get_secret_value()
        await self._receive("citizen", self.citizen_intake, "/telegram/citizen", secret)

    async def _receive(self, name: str, intake: Intake, path: str, secret: str) -> None:
        """By webhook, or by polling until the house stops."""
        set_up = intake.poll_instead
        if self.settings.by_webhook:
            set_up = lambda: intake.call_back_at(f"{self.settings.server_public_url}{path}", secret)  # noqa: E731
        await self._until_it_works(name, set_up)
        await self._until_it_works(name, intake.offer_commands, tries=1)
        if not self.settings.by_webhook:
            await poll(name, intake.fetch, intake.take_in, self.stop)

    async def _until_it_works(
        self, name: str, call: Callable[[], Awaitable[None]], tries: int = 1_000_000
    ) -> None:
        """The platform may be out of reach at the start; the desk serves the others meanwhile."""
        for attempt in range(tries):
            if self.stop.is_set():
                return
            try:
                await call()
                return
            except Exception as error:  # the library's own errors are many
                _log.warning("platform-not-ready", bot=name, error=type(error).__name__)
            pause = timedelta(seconds=min(2**attempt, 30)).total_seconds()
            try:
                await asyncio.wait_for(self.stop.wait(), pause)
            except TimeoutError:
                continue

    def _relay(self, sender: Sender, rates: Rates | None) -> None:
        self._run(Relay(self.store, self.desk, sender, Pacer(rates), self.clock).run(self.stop))

    def _run(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        task.add_done_callback(_report)
        self._tasks.append(task)


def _report(task: asyncio.Task[None]) -> None:
    """A part of the house that ended by an error is a fault to be seen, not a silence."""
    if not task.cancelled() and (error := task.exception()) is not None:
        _log.error("part-died", error=type(error).__name__, exc_info=error)


def _import_aiogram() -> None:
    """Without a collection in between, and with what it made set aside: 16 ms stalls instead of 175 ms."""
    gc.disable()
    try:
        import bots.telegram_citizen.bot  # noqa: PLC0415
        import bots.telegram_citizen.intake  # noqa: F401, PLC0415
    finally:
        gc.freeze()
        gc.enable()
