// A DOM with what the bridge uses, made from a parsed response, and a parser that is not done yet.

class Node {
  constructor(name, data) {
    this.nodeName = name;
    this.data = data;
    this.attributes = {};
    this.children = [];
    this.parent = null;
    this.content = undefined;
    this.style = "";
  }

  get dataset() {
    return { for: this.attributes["data-for"], w: this.attributes["data-w"], t: this.attributes["data-t"] };
  }

  get lastChild() {
    return this.children.at(-1) ?? null;
  }

  get nextSibling() {
    return this.sibling(1);
  }

  get previousSibling() {
    return this.sibling(-1);
  }

  sibling(step) {
    const siblings = this.parent?.children;
    return siblings?.[siblings.indexOf(this) + step] ?? null;
  }

  // By its class, as a browser does.
  toString() {
    return this.nodeName == "#fragment" ? "[object DocumentFragment]" : "[object HTMLElement]";
  }

  get text() {
    return this.textContent;
  }

  contains(node) {
    while (node && node != this) node = node.parent;
    return node == this;
  }

  getAttribute(name) {
    return this.attributes[name] ?? null;
  }

  append(node) {
    node.remove();
    node.parent = this;
    this.children.push(node);
  }

  remove() {
    if (!this.parent) return;
    const siblings = this.parent.children;
    siblings.splice(siblings.indexOf(this), 1);
    this.parent = null;
  }

  // By a fragment, whose children move.
  replaceWith(fragment) {
    const siblings = this.parent.children;
    for (const node of fragment.children) node.parent = this.parent;
    siblings.splice(siblings.indexOf(this), 1, ...fragment.children);
    fragment.children = [];
    this.parent = null;
  }

  // The nodes below, without those in a template.
  *below() {
    for (const node of this.children) {
      yield node;
      yield* node.below();
    }
  }

  set textContent(text) {
    this.children = [];
    this.append(new Node("#text", text));
  }

  get textContent() {
    return this.children.map(node => node.data).join("");
  }
}

// The tree of a parsed document. Browsers that know processing instructions have them where others
// have comments.
const build = (json, instructions) => {
  let node = new Node(json.name, json.data);
  const marker = instructions && json.name == "#comment" && /^\?(\w+) ?([^]*)$/.exec(json.data);
  if (marker) {
    node = new Node(marker[1], marker[2]);
    node.instruction = true;
  }
  node.attributes = json.attributes ?? {};
  for (const child of json.children ?? []) node.append(build(child, instructions));
  if (json.content) {
    node.content = new Node("#fragment");
    for (const child of json.content) node.content.append(build(child, instructions));
  }
  return node;
};

const SHOW_INSTRUCTION = 64, SHOW_COMMENT = 128;

const equip = root => {
  root.createElement = name => new Node(name);
  root.createTreeWalker = (below, show) => {
    const shown = [...below.below()].filter(node =>
      (show & SHOW_INSTRUCTION && node.instruction) || (show & SHOW_COMMENT && node.nodeName == "#comment"));
    return { nextNode: () => shown.shift() ?? null };
  };
  Object.defineProperty(root, "scripts", {
    get: () => [...root.below()].filter(node => node.nodeName == "script"),
  });
  root.body = [...root.below()].find(node => node.nodeName == "body");
  root.readyState = "loading";
  root.currentScript = null;
};

let ended;
globalThis.self = globalThis;
globalThis.setTimeout = () => 1;
globalThis.clearTimeout = () => {};
globalThis.addEventListener = (_, listener) => { ended = listener };

// Runs the bridge: at its place, or when `late` more nodes have arrived. Returns the document.
const play = (json, bridge, late, instructions) => {
  const root = build(JSON.parse(json), instructions);
  equip(root);
  globalThis.document = root;
  globalThis.$a = undefined;
  ended = undefined;

  const run = (script, text) => {
    root.currentScript = script;
    (0, eval)(text);
    root.currentScript = null;
  };
  const at = root.body.children.findIndex(node => node.attributes["data-w"]);
  const script = root.body.children[at];
  const end = root.lastChild;
  const coming = root.body.children.slice(at + 1);
  for (const node of [...coming, end]) node.remove();

  let wait = late ?? 0;
  for (const node of coming) {
    if (wait-- == 0) run(script, bridge);
    root.body.append(node);
    if (node.nodeName == "script") run(node, node.textContent);
  }
  root.append(end);
  if (wait >= 0) {
    root.readyState = "interactive";
    run(script, bridge);
  } else {
    ended({ type: "DOMContentLoaded" });
  }
  return write(root);
};

// The notation of anabranch_paint::dom.
const write = root => {
  const lines = [];
  let text = "";
  const line = line => lines.push(line.replaceAll("\\", "\\\\").replaceAll("\n", "\\n"));
  const flush = () => {
    if (text) line(`"${text}"`);
    text = "";
  };
  const visit = node => {
    if (node.nodeName == "#text") {
      text += node.data;
    } else if (node.instruction) {
      flush();
      line(`<?${node.nodeName} ${node.data}>`);
    } else if (node.nodeName == "#comment") {
      if (node.data.trim()) {
        flush();
        line(`<!--${node.data}-->`);
      }
    } else if (node.nodeName == "#doctype") {
      line(`<!DOCTYPE ${node.data}>`);
    } else if (node.nodeName == "#document") {
      node.children.forEach(visit);
    } else {
      flush();
      const attributes = Object.entries(node.attributes).map(([name, value]) => ` ${name}="${value}"`);
      line(`<${node.nodeName}${attributes.sort().join("")}>`);
      (node.content ?? node).children.forEach(visit);
      flush();
      line(`</${node.nodeName}>`);
    }
  };
  visit(root);
  return lines.join("\n");
};
globalThis.play = play;
