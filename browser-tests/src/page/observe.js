// Installed before the page's own scripts: records what the page does, and waits for conditions.
// It only looks: it changes nothing that the page could see, and no error of it reaches the page.
(() => {
  const { setTimeout, requestAnimationFrame } = self;
  const paints = [], entries = [], violations = [], errors = [], waiting = new Set();
  const changed = () => waiting.forEach(check => check());

  // What happened: see `What` in timeline.rs. `at` is in milliseconds after the navigation began.
  const note = (what, name, at, value = 0) => entries.push({ what, name, at, value });

  const painted = (name, at) => {
    paints.push({ name, at });
    note('Painted', name, at);
    changed();
  };

  // Not every browser knows every type.
  const observe = (type, tell) => {
    try {
      new PerformanceObserver(list => {
        list.getEntries().forEach(tell);
        changed();
      }).observe({ type, buffered: true });
    } catch { /* This browser cannot tell. */ }
  };
  observe('element', entry => painted(entry.identifier, entry.renderTime || entry.loadTime));
  observe('paint', ({ name, startTime }) =>
    note(name === 'first-paint' ? 'FirstPaint' : 'FirstContentfulPaint', '', startTime));
  observe('longtask', entry => note('LongTask', '', entry.startTime, entry.duration));
  observe('layout-shift', entry => {
    // What moves at once after a click or a key is the reader's doing.
    if (entry.hadRecentInput) return;
    const moved = entry.sources.map(source => describe(source.node)).join(', ');
    note('LayoutShift', moved, entry.startTime, entry.value);
  });

  const describe = node => {
    const element = node?.nodeType === Node.TEXT_NODE ? node.parentElement : node;
    if (!element?.localName) return 'something that is gone';
    const id = element.id && `#${element.id}`;
    return `<${element.localName}${id}${[...element.classList].map(name => `.${name}`).join('')}>`;
  };

  addEventListener('securitypolicyviolation', event => {
    violations.push(`${event.violatedDirective} blocked ${event.blockedURI} ${event.sample}`);
    changed();
  });
  addEventListener('error', event => {
    errors.push(event.message || `cannot load ${event.target.src || event.target.href}`);
    changed();
  }, true);
  addEventListener('unhandledrejection', event => {
    errors.push(String(event.reason));
    changed();
  });

  // The name in the marker that begins a loading view: a processing instruction where the browser
  // knows them, else a comment. The title's and the head's markers are no boundaries.
  const boundary = node => {
    if (node.nodeType !== Node.PROCESSING_INSTRUCTION_NODE && node.nodeType !== Node.COMMENT_NODE) {
      return null;
    }
    const marker = node.target ? `?${node.target} ${node.data}` : node.data;
    const name = /^\?start name="(\w+)"$/.exec(marker)?.[1];
    return name === 'title' || name === 'head' ? null : name;
  };
  const places = new Map();
  const place = (node, walked) => {
    walked.add(node);
    const name = boundary(node);
    if (name && !places.has(node)) {
      places.set(node, name);
      note('Placed', name, performance.now());
    }
    for (let child = node.firstChild; child; child = child.nextSibling) {
      if (!walked.has(child)) place(child, walked);
    }
  };
  new MutationObserver(records => {
    // The parser reports each node of a subtree, scripts report its root alone: every node is
    // looked at once.
    const walked = new Set();
    for (const { addedNodes, removedNodes } of records) {
      addedNodes.forEach(node => walked.has(node) || place(node, walked));
      for (const node of removedNodes) {
        if (places.has(node) && !node.isConnected) {
          note('Swapped', places.get(node), performance.now());
          places.delete(node);
        }
      }
    }
    changed();
  }).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  for (const event of ['readystatechange', 'DOMContentLoaded', 'load']) {
    addEventListener(event, changed, true);
  }

  // Resolves with null when the condition holds, else with a description of the page.
  const until = (condition, limit) => new Promise((resolve, reject) => {
    const settle = (by, outcome) => {
      waiting.delete(check);
      by(outcome);
    };
    const check = () => {
      try {
        if (condition()) settle(resolve, null);
      } catch (error) {
        settle(reject, error);
      }
    };
    waiting.add(check);
    setTimeout(() => {
      const painted = paints.map(paint => paint.name).join(', ') || 'nothing';
      const body = document.body ? document.body.innerHTML.slice(0, 2000) : 'missing';
      settle(resolve, `readyState ${document.readyState}, painted ${painted}, body ${body}`);
    }, limit);
    check();
  });

  // Resolves when the frame that is being made is shown and its entries are delivered.
  const settled = () => new Promise(done =>
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))));

  const marked = name => [...document.querySelectorAll('[elementtiming]')]
    .find(element => element.getAttribute('elementtiming') === name);

  // The part of a marked element's box that is in the window, if there is any.
  const box = name => {
    const element = marked(name);
    if (!element) return null;
    const { left, top, right, bottom } = element.getBoundingClientRect();
    const x = Math.max(left, 0), y = Math.max(top, 0);
    const width = Math.min(right, innerWidth) - x, height = Math.min(bottom, innerHeight) - y;
    return width > 0 && height > 0 ? { x: x + scrollX, y: y + scrollY, width, height } : null;
  };

  // Makes a marked element transparent by a style sheet of our own, so that the document stays as
  // it is. Returns what takes it back.
  const hide = name => {
    const sheet = new CSSStyleSheet();
    const selector = `[elementtiming="${CSS.escape(name)}"]`;
    sheet.replaceSync(`${selector} { opacity: 0 !important; transition: none !important }`);
    document.adoptedStyleSheets.push(sheet);
    return () => {
      const { adoptedStyleSheets } = document;
      adoptedStyleSheets.splice(adoptedStyleSheets.indexOf(sheet), 1);
    };
  };

  // Why a marked element cannot be seen, as far as its style and its place tell.
  const invisible = name => {
    const element = marked(name);
    if (!element) return null;
    const { width, height, top, bottom, left, right } = element.getBoundingClientRect();
    const is = `${describe(element)} is in the document, but`;
    if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) {
      return `${is} a style hides it (display, visibility or opacity)`;
    }
    if (!width || !height) return `${is} its box is ${width} by ${height} pixels`;
    if (bottom < 0 || right < 0 || top > innerHeight || left > innerWidth) {
      return `${is} outside of the window, at ${Math.round(left)}, ${Math.round(top)}: ` +
        'make the window larger, or scroll to it';
    }
    return `${is} nothing of it was painted: something may cover it, or it has no colour`;
  };

  // The same notation as the Rust module dom::normal, over a live document: this one, or a frame's.
  const normal = (root = document) => {
    const lines = [];
    let text = '';
    const mask = value => value.replace(/\b([Ee]rror) [0-9a-f]{8}\b/g, '$1 ********');
    const line = value => lines.push(value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n'));
    const flush = () => {
      if (text) line(`"${mask(text)}"`);
      text = '';
    };
    const spaces = { 'http://www.w3.org/1999/xhtml': '', 'http://www.w3.org/1998/Math/MathML': 'math ' };
    const walk = node => {
      if (node.nodeType === Node.TEXT_NODE) {
        text += node.data;
        return;
      }
      if (node.nodeType === Node.COMMENT_NODE && /^(\s*|\$a)$/.test(node.data)) return;
      // The inspector's overlay is no part of the page.
      if (node.localName === 'anabranch-inspector') return;
      // Nor are the scripts of the stream, which stay where JavaScript is off.
      if (node.localName === 'script' && (node.dataset.w || node.text === 'self.$a&&$a()')) return;
      flush();
      if (node.nodeType === Node.ELEMENT_NODE) {
        const attributes = [...node.attributes]
          .map(({ name, value }) => ` ${name}="${name === 'data-error' ? '********' : value}"`)
          .sort();
        const name = (spaces[node.namespaceURI] ?? 'svg ') + node.localName;
        line(`<${name}${attributes.join('')}>`);
        (node.localName === 'template' ? node.content : node).childNodes.forEach(walk);
        flush();
        line(`</${name}>`);
      } else if (node.nodeType === Node.DOCUMENT_TYPE_NODE) {
        line(`<!DOCTYPE ${node.name}>`);
      } else {
        line(`<!--${node.nodeType === Node.COMMENT_NODE ? '' : `?${node.target} `}${node.data}-->`);
      }
    };
    root.childNodes.forEach(walk);
    return lines.join('\n');
  };

  const restore = [];
  // A name that no page has, and that it neither overwrites nor lists. Configurable, because a
  // frame may show two documents in one window, one after the other.
  Object.defineProperty(self, '__anabranch_paint', {
    configurable: true,
    value: {
      paints, entries, violations, errors, painted, until, settled, box, invisible, normal,
      hide: name => restore.push(hide(name)),
      show: () => restore.splice(0).forEach(take => take()),
    },
  });
})();
