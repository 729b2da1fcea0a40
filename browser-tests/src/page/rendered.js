// For browsers without element timing: an element with the attribute counts as painted when it has
// a box, two animation frames later. The first of them may belong to a frame that was begun before.
(() => {
  const { requestAnimationFrame } = self;
  const seen = new WeakSet();
  const look = () => {
    for (const element of document.querySelectorAll('[elementtiming]')) {
      if (seen.has(element) || element.getClientRects().length === 0) continue;
      seen.add(element);
      const name = element.getAttribute('elementtiming');
      requestAnimationFrame(() => requestAnimationFrame(at => __anabranch_paint.painted(name, at)));
    }
  };
  new MutationObserver(look).observe(document, {
    subtree: true, childList: true, attributes: true, characterData: true,
  });
  // A stylesheet gives boxes without changing the document.
  addEventListener('load', look, true);
  look();
})();
