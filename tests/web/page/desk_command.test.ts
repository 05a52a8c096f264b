// The desk's command line as a table of lines, what is found by initials, and what lies where on a plane.
import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { test } from "node:test";
import { Step } from "page/gen/dispatch_pb";
import { type Act, type Known, parse, type Parsed, type Part } from "page/desk/command";
import { complete } from "page/desk/complete";
import type { Choice } from "page/desk/line";
import { linesOf } from "page/state/outline";
import { boxOf, neighbour, Plane, roundLength, zoomed } from "page/state/plane";
import { Index, initials } from "page/state/search";
import { speak } from "page/words";

const PREMISES: Choice[] = [
  { text: "E0123", label: "献县垒头通祥铸造厂" },
  { text: "E0124", label: "献县垒头通祥玛钢厂" },
  { text: "E0200", label: "本斋宏发铸造厂" },
  { text: "S001", label: "" },
];
const PEOPLE: Choice[] = [{ text: "L1", label: "赵一" }, { text: "L2", label: "孙三" }];
const premises = new Index(PREMISES, ({ text }) => text, ({ label }) => label);
const people = new Index(PEOPLE, ({ text }) => text, ({ label }) => label);

function finding(index: Index<Choice>) {
  return (typed: string) => {
    const found = index.find(typed);
    return { choices: found.map(({ item }) => item), isExact: found.filter(({ rank }) => rank === 0).length === 1 };
  };
}

function part(order: string, team: string, isOwn = false): Part {
  return { order, team, step: Step.STEP_UNSPECIFIED, isOwn };
}

const known: Known = {
  premises: finding(premises),
  people: finding(people),
  teams: ["T01", "T02", "T03", "T04"].map((text) => ({ text, label: "" })),
  orders: [{ text: "O0001", label: "甲厂" }, { text: "O0002", label: "乙厂" }],
  parts: [part("O0001", "T01"), part("O0001", "T02"), part("O0002", "T02"), part("O0002", "T03", true)],
  kinds: ["raid", "patrol", "demolition", "shutdown", "off_peak_check", "night_check", "check"],
  lastOrder: "O0002",
};

function say(act: Act): string {
  switch (act.do) {
    case "issue":
      return ["issue", act.target.text, act.kind, act.priority, act.teams.join("+"), act.instructions].join("|");
    case "report":
      return ["report", act.step, act.parts.map(({ order, team }) => `${order}/${team}`).join("+"), act.channel, act.words].join("|");
    case "decline":
      return ["decline", act.parts.map(({ order, team }) => `${order}/${team}`).join("+"), act.channel, act.why].join("|");
    case "cancel":
      return ["cancel", act.order, act.why].join("|");
    case "reinforce":
    case "withdraw":
      return [act.do, act.order, act.teams.join("+"), act.why].join("|");
    case "undo":
      return ["undo", act.order, act.why].join("|");
    case "view":
      return ["view", act.what, act.number].join("|");
    case "help":
      return "help";
  }
}

const GOOD: readonly [string, string][] = [
  ["发 E0123 突击 特急 T01 T02：封熔炼炉", "issue|E0123|raid|1|T01+T02|封熔炼炉"],
  ["i e0123 raid flash t01 t02: 封熔炼炉", "issue|E0123|raid|1|T01+T02|封熔炼炉"],
  ["发 Ｅ０１２３　突击检查　Ｔ０１", "issue|E0123|raid|3|T01|"],
  ["发 T01 特急 E0200", "issue|E0200|raid|1|T01|"],
  ["发 bzhf 夜查 T04：看：一看", "issue|E0200|night_check|3|T04|看：一看"],
  ["发 宏发 off_peak_check urgent T01、T02", "issue|E0200|off_peak_check|2|T01+T02|"],
  ["下达 s001 拆除 t03", "issue|S001|demolition|3|T03|"],
  ["签 T01 T03 电话", "report|1|O0001/T01+O0002/T03|telephone|"],
  ["签T01 电话", "report|1|O0001/T01|telephone|"],
  ["？", "help"],
  ["?", "help"],
  ["帮助", "help"],
  ["help", "help"],
  ["签收 O0001 T02 电台：马上到", "report|1|O0001/T02|radio|马上到"],
  ["a o0002 t02 radio", "report|1|O0002/T02|radio|"],
  ["出 T01 当面", "report|2|O0001/T01|in person|"],
  ["d t01 in-person", "report|2|O0001/T01|in person|"],
  ["到 T03", "report|3|O0002/T03||"],
  ["s t01 phone", "report|3|O0001/T01|telephone|"],
  ["完 T01 电", "report|4|O0001/T01|telephone|"],
  ["f T01 对讲机: done", "report|4|O0001/T01|radio|done"],
  ["拒 T01 电话：车坏了", "decline|O0001/T01|telephone|车坏了"],
  ["n O0002 T03: no car", "decline|O0002/T03||no car"],
  ["撤 O0001：改日", "cancel|O0001|改日"],
  ["x o0001 t02: engaged elsewhere", "withdraw|O0001|T02|engaged elsewhere"],
  ["撤回 O0001 T01 T02：改派", "withdraw|O0001|T01+T02|改派"],
  ["召回 O0001 T01：改派", "withdraw|O0001|T01|改派"],
  ["增 O0001 T03 T04", "reinforce|O0001|T03+T04|"],
  ["增派O0001 T04：人手不够", "reinforce|O0001|T04|人手不够"],
  ["r t04 o0002", "reinforce|O0002|T04|"],
  ["退：点错了", "undo|O0002|点错了"],
  ["u: wrong place", "undo|O0002|wrong place"],
  ["看 e0123", "view|premises|E0123"],
  ["v 本斋", "view|premises|E0200"],
  ["看 bzhf", "view|premises|E0200"],
  ["看 T02", "view|team|T02"],
  ["看 O0001", "view|order|O0001"],
  ["看 O0099", "view|order|O0099"],
  ["看 赵一", "view|person|L1"],
  ["v zy", "view|person|L1"],
  ["看E0123", "view|premises|E0123"],
];

test("lines that are acts", () => {
  for (const [line, wanted] of GOOD) {
    const parsed = parse(line, known);
    assert.equal(parsed.is === "ready" ? say(parsed.act) : `${JSON.stringify(parsed)}`, wanted, line);
  }
});

// The line, what of it is marked ("" is its end), what is said, and one of the things that would do.
const BAD: readonly [string, string, RegExp, string?][] = [
  ["突击 E0123", "突击", /要做什么/, "发"],
  ["q T01", "q", /要做什么/],
  ["发", "", /去何处|场所/],
  ["发 E0123", "", /至少需要一个组/, "T01"],
  ["发 T01", "", /场所/],
  ["发 xxltt T01", "xxltt", /可能指 2 个场所/, "E0124"],
  ["发 通祥 T01", "通祥", /2 个场所/, "E0123"],
  ["发 E0999 T01", "E0999", /不是已知的/],
  ["发 E0123 E0200 T01", "E0200", /已写 E0123/],
  ["发 E0123 T01 t01", "t01", /写了两次/],
  ["发 E0123 突击 拆除 T01", "拆除", /只有一种/],
  ["发 E0123 特急 紧急 T01", "紧急", /只有一个等级/],
  ["发 E0123 T09", "T09", /不是已知的/],
  ["签", "", /哪些组/, "T01"],
  ["签 T01", "", /何种方式/, "电话"],
  ["签 T09 电话", "T09", /不是组/, "T02"],
  ["签 T04 电话", "T04", /没有在办/],
  ["签 T02 电话", "T02", /几个|哪个/, "O0002"],
  ["签 O0001 电话", "O0001", /哪个组/, "T02"],
  ["签 O0001 T03 电话", "T03", /没有在办指令/],
  ["签 O0001 O0002 T02 电话", "O0002", /只写一个指令/],
  ["签 电话 T01", "电话", /末尾|之后/],
  ["签 T01 T01 电话", "T01", /两次/],
  ["a t01 tele", "tele", /不是组/],
  ["i e0123 fla t01", "fla", /不是已知的/],
  ["i e0123 rai t01", "rai", /不是已知的/],
  ["拒 T01 电话", "", /不能出动/, ":"],
  ["拒 T01 电话：", "", /不能出动/],
  ["撤 O0001", "", /原因/, ":"],
  ["撤 T01：改日", "：", /哪个指令/, "O0001"],
  ["撤 O0001 T03：改日", "T03", /没有在办/],
  ["撤 O0099：改日", "O0099", /不是组，也不是/],
  ["增 T04", "", /哪个指令/, "O0001"],
  ["增 O0001", "", /哪些组/, "T04"],
  ["增 O0001 T04 T04", "T04", /两次/],
  ["增 O0001 O0002 T04", "O0002", /只写一个指令/],
  ["增 O0001 T04 电话", "电话", /不写联络方式/],
  ["撤 O0001 T01 电话：改派", "电话", /不写联络方式/],
  ["退", "", /原因/],
  ["退 O0001：错", "O0001", /只写冒号/],
  ["看", "", /查什么/],
  ["看 献县", "献县", /2 项/, "E0123"],
  ["看 无此厂", "无此厂", /未找到/],
  ["？ T01", "T01", /不填内容/],
  ["看 E0123 E0124", "E0124", /只查一项/],
];

function marked(line: string, parsed: Parsed): string {
  return parsed.is === "wrong" ? line.slice(parsed.from, parsed.to) : `not wrong: ${JSON.stringify(parsed)}`;
}

test("lines that are not: the place is marked, and what would do is shown", () => {
  for (const [line, place, why, would] of BAD) {
    const parsed = parse(line, known);
    assert.equal(marked(line, parsed), place, line);
    assert(parsed.is === "wrong");
    assert.match(parsed.why, why, line);
    if (would !== undefined) assert(parsed.would.some(({ text }) => text === would), `${line}: ${JSON.stringify(parsed.would)}`);
  }
  assert.equal(parse("", known).is, "empty");
  assert.equal(parse("　 ", known).is, "empty");
  const without = parse("退：错", { ...known, lastOrder: "" });
  assert.match(without.is === "wrong" ? without.why : "", /没有可作废/);
});

// What is said about orders and teams names them as the rest of the page does, however they were typed.
test("numbers are told back as they are, not as they were typed", () => {
  for (const [line, why] of [["签 o0001 电话", /O0001/], ["签 o0001 t03 电话", /T03.*O0001/], ["签 t04 电话", /T04/], ["签 t01 t01 电话", /T01/], ["发 e0123 t01 t01", /T01/]] as const) {
    const parsed = parse(line, known);
    assert.match(parsed.is === "wrong" ? parsed.why : "", why, line);
  }
});

test("every beginning of a line is read, and what is wrong with it lies within it", () => {
  for (const [line] of GOOD) {
    for (let end = 1; end < line.length; end++) {
      const parsed = parse(line.slice(0, end), known);
      if (parsed.is === "wrong") assert(parsed.from <= parsed.to && parsed.to <= end, line.slice(0, end));
    }
  }
});

test("the words are English where English is spoken", () => {
  speak("en");
  const parsed = parse("i e0200 raid", known);
  assert.match(parsed.is === "wrong" ? parsed.why : "", /at least one team/);
  assert.deepEqual(complete("", 0, known).choices, []);
  assert.equal(complete("i e0200 fl", 10, known).choices[0]?.text, "flash");
  speak("zh");
});

function completed(line: string, caret = line.length): string[] {
  return complete(line, caret, known).choices.map(({ text }) => text);
}

test("a word that is being typed is completed by what could stand there", () => {
  assert.deepEqual(completed("发 xxltt"), ["E0123", "E0124"]);
  assert.deepEqual(completed("发 E02"), ["E0200"]);
  assert(completed("发 E0123 突").includes("突击检查"));
  assert(completed("发 E0123 特").includes("特急"));
  assert.deepEqual(completed("发 E0123 T0"), ["T01", "T02", "T03", "T04"]);
  assert.deepEqual(completed("签 T0"), ["T01", "T02", "T03"], "only who is at work on something");
  assert.deepEqual(completed("增 O0001 T0"), ["T01", "T02", "T03", "T04"], "any of the roster");
  assert.deepEqual(completed("签 T01 电"), ["电话", "电台"]);
  assert.deepEqual(completed("发 E0123 T01：T0"), [], "behind the colon stands what people say");
  const inside = complete("发 xxltt T01", 7, known);
  assert.deepEqual([inside.from, inside.to], [2, 7]);
});

test("initials are those of the pinyin, also where a character has two", () => {
  assert.equal(initials("献县垒头通祥(1)").join(""), "xxlttx1");
  assert.equal(initials("阿八嚓哒妸发旮哈讥咔垃妈拏噢妑七呥扨它穵夕丫帀").join(""), "abcdefghjklmnopqrstwxyz");
  const names = new Index(["长城铸造厂", "重型机械", "乐寿镇铸造"], (one) => one, (one) => one);
  assert.equal(names.one("cczzc"), "长城铸造厂");
  assert.equal(names.one("zxjx"), "重型机械");
  assert.equal(names.one("cxjx"), "重型机械");
  assert.equal(names.one("lsz"), "乐寿镇铸造");
  assert.equal(names.one("ysz"), "乐寿镇铸造");
  assert.deepEqual(names.find("c"), [], "one letter is half of everything");
});

test("a county's worth of names is indexed and searched while a key is down", () => {
  const names = Array.from({ length: 1200 }, (_, i) => ({ number: `E${i}`, name: `献县${"垒头通祥本斋宏发淮镇韩村"[i % 12]}${"甲乙丙丁"[i % 4]}铸造厂${i}` }));
  const begun = performance.now();
  const index = new Index(names, ({ number }) => number, ({ name }) => name);
  const made = performance.now();
  assert(index.find("xxl").length > 0);
  assert(made - begun < 1_000 && performance.now() - made < 100, `${made - begun} ms, ${performance.now() - made} ms`);
});

test("a plane in metres: distances, round lengths, the neighbour in a direction", () => {
  const plane = new Plane(38.2);
  const [a, b] = [plane.at(382_000_000, 1_164_000_000), plane.at(382_100_000, 1_164_100_000)];
  assert(Math.abs(a.y - b.y - 1113) < 2 && Math.abs(b.x - a.x - 875) < 2, JSON.stringify([a, b]));
  assert.deepEqual([1, 3, 7, 150, 4999, 5000].map(roundLength), [1, 2, 5, 100, 2000, 5000]);
  const points = [{ x: 0, y: 0 }, { x: 10, y: 1 }, { x: 3, y: -9 }, { x: -5, y: 0 }];
  assert.equal(neighbour(points, { x: 0, y: 0 }, "right"), 1);
  assert.equal(neighbour(points, { x: 0, y: 0 }, "up"), 2);
  assert.equal(neighbour(points, { x: 0, y: 0 }, "down"), -1);
  const box = boxOf(points, 0.1);
  assert(points.every(({ x, y }) => x > box.x && x < box.x + box.width && y > box.y && y < box.y + box.height));
  const near = zoomed(box, 0.5, { x: 0, y: 0 });
  assert.equal((0 - near.x) / near.width, (0 - box.x) / box.width, "what is under the pointer stays there");
});

test("an outline is every line of a GeoJSON file, or an error that says what is wrong with it", () => {
  const [a, b, c] = [[116.1, 38.2], [116.3, 38.2, 12], [116.2, 38.4]]; // a height is left out
  const lines = linesOf({
    type: "FeatureCollection",
    features: [
      { type: "Feature", properties: { name: "献县" }, geometry: { type: "MultiPolygon", coordinates: [[[a, b, c, a]], [[b, c, a, b], [c, a, b, c]]] } },
      { type: "Feature", properties: null, geometry: null },
      { type: "Feature", properties: {}, geometry: { type: "GeometryCollection", geometries: [{ type: "LineString", coordinates: [a, b] }, { type: "Point", coordinates: a }] } },
      { type: "Feature", properties: {}, geometry: { type: "MultiLineString", coordinates: [[a, c], [b, c]] } },
      { type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [[a, b, c, a]] } },
    ],
  });
  assert.deepEqual(lines.map((line) => line.length), [4, 4, 4, 2, 2, 2, 4]);
  assert.deepEqual(lines[0]?.[1], [116.3, 38.2]);
  for (const [wrong, why] of [
    [{ type: "Topology" }, /"Topology"/],
    [7, /"undefined"/],
    [{ type: "Polygon", coordinates: [[[38.2, 116.1]]] }, /\[38.2, 116.1\] is no longitude and latitude/],
    [{ type: "LineString", coordinates: 3 }, /coordinates is no list/],
    [{ type: "FeatureCollection" }, /features is no list/],
  ] as const) {
    assert.throws(() => linesOf(wrong), why);
  }
});

// What the desk fetches before it shows anything (web.md, section 13).
test("the desk's script is at most 90 KB", () => {
  const page = process.env["LQ_PAGE"] ?? "";
  const scripts = [...readFileSync(`${page}/index.html`, "utf8").matchAll(/(?:src|href)="\/([\w-]+\.js)"/g)].map(([, name]) => name);
  const bytes = scripts.reduce((sum, name) => sum + statSync(`${page}/${name}.gz`).size, 0);
  assert(scripts.length > 0 && bytes <= 90_000, `${bytes} bytes in ${scripts.join(" ")}`);
});
