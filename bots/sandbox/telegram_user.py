"""A person with the Telegram app."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bots.sandbox.bot_account import Bot
from bots.sandbox.bot_text import marks, pieces
from bots.sandbox.bot_world import Press, World
from bots.sandbox.bubble import Button, Content
from bots.sandbox.telegram_account import Account
from bots.sandbox.telegram_chat import TelegramChat
from bots.sandbox.telegram_message import Message

Place = Bot | TelegramChat


class TelegramUser:
    """What the app lets a person do. A place is a bot (its private chat) or a group.

    Everything returns at once; the desk hears of it by its own polling or by webhook.
    """

    def __init__(self, world: World, account: Account) -> None:
        self._world = world
        self.account = account

    def chat(self, place: Place) -> TelegramChat:
        """Opens the private chat on first use."""
        return self._world.private(place, self.account) if isinstance(place, Bot) else place

    def start(self, bot: Bot, payload: str = "") -> Message:
        """The START button, or a link `t.me/bot?start=payload`; lets a blocked bot in again."""
        chat = self.chat(bot)
        if chat.blocked:
            self._world.block(chat, self.account, blocked=False)
        return self.say(f"/start {payload}".strip(), bot)

    def say(self, text: str, place: Place, *, reply_to: int = 0) -> Message:
        """A text over the limit is sent as several messages, as the app does; the last is returned."""
        chat = self.chat(place)
        for piece in pieces(text):
            message = self._world.post(
                chat, self.account, Content.TEXT, text=piece, entities=marks(piece), reply_to=reply_to
            )
        return message

    def forward(self, text: str, place: Place, *, by: Account) -> Message:
        """A text `by` wrote elsewhere."""
        return self._world.post(
            self.chat(place), self.account, Content.TEXT, text=text, entities=marks(text), origin=by
        )

    def edit(self, message: Message, text: str, place: Place) -> Message:
        """An own earlier message."""
        return self._world.change(self.chat(place), message, text=text, entities=marks(text))

    def press(self, label: str, place: Place, *, message: int = 0, inaccessible: bool = False) -> Press:
        """The newest button of that label, or the one of a certain `message` however old."""
        chat = self.chat(place)
        for candidate in reversed(chat.messages.values()):
            if message in (0, candidate.number):
                for row in candidate.keyboard:
                    for button in row:
                        if button.label == label and not button.url:
                            return self._world.press(
                                chat, candidate, button, self.account, inaccessible=inaccessible
                            )
        raise LookupError(f"no button {label!r} in {chat.view.key}")

    def press_forged(self, data: str, message: Message, place: Place) -> Press:
        """A changed app can send any data for a message it sees."""
        button = Button(label="(forged)", data=data)
        return self._world.press(self.chat(place), message, button, self.account, inaccessible=False)

    def send_photo(
        self, content: bytes, place: Place, *, caption: str = "", name: str = "photo.jpg", album: str = ""
    ) -> Message:
        return self._send(place, Content.PHOTO, "photos", content, name, "image/jpeg", caption, album=album)

    def send_album(self, photos: Sequence[bytes], place: Place, *, caption: str = "") -> list[Message]:
        """Separate messages with one media_group_id and no end mark; the caption is on the first."""
        album = str(13_000_000_000 + self._world.clock.seconds())
        return [
            self.send_photo(photo, place, caption=caption if not number else "", album=album)
            for number, photo in enumerate(photos)
        ]

    def send_document(
        self,
        content: bytes,
        place: Place,
        *,
        name: str,
        mime: str = "application/octet-stream",
        caption: str = "",
        size: int = 0,
    ) -> Message:
        """`size` pretends a larger file than `content`."""
        return self._send(place, Content.DOCUMENT, "documents", content, name, mime, caption, size=size)

    def send_voice(self, content: bytes, place: Place, *, duration: int = 3) -> Message:
        facts = {"duration": duration}
        return self._send(place, Content.VOICE, "voice", content, "voice.oga", "audio/ogg", facts=facts)

    def send_video(self, content: bytes, place: Place, *, duration: int = 5, size: int = 0) -> Message:
        facts = {"duration": duration, "width": 640, "height": 480}
        return self._send(
            place, Content.VIDEO, "videos", content, "video.mp4", "video/mp4", facts=facts, size=size
        )

    def send_sticker(self, place: Place, *, emoji: str = "👍") -> Message:
        facts = {
            "emoji": emoji,
            "width": 512,
            "height": 512,
            "type": "regular",
            "is_animated": False,
            "is_video": False,
        }
        return self._send(
            place, Content.STICKER, "stickers", b"RIFF", "sticker.webp", "image/webp", facts=facts
        )

    def send_location(self, latitude: float, longitude: float, place: Place) -> Message:
        facts = {"latitude": latitude, "longitude": longitude}
        return self._world.post(self.chat(place), self.account, Content.LOCATION, facts=facts)

    def send_contact(self, phone: str, place: Place) -> Message:
        """The person's own card."""
        facts = {
            "phone_number": phone,
            "first_name": self.account.first_name,
            "user_id": self.account.id,
        }
        return self._world.post(self.chat(place), self.account, Content.CONTACT, facts=facts)

    def block(self, bot: Bot) -> None:
        self._world.block(self.chat(bot), self.account, blocked=True)

    def join(self, group: TelegramChat) -> None:
        self._world.join(group, self.account, by=self.account)

    def kick(self, group: TelegramChat, bot: Bot) -> None:
        self._world.kick(group, bot, self.account)

    def upgrade(self, group: TelegramChat) -> TelegramChat:
        """To a supergroup, with a new id."""
        return self._world.upgrade(group, self.account)

    def _send(
        self,
        place: Place,
        content: Content,
        folder: str,
        data: bytes,
        name: str,
        mime: str,
        caption: str = "",
        *,
        facts: Mapping[str, object] | None = None,
        album: str = "",
        size: int = 0,
    ) -> Message:
        file = self._world.files.keep(folder, data, name=name, mime=mime, size=size)
        return self._world.post(
            self.chat(place),
            self.account,
            content,
            text=caption,
            entities=marks(caption),
            file=file,
            facts=facts or {},
            album=album,
        )
