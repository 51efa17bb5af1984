// From the server's JSON to the nodes of a chat. Every text goes in as textContent.

const PALETTE = 6;

export function make(tag, classes = "", text = "") {
  const node = document.createElement(tag);
  if (classes) node.className = classes;
  if (text) node.textContent = text;
  return node;
}

function drawing(...paths) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  for (const d of paths) {
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}

/** A round picture with the first character of the name. */
export function paintAvatar(node, name) {
  let sum = 0;
  for (const character of name) sum += character.codePointAt(0);
  node.classList.remove(...Array.from({ length: PALETTE }, (_, n) => `c${n}`));
  node.classList.add(`c${sum % PALETTE}`);
  node.textContent = [...name][0] ?? "";
}

// The desk's own time, wherever the browser stands.
const CHINA = { timeZone: "Asia/Shanghai" };
const time = new Intl.DateTimeFormat("zh-CN", { ...CHINA, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const day = new Intl.DateTimeFormat("zh-CN", { ...CHINA, month: "long", day: "numeric" });

export function clock(moment) {
  return time.format(moment);
}

function stampText(moment) {
  const today = day.format(new Date()) === day.format(moment);
  return today ? clock(moment) : `${day.format(moment)} ${clock(moment)}`;
}

/** The time between two messages that lie far enough apart, or null. */
export function stamp(before, bubble) {
  const at = new Date(bubble.at);
  if (before && at - new Date(before.at) < 5 * 60_000) return null;
  return make("div", "stamp", stampText(at));
}

function wave() {
  const bars = make("i");
  for (let count = 0; count < 13; count += 1) bars.append(make("b"));
  return bars;
}

function attachment(bubble, address) {
  if (bubble.content === "photo") {
    const button = make("button", "picture");
    button.type = "button";
    button.dataset.role = "picture";
    const image = make("img");
    image.src = address;
    image.alt = bubble.file_name || "图片";
    image.loading = "lazy";
    button.append(image);
    return button;
  }
  if (bubble.content === "voice") {
    const voice = make("span", "attached");
    voice.append(drawing("M9 6.5a3 3 0 0 1 6 0v5a3 3 0 0 1-6 0z", "M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v2.5"), wave());
    voice.append(make("span", "", "语音"));
    return voice;
  }
  if (bubble.content === "location") {
    const place = make("span", "attached");
    place.append(drawing("M12 21s-6.5-5.6-6.5-10.5a6.5 6.5 0 0 1 13 0C18.5 15.4 12 21 12 21z", "M12 12.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4z"));
    place.append(make("span", "", bubble.text));
    return place;
  }
  if (bubble.file && bubble.content !== "sticker") {
    const link = make("a", "attached");
    link.href = address;
    link.download = bubble.file_name;
    link.append(drawing("M6 3.5h8l4 4v13H6z", "M14 3.5v4h4M9 12h6M9 15.5h6"), make("span", "", bubble.file_name || "文件"));
    return link;
  }
  return null;
}

function keyboard(bubble, wechat) {
  const keys = make("div", wechat ? "links" : "keys");
  for (const row of bubble.buttons) {
    const line = make("div");
    for (const { label, url } of row) {
      if (url) {
        const link = make("a", "key", label);
        link.href = url;
        link.target = "_blank";
        link.rel = "noreferrer noopener";
        line.append(link);
        continue;
      }
      const key = make("button", "key", label);
      key.type = "button";
      key.dataset.role = "button";
      key.dataset.label = label;
      line.append(key);
    }
    keys.append(line);
  }
  return keys;
}

function meta(bubble, mine) {
  const words = [bubble.edited ? "已编辑" : "", clock(new Date(bubble.at)), mine ? "✓✓" : ""];
  return make("span", "meta", words.filter(Boolean).join(" "));
}

/**
 * The node of one message. `seat` tells the platform and the chat, `actor` whose phone it is,
 * `answered` is the bubble it replies to.
 */
export function render(bubble, { seat, actor, address, answered }) {
  if (bubble.content === "notice") {
    const notice = make("div", "notice", bubble.text);
    notice.dataset.role = "message";
    return notice;
  }
  const mine = !bubble.from_desk && bubble.who === actor;
  const node = make("div", "row");
  node.classList.toggle("mine", mine);
  node.classList.toggle("group", seat.group && !mine);
  node.dataset.role = "message";
  node.dataset.from = bubble.from_desk ? "desk" : "person";
  const avatar = make("span", "avatar");
  avatar.setAttribute("aria-hidden", "true");
  paintAvatar(avatar, bubble.name);
  avatar.classList.toggle("desk", bubble.from_desk);
  const stack = make("div", "stack");
  const body = make("div", "bubble");
  if (seat.group && !mine) body.append(make("div", "sender", bubble.name));
  if (answered) body.append(make("div", "quote", answered.text || "图片"));
  const attached = attachment(bubble, address);
  if (attached) body.append(attached);
  const said = bubble.content === "location" ? "" : bubble.text;
  if (said && !(seat.wechat && bubble.content === "document")) {
    const text = make("span", "text", said);
    text.dataset.role = "text";
    body.append(text);
  }
  body.classList.toggle("bare", bubble.content === "photo" && !said);
  if (!seat.wechat) body.append(meta(bubble, mine));
  stack.append(body);
  if (bubble.buttons.length) {
    const keys = keyboard(bubble, seat.wechat);
    if (seat.wechat) body.append(keys);
    else stack.append(keys);
    stack.classList.add("has-keys");
  }
  node.append(avatar, stack);
  return node;
}

const CHOICE = /^\s*(\d{1,2})\s*[.．、:：)）]?\s*(\S.*)$/;

/** Numbered choices at the end of a text, as [number, label]; WeChat has no buttons for them. */
export function choices(text) {
  const found = [];
  for (const line of text.normalize("NFKC").split("\n")) {
    const match = CHOICE.exec(line);
    if (match && Number(match[1]) === (found.length ? Number(found.at(-1)[0]) + 1 : Number(match[1]))) {
      found.push([match[1], match[2].trim()]);
    } else if (match) {
      found.length = 0;
      found.push([match[1], match[2].trim()]);
    }
  }
  return found.length > 1 || (found.length === 1 && text.trim().endsWith(found[0][1])) ? found : [];
}
