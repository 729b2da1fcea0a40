// Keeps a page as new as the app behind it. Sent by `cargo anabranch dev` and by nothing else.
(() => {
  const self = document.currentScript;
  const { page, styles, posted } = self.dataset;
  // The document is then the one that the app has sent.
  self.remove();

  let fetched = Number(styles);
  let latest;
  let source;
  // A navigation has begun. A reload would end it, and show the page that is being left.
  let leaving = false;
  // Doing so twice would end the first one, again and again where a page takes long.
  let reloading = false;
  let patience;
  addEventListener('beforeunload', () => {
    leaving = true;
    clearTimeout(patience);
    patience = setTimeout(stay, 10_000);
  });

  // A download or a mailto: link begins as a navigation does, and leaves the document where it is:
  // nothing has come in all this time, or the visitor goes on here.
  const stay = () => {
    clearTimeout(patience);
    if (!leaving || reloading) return;
    leaving = false;
    if (latest) update();
  };
  for (const input of ['pointerdown', 'keydown']) addEventListener(input, stay, { capture: true, passive: true });

  const reload = () => { reloading = true; location.reload(); };

  // Each message is the whole state, so one that was missed is made up for by the next.
  const listen = () => {
    source ??= new EventSource('/_anabranch/events');
    source.onmessage = ({ data }) => { latest = JSON.parse(data); update(); };
  };
  const rest = () => { source?.close(); source = undefined; };
  // A browser has few connections for one origin; a page that nobody sees needs none of them.
  const look = () => (document.visibilityState === 'hidden' ? rest() : listen());

  const update = () => {
    if (latest.page !== page) {
      // A form would be sent again, or a click be lost.
      if (leaving || posted !== undefined) return show(latest.trouble ?? { title: 'The app has changed', items: [] }, true);
      return reload();
    }
    if (latest.styles !== fetched) {
      fetched = latest.styles;
      restyle();
    }
    const status = document.getElementById('anabranch-building');
    if (status) status.textContent = latest.building ?? '';
    show(latest.trouble, false);
  };

  // The old stylesheet goes when the new one is there, so that the page is never without.
  const restyle = () => {
    for (const old of document.querySelectorAll('link[rel~="stylesheet" i][href]')) {
      const url = new URL(old.href);
      if (url.origin !== location.origin) continue;
      url.searchParams.set('anabranch', fetched);
      const link = old.cloneNode();
      link.href = url.href;
      link.onload = link.onerror = () => old.remove();
      old.after(link);
    }
  };

  let host;
  const show = (trouble, reloads) => {
    host?.remove();
    host = undefined;
    if (!trouble) return;
    host = document.createElement('anabranch-dev');
    const root = host.attachShadow({ mode: 'open' });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];
    const add = (parent, name, text) => {
      const element = document.createElement(name);
      element.textContent = text;
      return parent.appendChild(element);
    };
    const dialog = add(root, 'section', '');
    dialog.setAttribute('role', 'alertdialog');
    dialog.setAttribute('aria-label', trouble.title);
    const bar = add(dialog, 'header', '');
    add(bar, 'h1', trouble.title);
    if (reloads) add(bar, 'button', 'Reload').onclick = reload;
    add(bar, 'button', 'Hide').onclick = () => host.remove();
    for (const { place, text } of trouble.items) {
      if (place) add(dialog, 'h2', place);
      add(dialog, 'pre', text);
    }
    dialog.classList.toggle('small', !trouble.items.length);
    document.documentElement.append(host);
  };

  // The element itself is of the page, whose styles may hide what they do not know.
  const css = `
    :host { all: initial !important; }
    section { position: fixed; inset: 0; z-index: 2147483647; overflow: auto; box-sizing: border-box;
      padding: 2rem; background: #16181dee; color: #e8e8ea; font: 14px/1.5 system-ui, sans-serif; text-align: start; }
    section.small { inset: auto 1rem 1rem auto; padding: .75rem 1rem; border-radius: .5rem; }
    header { display: flex; gap: 1rem; align-items: baseline; }
    h1 { margin: 0; flex: 1; font-size: 1.25rem; color: #ff8f8f; }
    .small h1 { font-size: 1rem; color: inherit; }
    h2 { margin: 1.5rem 0 .25rem; font: 600 14px ui-monospace, monospace; color: #9ecbff; }
    pre { margin: 0; padding: 1rem; white-space: pre-wrap; overflow-wrap: anywhere; background: #0d0f12; border-radius: .5rem;
      font: 13px/1.45 ui-monospace, monospace; tab-size: 4; }
    button { font: inherit; color: inherit; background: none; border: 1px solid #555; border-radius: .25rem; cursor: pointer; }`;

  addEventListener('pagehide', rest);
  // Back again, from the browser's memory: whatever has been left for, it did not come.
  addEventListener('pageshow', ({ persisted }) => {
    if (!persisted) return;
    leaving = false;
    look();
  });
  document.addEventListener('visibilitychange', look);
  look();
})();
