"""工作人员 on Telegram, through python-telegram-bot, with a token of its own: no citizen reaches its buttons."""
