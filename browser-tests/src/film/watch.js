// Installed before a page's own scripts: what a film has to know of a page, whoever made it.
//
// A boundary shows as a pair of markers around a loading view, and its content in their place.
// Callbacks of a MutationObserver run before the browser paints what they are told of.
(() => {
  const { setTimeout, requestAnimationFrame, MessageChannel } = self;
  const now = () => performance.now();

  const steps = [], readers = new Set();

  // What happened, for those who follow the page while it fills in.
  const step = (what, name = '', at = now()) => {
    steps.push({ what, name, at });
    readers.forEach(reader => reader());
  };

  // Resolves with step number `n`, or with null when there is none in time.
  const next = (n, limit) => new Promise(resolve => {
    const settle = step => {
      readers.delete(read);
      resolve(step);
    };
    const read = () => {
      if (steps.length > n) settle(steps[n]);
    };
    readers.add(read);
    setTimeout(settle, limit, null);
    read();
  });

  // The end of the frame that shows what is in the document now.
  const frame = () => new Promise(resolve => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => resolve(now());
    port2.postMessage(0);
  }));

  const boundaries = new Map();   // by the name on the wire
  const edges = new WeakMap();    // a marker that is gone -> its boundary
  const owners = new WeakMap();   // a node at the top of some content -> the innermost boundary
  const texts = new WeakMap();    // an element -> the boundary whose first text it holds

  // The text of a marker: a processing instruction where the browser knows them, else a comment.
  const marker = node => node.nodeType === Node.PROCESSING_INSTRUCTION_NODE
    ? `?${node.target} ${node.data}` : node.nodeType === Node.COMMENT_NODE ? node.data : '';
  const isEnd = node => /^\?end\b/.test(marker(node));
  const started = node => {
    const name = /^\?start name="([0-9a-z]+)"/.exec(marker(node))?.[1];
    // The head has two of its own.
    return name === 'title' || name === 'head' ? undefined : name;
  };

  const below = function* (root) {
    yield root;
    for (const nodes = document.createTreeWalker(root); nodes.nextNode();) yield nodes.currentNode;
  };

  const place = root => {
    for (const start of below(root)) {
      const name = started(start);
      if (name && !boundaries.has(name)) {
        boundaries.set(name, { name, start, placed: now(), nodes: [] });
      }
    }
  };

  // The bridge puts content for the marker at the start. The native swap takes both markers away
  // from around the content, one right after the other.
  const collect = records => {
    if (document.body && !steps.length) step('open');
    const swapped = [];
    let open;
    for (const record of records) {
      record.addedNodes.forEach(place);
      for (const node of record.removedNodes) {
        const boundary = boundaries.get(started(node));
        if (boundary?.start === node && boundary.swapped === undefined) {
          open = Object.assign(boundary, { swapped: now(), target: record.target });
          boundary.nodes = [...record.addedNodes];
          boundary.first = record.nextSibling;
          edges.set(node, boundary);
          swapped.push(boundary);
        } else if (open && isEnd(node) && record.target === open.target) {
          open.last = record.previousSibling;
          open.isEmpty = open.first === node;
          edges.set(node, open);
          open = undefined;
        }
      }
    }
    // Those inside first: their content may be at the edge of another's.
    swapped.reverse().forEach(gather);
    swapped.reverse().forEach(settle);
  };

  const gather = boundary => {
    const edge = (node, side) => node?.isConnected ? node : edges.get(node)?.nodes.at(side);
    if (!boundary.nodes.length && boundary.last && !boundary.isEmpty) {
      const last = edge(boundary.last, -1);
      for (let node = edge(boundary.first, 0); node; node = node.nextSibling) {
        boundary.nodes.push(node);
        if (node === last) break;
      }
    }
    for (const node of boundary.nodes) {
      let inner = owners.get(node);
      while (inner?.parent && inner.parent !== boundary) inner = inner.parent;
      if (!inner) owners.set(node, boundary);
      else if (inner !== boundary) inner.parent = boundary;
    }
  };

  const settle = boundary => {
    boundary.nodes = boundary.nodes.filter(node => node.isConnected);
    boundary.parent ??= owners.get(boundary.start);
    for (let node = boundary.target; node && !boundary.parent; node = node.parentNode) {
      boundary.parent = owners.get(node);
    }
    boundary.failed = boundary.nodes.some(node => node.matches?.('[data-error]')
      || node.querySelector?.('[data-error]'));
    boundary.label = label(boundary);
    const text = firstText(boundary);
    if (text) {
      if (!text.hasAttribute('elementtiming')) {
        text.setAttribute('elementtiming', `boundary ${boundary.name}`);
      }
      texts.set(text, boundary);
    }
    boundary.settled = frame().then(at => {
      boundary.drawn = at;
      boundary.visible = isVisible(boundary.nodes.filter(node => node.isConnected));
      // The browser times texts. What has none is on the screen with its frame.
      if (boundary.visible && !text) painted(boundary, at);
      if (!boundary.visible) step('arrived', boundary.label, boundary.swapped);
    });
  };

  // The first block of the content that holds text, outside of loading views within it. The
  // browser times no inline elements, and a block around the content is not the content's own.
  const firstText = boundary => {
    let loading = 0;
    for (const root of boundary.nodes) {
      for (const node of below(root)) {
        if (started(node)) loading += 1;
        else if (loading && isEnd(node)) loading -= 1;
        else if (!loading && node !== root && node.nodeType === Node.TEXT_NODE && node.data.trim()
          && !node.parentElement.closest('script, style, svg, noscript, option')) {
          let block = node.parentElement;
          while (block !== root && getComputedStyle(block).display === 'inline') {
            block = block.parentElement;
          }
          return getComputedStyle(block).display === 'inline' ? undefined : block;
        }
      }
    }
  };

  const HEADINGS = 'h2, h3, h4, h5, h6, caption, legend, figcaption';
  const words = node => (node?.textContent ?? '').replace(/\s+/g, ' ').trim();

  // What a reader would call it: a heading in the content, else the one it stands under, else
  // how it begins.
  const label = ({ nodes, target }) => {
    for (const node of nodes) {
      const heading = node.matches?.(`h1, ${HEADINGS}`) ? node
        : node.querySelector?.(`h1, ${HEADINGS}`);
      if (words(heading)) return words(heading);
    }
    for (let around = target; around && !around.matches?.('body, main, :has(h1)');
      around = around.parentElement) {
      const headings = [...around.querySelectorAll?.(HEADINGS) ?? []].filter(words);
      const above = headings.filter(heading =>
        target.compareDocumentPosition(heading) & Node.DOCUMENT_POSITION_PRECEDING);
      const heading = above.at(-1) ?? headings[0];
      if (heading) return words(heading);
    }
    return words(nodes.find(node => !node.matches?.('script, style') && words(node))).slice(0, 80);
  };

  const isVisible = nodes => {
    if (!nodes.length) return false;
    const range = document.createRange();
    range.setStartBefore(nodes[0]);
    range.setEndAfter(nodes.at(-1));
    const { top, bottom, left, right } = range.getBoundingClientRect();
    return top < innerHeight && bottom > 0 && left < innerWidth && right > 0 && bottom > top;
  };

  const painted = (boundary, at) => {
    boundary.painted = at;
    step('painted', boundary.label, at);
    finish();
  };

  new MutationObserver(collect).observe(document, { subtree: true, childList: true });

  new PerformanceObserver(list => list.getEntries().forEach(entry => {
    const boundary = texts.get(entry.element);
    const { width, height } = entry.intersectionRect;
    if (boundary && boundary.painted === undefined && width * height > 0) {
      painted(boundary, entry.renderTime || entry.loadTime);
    }
  })).observe({ type: 'element', buffered: true });

  new PerformanceObserver(list => list.getEntriesByName('first-contentful-paint').forEach(
    entry => step('shell', '', entry.startTime),
  )).observe({ type: 'paint', buffered: true });

  // The film ends when all is loaded, and what can be seen of it was painted.
  let loaded, ended;
  const end = () => {
    if (ended) return;
    ended = true;
    step('loaded', '', loaded);
  };
  const finish = () => {
    const waiting = [...boundaries.values()]
      .some(({ visible, painted }) => visible && painted === undefined);
    if (loaded !== undefined && !waiting) end();
  };
  addEventListener('load', async () => {
    const at = now();
    await Promise.all([...boundaries.values()].map(boundary => boundary.settled));
    await frame();
    loaded = at;
    // Text that is there but cannot be seen, such as white on white, has no paint to wait for.
    setTimeout(end, 2000);
    finish();
  });

  const report = () => {
    const [navigation] = performance.getEntriesByType('navigation');
    const told = performance.getEntriesByType('measure')
      .filter(({ detail }) => detail?.boundary)
      .map(({ detail }) => ({ ...detail.boundary, offset: detail.offset }));
    return {
      origin: performance.timeOrigin,
      title: document.title,
      firstByte: navigation.responseStart,
      status: navigation.responseStatus,
      shell: performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
      loaded,
      boundaries: [...boundaries.values()].map(
        ({ name, label, parent, failed, placed, swapped, drawn, painted, visible }) =>
          ({ name, label, parent: parent?.name, failed, placed, swapped, drawn, painted, visible }),
      ),
      told,
    };
  };

  // A name that no page has, as that of the page's observer.
  Object.defineProperty(self, '__anabranch_film', { configurable: true, value: { next, report } });
})();
