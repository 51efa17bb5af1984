"""tousu staff: people, posts, invitations."""

from __future__ import annotations

import getpass
from typing import Annotated

import typer

from bots.cli.app import AsJson, Config, app, print_json
from casestore.codes import Role

staff = typer.Typer(help="工作人员: 添加、邀请、停用、列出。", no_args_is_help=True)
app.add_typer(staff, name="staff")

Name = Annotated[str, typer.Argument(help="姓名")]


@staff.command()
def add(
    name: Name,
    role: Annotated[Role, typer.Option(help="岗位")] = Role.OFFICER,
    unit: Annotated[str, typer.Option(help="承办单位代码，承办人必填")] = "",
    as_json: AsJson = False,
    config: Config = None,
) -> None:
    """添加一位工作人员；之后用 invite 取得邀请码，由本人在工作人员机器人里加入。"""
    done = _change(config, "staff.add", name=name, role=role.value, unit=unit)
    if as_json:
        print_json(done)
    else:
        typer.echo(f"已添加 {name}。请运行 tousu staff invite {name} 取得邀请码。")


@staff.command()
def invite(name: Name, as_json: AsJson = False, config: Config = None) -> None:
    """取得一次性邀请码(15 分钟内有效)。"""
    done = _change(config, "staff.invite", name=name)
    if as_json:
        print_json(done)
    else:
        typer.echo(f"请 {name} 在 15 分钟内，在工作人员机器人的私聊里发送:\n/start {done['code']}")


@staff.command()
def suspend(
    name: Name,
    restore: Annotated[bool, typer.Option("--restore", help="恢复")] = False,
    as_json: AsJson = False,
    config: Config = None,
) -> None:
    """停用(或恢复)一位工作人员，下一次按键起生效。"""
    done = _change(config, "staff.suspend", name=name, active=restore)
    if as_json:
        print_json(done)
    else:
        typer.echo(f"{name} 已{'恢复' if restore else '停用'}。")


@staff.command(name="reset-pin")
def reset_pin(name: Name, as_json: AsJson = False, config: Config = None) -> None:
    """清除一位工作人员的审批口令，由本人重新设置；会通知本人，并记入人事台账。"""
    done = _change(config, "staff.reset_pin", name=name)
    if as_json:
        print_json(done)
    else:
        told = "已通知本人" if done["told"] else "本人还没有加入或已停用，没有通知到"
        typer.echo(f"{name} 的审批口令已清除，{told}。请本人在工作人员机器人的私聊里用 /pin 重新设置。")


@staff.command()
def log(as_json: AsJson = False, config: Config = None) -> None:
    """人事台账: 谁在什么时候被添加、邀请、停用、恢复、清除口令，由谁操作。只能追加。"""
    from dataclasses import asdict  # noqa: PLC0415

    from bots.cli.store import read_store  # noqa: PLC0415
    from casestore.tables import officers, staff_ledger  # noqa: PLC0415
    from casestore.workdays import CHINA  # noqa: PLC0415
    from dialogs.texts import Texts  # noqa: PLC0415

    texts = Texts.load({})
    with read_store(config) as read:
        people = {officer.id: officer.name for officer, _ in read(officers.everyone)}
        entries = read(lambda tx: list(staff_ledger.read(tx)))
    if as_json:
        print_json([asdict(entry) for entry in entries])
        return
    for entry in entries:
        kind, _, who = entry.by.partition(":")
        by = people.get(int(who), who) if kind == "officer" else f"{texts.name('actor', kind)} {who}".strip()
        what = texts.name("staff_event", entry.what)
        typer.echo(f"{entry.at.astimezone(CHINA):%Y-%m-%d %H:%M}\t{people[entry.officer]}\t{what}\t{by}")


@staff.command(name="list")
def list_staff(as_json: AsJson = False, config: Config = None) -> None:
    """列出所有工作人员。"""
    from dataclasses import asdict  # noqa: PLC0415

    from bots.cli.store import read_store  # noqa: PLC0415
    from casestore.tables import officers  # noqa: PLC0415
    from dialogs.texts import Texts  # noqa: PLC0415

    texts = Texts.load({})
    with read_store(config) as read:
        everyone = read(officers.everyone)
    if as_json:
        print_json([{**asdict(officer), "joined": joined} for officer, joined in everyone])
        return
    for officer, joined in everyone:
        state = "停用" if not officer.active else ("已加入" if joined else "未加入")
        typer.echo(
            f"{officer.name}\t{texts.name('role', officer.role)}\t{officer.unit or ''}\t{state}\t{officer.id}"
        )


def _change(config: Config, verb: str, **given: object) -> dict[str, object]:
    from bots.control import change  # noqa: PLC0415
    from bots.settings import load  # noqa: PLC0415

    return change(load(config), verb, login=getpass.getuser(), **given)
