// Installed before the page's own scripts: records what the page does, and waits for conditions.
(() => {
  const { setTimeout } = self;
  const paints = [], violations = [], errors = [], waiting = new Set();
  const changed = () => waiting.forEach(check => check());

  const painted = (name, at) => {
    paints.push({ name, at });
    changed();
  };

  new PerformanceObserver(list => {
    for (const entry of list.getEntries()) {
      painted(entry.identifier, entry.renderTime || entry.loadTime);
    }
  }).observe({ type: 'element', buffered: true });

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

  new MutationObserver(changed).observe(document, {
    subtree: true, childList: true, attributes: true, characterData: true,
  });
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

  // The same notation as the Rust module dom::normal, over a live document: this one, or a frame's.
  const normal = (root = document) => {
    const lines = [];
    let text = '';
    const mask = value => value.replace(/\berror [0-9a-f]{8}\b/g, 'error ********');
    const line = value => lines.push(value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n'));
    const flush = () => {
      if (text) line(`"${mask(text)}"`);
      text = '';
    };
    const walk = node => {
      if (node.nodeType === Node.TEXT_NODE) {
        text += node.data;
        return;
      }
      if (node.nodeType === Node.COMMENT_NODE && /^(\s*|\$a)$/.test(node.data)) return;
      flush();
      if (node.nodeType === Node.ELEMENT_NODE) {
        const attributes = [...node.attributes]
          .map(({ name, value }) => ` ${name}="${name === 'data-error' ? '********' : value}"`)
          .sort();
        line(`<${node.localName}${attributes.join('')}>`);
        (node.localName === 'template' ? node.content : node).childNodes.forEach(walk);
        flush();
        line(`</${node.localName}>`);
      } else if (node.nodeType === Node.DOCUMENT_TYPE_NODE) {
        line(`<!DOCTYPE ${node.name}>`);
      } else {
        line(`<!--${node.nodeType === Node.COMMENT_NODE ? '' : `?${node.target} `}${node.data}-->`);
      }
    };
    root.childNodes.forEach(walk);
    return lines.join('\n');
  };

  self.paint = { paints, painted, violations, errors, until, normal };
})();
