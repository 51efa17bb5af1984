"""消费者 on Telegram, through aiogram. Importing this package's modules loads aiogram (4 s, 165 MB):
only `bots.wiring` does it, and only where a citizen bot is configured."""
