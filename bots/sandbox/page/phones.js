// Four phones on one event stream. State lives in `chats`; the nodes follow it.

import { choices, clock, make, paintAvatar, render, stamp } from "./bubbles.js";
import { picture, preview } from "./receipts.js";

const config = JSON.parse(document.getElementById("config").textContent);

/** chat key → { ready, bubbles: Map(number → bubble) } */
const chats = new Map();
/** seat name → { name, chat, wechat, group, people, actor, log, tab, phone, unread, draft } */
const seats = new Map();
/** look → { node, active, visible, unread, … } */
const phones = new Map();

const role = (node, name) => node.querySelector(`[data-role="${name}"]`);

// acts

async function post(path, body, headers = {}) {
  const answer = await fetch(path, { method: "POST", headers: { "X-Phones": "1", ...headers }, body });
  if (!answer.ok) throw new Error((await answer.json().catch(() => ({}))).error || `HTTP ${answer.status}`);
}

async function act(seat, name, more = {}) {
  const body = JSON.stringify({ seat: seat.name, person: seat.actor, ...more });
  try {
    await post(`/phones/${name}`, body, { "Content-Type": "application/json" });
    return true;
  } catch (error) {
    complain(seat.phone, error.message);
    return false;
  }
}

async function sendFile(seat, blob, name) {
  const query = new URLSearchParams({ seat: seat.name, person: seat.actor, name });
  try {
    await post(`/phones/file?${query}`, blob, { "Content-Type": "application/octet-stream" });
  } catch (error) {
    complain(seat.phone, error.message);
  }
}

function complain(phone, words) {
  const node = make("div", "trouble", `没有发出去：${words}`);
  node.setAttribute("role", "alert");
  role(phone.node, "foot").before(node);
  setTimeout(() => node.remove(), 4000);
}

// what is shown

const chatOf = (seat) => chats.get(seat.chat) ?? { ready: false, bubbles: new Map() };

function nodeOf(seat, bubble) {
  const answered = bubble.reply_to ? chatOf(seat).bubbles.get(bubble.reply_to) : null;
  const address = `/phones/file/${seat.name}/${bubble.number}`;
  const node = render(bubble, { seat, actor: seat.actor, address, answered });
  node.dataset.number = bubble.number;
  return node;
}

const atEnd = (log) => log.scrollHeight - log.scrollTop - log.clientHeight < 60;

function toEnd(log) {
  log.scrollTop = log.scrollHeight;
}

function drawAll(seat) {
  seat.log.setAttribute("aria-busy", "true"); // nobody wants all of it read out again
  seat.log.replaceChildren();
  let before = null;
  for (const bubble of chatOf(seat).bubbles.values()) {
    append(seat, before, bubble);
    before = bubble;
  }
  if (!before) seat.log.append(welcome(seat));
  toEnd(seat.log);
  seat.log.removeAttribute("aria-busy");
}

function welcome(seat) {
  const card = make("div", "empty");
  const avatar = make("span", "avatar");
  const name = seat.log.dataset.title;
  paintAvatar(avatar, name);
  avatar.setAttribute("aria-hidden", "true");
  card.append(avatar, make("strong", "", name), make("p", "", seat.phone.node.dataset.welcome));
  return card;
}

function append(seat, before, bubble) {
  const time = stamp(before, bubble);
  if (time) seat.log.append(time);
  const node = nodeOf(seat, bubble);
  seat.log.append(node);
  return node;
}

function draw(seat, bubble, before) {
  const follow = atEnd(seat.log) || (!bubble.from_desk && bubble.who === seat.actor);
  const old = seat.log.querySelector(`[data-number="${bubble.number}"]`);
  if (old) {
    const node = nodeOf(seat, bubble);
    node.classList.add("changed");
    old.replaceWith(node);
  } else {
    seat.log.querySelector(".empty")?.remove();
    append(seat, before, bubble).classList.add("arrived");
  }
  if (follow) toEnd(seat.log);
  const active = seat.phone.active === seat;
  const foreign = bubble.from_desk || bubble.who !== seat.actor;
  if (foreign) flash(seat.phone);
  if (foreign && !old) {
    if (active && !follow) role(seat.phone.node, "newer").hidden = false;
    if (!active) seat.unread += 1;
    if (!seat.phone.visible) seat.phone.unread += 1;
  }
  drawBadges(seat.phone);
  if (active) drawChips(seat.phone);
}

function flash(phone) {
  phone.node.classList.add("fresh");
  clearTimeout(phone.flash);
  phone.flash = setTimeout(() => phone.node.classList.remove("fresh"), 900);
}

function drawBadge(node, count, whose) {
  if (!node) return;
  node.hidden = count === 0;
  node.textContent = count > 99 ? "99+" : String(count);
  node.setAttribute("aria-label", `${whose}有 ${count} 条未读`);
}

function drawBadges(phone) {
  for (const seat of phone.seats) drawBadge(seat.tab?.querySelector(".badge"), seat.unread, seat.title);
  drawBadge(phone.jump?.querySelector(".badge"), phone.unread, "");
}

function drawChips(phone) {
  const chips = role(phone.node, "chips");
  for (const chip of chips.querySelectorAll(".answer")) chip.remove();
  const seat = phone.active;
  if (!seat.wechat) return;
  const last = [...chatOf(seat).bubbles.values()].reverse().find((bubble) => bubble.from_desk);
  const found = last && last.content === "text" && !last.buttons.length ? choices(last.text) : [];
  const nodes = found.slice(0, 12).map(([number, label]) => {
    const chip = make("button", "chip answer", `${number} ${label}`);
    chip.type = "button";
    chip.dataset.role = "answer";
    chip.dataset.text = number;
    chip.title = `回复 ${number}`;
    return chip;
  });
  chips.prepend(...nodes);
  if (nodes.length) chips.scrollLeft = 0;
}

function drawSeat(seat) {
  const { phone } = seat;
  if (phone.active !== seat) return;
  const { ready } = chatOf(seat);
  const name = seat.log.dataset.title;
  role(phone.node, "title").textContent = name;
  const owner = `${seat.people[0].name}的手机`;
  const place = seat.group ? `群组 · ${seat.people.length + 1} 名成员` : `机器人 · ${owner}`;
  role(phone.node, "subtitle").textContent = seat.wechat ? owner : place;
  paintAvatar(role(phone.node, "avatar"), name);
  role(phone.node, "gate").hidden = ready;
  role(phone.node, "foot").hidden = !ready;
  role(phone.node, "leave").textContent = seat.wechat ? "取消关注" : "停用机器人";
  role(phone.node, "more").toggleAttribute("data-idle", !ready || seat.group);
  const actor = role(phone.node, "actor");
  if (actor) {
    actor.hidden = seat.people.length < 2;
    const select = actor.querySelector("select");
    select.replaceChildren(...seat.people.map((person) => new Option(person.name, person.id)));
    select.value = seat.actor;
  }
}

function open(seat, { focus = false } = {}) {
  const { phone } = seat;
  const input = role(phone.node, "input");
  if (phone.active) phone.active.draft = input.value;
  phone.active = seat;
  for (const other of phone.seats) {
    other.log.hidden = other !== seat;
    other.tab?.setAttribute("aria-selected", String(other === seat));
    if (other.tab) other.tab.tabIndex = other === seat ? 0 : -1;
  }
  seat.unread = 0;
  input.value = seat.draft;
  grow(input);
  role(phone.node, "newer").hidden = true;
  role(phone.node, "toast").hidden = true;
  drawSeat(seat);
  drawBadges(phone);
  drawChips(phone);
  toEnd(seat.log);
  if (focus) seat.tab?.focus();
}

function drawMenu(menu) {
  for (const phone of phones.values()) {
    const node = role(phone.node, "menu");
    node?.replaceChildren(
      ...menu.map(({ label, key }) => {
        const button = make("button", "", label);
        button.type = "button";
        button.dataset.role = "menu-item";
        button.dataset.key = key;
        return button;
      }),
    );
  }
}

function showToast(seat, { text, alert }) {
  for (const key of seat.log.querySelectorAll(".key.busy")) key.classList.remove("busy");
  if (!text || seat.phone.active !== seat) return;
  if (alert) {
    const dialog = document.querySelector('[data-role="alert"]');
    dialog.querySelector("p").textContent = text;
    dialog.showModal();
    return;
  }
  const toast = role(seat.phone.node, "toast");
  toast.textContent = text;
  toast.hidden = false;
  clearTimeout(seat.phone.toast);
  seat.phone.toast = setTimeout(() => { toast.hidden = true; }, 3200);
}

/** As tall as its text; one line when empty, or while it is not shown and has no height. */
function grow(input) {
  input.style.height = "";
  if (input.value && input.scrollHeight) input.style.height = `${Math.min(input.scrollHeight + 2, 104)}px`;
}

// the stream

const handlers = {
  reset({ chats: all, menu }) {
    chats.clear();
    for (const [key, { ready, bubbles }] of Object.entries(all)) {
      chats.set(key, { ready, bubbles: new Map(bubbles.map((bubble) => [bubble.number, bubble])) });
    }
    drawMenu(menu);
    for (const seat of seats.values()) {
      drawAll(seat);
      drawSeat(seat);
    }
    for (const phone of phones.values()) drawChips(phone);
  },
  bubble({ chat, ready, bubble }) {
    const state = chats.get(chat);
    const before = [...state.bubbles.values()].at(-1);
    state.bubbles.set(bubble.number, bubble);
    becomeReady(chat, ready);
    for (const seat of seats.values()) if (seat.chat === chat) draw(seat, bubble, before);
  },
  gone({ chat, number }) {
    chats.get(chat).bubbles.delete(number);
    for (const seat of seats.values()) {
      if (seat.chat === chat) seat.log.querySelector(`[data-number="${number}"]`)?.remove();
    }
  },
  toast({ chat, viewer, text, alert }) {
    for (const seat of seats.values()) if (seat.chat === chat && seat.actor === viewer) showToast(seat, { text, alert });
  },
  ready({ chat, ready }) {
    becomeReady(chat, ready);
  },
  menu({ menu }) {
    drawMenu(menu);
  },
};

function becomeReady(chat, ready) {
  const state = chats.get(chat);
  if (state.ready === ready) return;
  state.ready = ready;
  for (const seat of seats.values()) if (seat.chat === chat) drawSeat(seat);
}

function listen() {
  const live = document.querySelector('[data-role="live"]');
  const tell = (state, words) => {
    if (live.dataset.state === state) return;
    live.dataset.state = state;
    live.textContent = words;
  };
  const stream = new EventSource("/phones/events");
  stream.addEventListener("open", () => tell("live", "实时"));
  stream.addEventListener("error", () => {
    tell("lost", "重新连接中");
    if (stream.readyState === EventSource.CLOSED) setTimeout(listen, 2000);
  });
  for (const [name, handle] of Object.entries(handlers)) {
    stream.addEventListener(name, (event) => handle(JSON.parse(event.data)));
  }
  addEventListener("pagehide", () => stream.close(), { once: true });
}

// fingers

function fill(phone, text) {
  const input = role(phone.node, "input");
  input.value = text;
  grow(input);
  input.focus();
}

async function say(phone) {
  const input = role(phone.node, "input");
  const text = input.value.trim();
  if (!text) return;
  input.value = "";
  grow(input);
  if (!(await act(phone.active, "say", { text }))) fill(phone, text);
}

async function press(seat, key) {
  const message = Number(key.closest("[data-number]").dataset.number);
  if (!seat.wechat) {
    key.classList.add("busy");
    setTimeout(() => key.classList.remove("busy"), 15_000);
  }
  if (!(await act(seat, "press", { message, label: key.dataset.label }))) key.classList.remove("busy");
}

function toggleSheet(phone, shown) {
  role(phone.node, "sheet").hidden = !shown;
  role(phone.node, "photo").setAttribute("aria-expanded", String(shown));
}

function togglePopup(phone, shown) {
  role(phone.node, "popup").hidden = !shown;
  role(phone.node, "more").setAttribute("aria-expanded", String(shown));
}

const fingers = {
  send: () => {},
  tab: (phone, node) => open(seats.get(node.dataset.seat)),
  button: (phone, node) => press(phone.active, node),
  suggestion: (phone, node) => fill(phone, node.dataset.text),
  answer: (phone, node) => act(phone.active, "say", { text: node.dataset.text }),
  "menu-item": (phone, node) => act(phone.active, "menu", { key: node.dataset.key }),
  begin: (phone) => act(phone.active, "begin"),
  more: (phone) => togglePopup(phone, role(phone.node, "popup").hidden),
  leave: (phone) => {
    togglePopup(phone, false);
    act(phone.active, "leave");
  },
  photo: (phone) => toggleSheet(phone, role(phone.node, "sheet").hidden),
  sample: async (phone, node) => {
    toggleSheet(phone, false);
    const { blob, name } = await picture(node.dataset.sample);
    await sendFile(phone.active, blob, name);
  },
  own: (phone) => role(phone.node, "file").click(),
  voice: (phone) => {
    toggleSheet(phone, false);
    act(phone.active, "voice");
  },
  newer: (phone, node) => {
    node.hidden = true;
    toEnd(phone.active.log);
  },
  picture: (phone, node) => {
    const dialog = document.querySelector('[data-role="viewer"]');
    dialog.querySelector("img").src = node.querySelector("img").src;
    dialog.showModal();
  },
};

function wire(phone) {
  const { node } = phone;
  const input = role(node, "input");
  node.addEventListener("click", (event) => {
    const target = event.target.closest("[data-role]");
    if (!event.target.closest(".bar")) togglePopup(phone, false);
    if (target && node.contains(target)) fingers[target.dataset.role]?.(phone, target);
  });
  role(node, "composer").addEventListener("submit", (event) => {
    event.preventDefault();
    say(phone);
  });
  input.addEventListener("input", () => grow(input));
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    say(phone);
  });
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    togglePopup(phone, false);
    toggleSheet(phone, false);
  });
  role(node, "file").addEventListener("change", async ({ target }) => {
    toggleSheet(phone, false);
    for (const file of target.files) await sendFile(phone.active, file, file.name);
    target.value = "";
  });
  role(node, "actor")?.querySelector("select").addEventListener("change", ({ target }) => {
    phone.active.actor = target.value;
    drawAll(phone.active);
  });
  node.querySelector('[role="tablist"]')?.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const place = phone.seats.indexOf(phone.active) + step;
    open(phone.seats[(place + phone.seats.length) % phone.seats.length], { focus: true });
  });
  for (const seat of phone.seats) {
    stayAtEnd(seat);
  }
  for (const canvas of node.querySelectorAll("canvas")) preview(canvas, canvas.parentElement.dataset.sample);
}

/** Keeps the newest message in view when the window shrinks or a picture makes its message taller. */
function stayAtEnd(seat) {
  const { log, phone } = seat;
  let following = true;
  log.addEventListener("scroll", () => {
    following = atEnd(log);
    if (following) role(phone.node, "newer").hidden = true;
  }, { passive: true });
  const keep = () => { if (following) toEnd(log); };
  log.addEventListener("load", keep, true);
  new ResizeObserver(keep).observe(log);
}

function watch() {
  const observer = new IntersectionObserver(
    (changes) => {
      for (const { target, isIntersecting, intersectionRatio } of changes) {
        const phone = phones.get(target.dataset.phone);
        phone.visible = isIntersecting;
        if (isIntersecting) phone.unread = 0;
        phone.jump?.toggleAttribute("aria-current", intersectionRatio > 0.5);
        drawBadges(phone);
      }
    },
    { threshold: [0, 0.25, 0.5, 0.75] },
  );
  for (const phone of phones.values()) observer.observe(phone.node);
}

function tick() {
  for (const node of document.querySelectorAll('[data-role="clock"]')) node.textContent = clock(new Date());
}

for (const node of document.querySelectorAll("[data-phone]")) {
  const phone = { node, seats: [], active: null, visible: true, unread: 0 };
  phone.jump = document.querySelector(`[data-jump="${node.dataset.phone}"]`);
  phones.set(node.dataset.phone, phone);
  for (const log of node.querySelectorAll(".log")) {
    const known = config[log.dataset.seat];
    const tab = node.querySelector(`[data-role="tab"][data-seat="${log.dataset.seat}"]`);
    const seat = { ...known, name: log.dataset.seat, title: log.dataset.tab, log, tab, phone, unread: 0, draft: "" };
    seat.actor = seat.people[0].id;
    if (tab) paintAvatar(tab.querySelector(".avatar"), seat.title);
    seats.set(seat.name, seat);
    phone.seats.push(seat);
  }
  wire(phone);
  open(phone.seats[0]);
}
for (const dialog of document.querySelectorAll("dialog")) {
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.dataset.role === "close") dialog.close();
  });
}
tick();
setInterval(tick, 10_000);
watch();
listen();
