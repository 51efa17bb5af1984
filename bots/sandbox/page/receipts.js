// Two drawn pictures to send as evidence: a till receipt and a food label past its date.

const FONT = '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", sans-serif';

function paper(context, width, height, shade) {
  context.fillStyle = shade;
  context.fillRect(0, 0, width, height);
}

function line(context, text, x, y, size, { align = "left", weight = 400, colour = "#23272c" } = {}) {
  context.font = `${weight} ${size}px ${FONT}`;
  context.textAlign = align;
  context.fillStyle = colour;
  context.fillText(text, x, y);
}

function receipt(context, s) {
  paper(context, 480 * s, 640 * s, "#cfc4b3");
  context.save();
  context.translate(240 * s, 320 * s);
  context.rotate(-0.025);
  context.translate(-190 * s, -290 * s);
  context.shadowColor = "rgb(60 45 25 / 35%)";
  context.shadowBlur = 18 * s;
  paper(context, 380 * s, 580 * s, "#fdfcf8");
  context.shadowBlur = 0;
  line(context, "甲超市（人民路店）", 190 * s, 56 * s, 27 * s, { align: "center", weight: 700 });
  line(context, "购物小票", 190 * s, 90 * s, 19 * s, { align: "center", colour: "#555" });
  const rows = [
    ["某牌曲奇饼干 200g", "2", "36.00"],
    ["纯牛奶 250ml×12", "1", "59.90"],
    ["购物袋", "1", "0.50"],
  ];
  line(context, "品名", 30 * s, 138 * s, 17 * s, { colour: "#666" });
  line(context, "数量", 262 * s, 138 * s, 17 * s, { align: "right", colour: "#666" });
  line(context, "金额", 350 * s, 138 * s, 17 * s, { align: "right", colour: "#666" });
  rows.forEach(([name, count, amount], index) => {
    const y = (180 + index * 40) * s;
    line(context, name, 30 * s, y, 19 * s);
    line(context, count, 262 * s, y, 19 * s, { align: "right" });
    line(context, amount, 350 * s, y, 19 * s, { align: "right" });
  });
  context.strokeStyle = "#999";
  context.setLineDash([5 * s, 5 * s]);
  for (const y of [108, 290]) {
    context.beginPath();
    context.moveTo(30 * s, y * s);
    context.lineTo(350 * s, y * s);
    context.stroke();
  }
  context.setLineDash([]);
  line(context, "合计  ¥96.40", 350 * s, 334 * s, 25 * s, { align: "right", weight: 700 });
  line(context, "支付方式：移动支付", 30 * s, 386 * s, 17 * s, { colour: "#555" });
  line(context, "2026-11-21 18:42:07  收银 03", 30 * s, 416 * s, 17 * s, { colour: "#555" });
  for (let x = 46, bar = 0; x < 334; bar += 1) {
    const width = 2 + ((bar * 7) % 5);
    context.fillStyle = "#23272c";
    context.fillRect(x * s, 450 * s, width * s, 62 * s);
    x += width + 2 + ((bar * 3) % 4);
  }
  line(context, "示例小票 · 虚构", 190 * s, 548 * s, 16 * s, { align: "center", colour: "#777" });
  context.restore();
}

function label(context, s) {
  paper(context, 480 * s, 640 * s, "#d8a657");
  const shine = context.createLinearGradient(0, 0, 480 * s, 640 * s);
  shine.addColorStop(0, "rgb(255 240 205 / 75%)");
  shine.addColorStop(0.5, "rgb(214 150 60 / 10%)");
  shine.addColorStop(1, "rgb(120 66 12 / 45%)");
  context.fillStyle = shine;
  context.fillRect(0, 0, 480 * s, 640 * s);
  line(context, "曲奇饼干", 240 * s, 112 * s, 60 * s, { align: "center", weight: 700, colour: "#5b2a05" });
  line(context, "净含量 200 g", 240 * s, 158 * s, 24 * s, { align: "center", colour: "#5b2a05" });
  context.fillStyle = "#fffdf7";
  context.fillRect(44 * s, 206 * s, 392 * s, 352 * s);
  const rows = [
    "产品类别：酥性饼干",
    "配料：小麦粉、黄油、白砂糖、鸡蛋",
    "贮存条件：阴凉干燥处",
    "保质期：6 个月",
    "产地：示例省示例县",
  ];
  rows.forEach((text, index) => line(context, text, 66 * s, (250 + index * 37) * s, 20 * s));
  line(context, "生产日期 2026-03-02", 66 * s, 458 * s, 27 * s, { weight: 700, colour: "#8c1d18" });
  context.strokeStyle = "#b3261e";
  context.lineWidth = 4 * s;
  context.beginPath();
  context.ellipse(210 * s, 448 * s, 178 * s, 32 * s, -0.03, 0, Math.PI * 2);
  context.stroke();
  line(context, "示例标签 · 虚构", 240 * s, 530 * s, 16 * s, { align: "center", colour: "#777" });
}

const DRAWN = { receipt: { draw: receipt, name: "小票.png" }, label: { draw: label, name: "标签.png" } };

/** Draws a small preview onto a square canvas. */
export function preview(canvas, name) {
  const context = canvas.getContext("2d");
  context.save();
  context.translate(0, -canvas.height * 0.1);
  DRAWN[name].draw(context, canvas.width / 480);
  context.restore();
}

/** The picture as a PNG blob, with its file name. */
export async function picture(name) {
  const canvas = document.createElement("canvas");
  canvas.width = 480;
  canvas.height = 640;
  DRAWN[name].draw(canvas.getContext("2d"), 1);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
  return { blob, name: DRAWN[name].name };
}
