// The bridge: swaps patches into their places where the browser does not do it by itself, and
// says so when a response stopped before its end. It is sent as bridge.min.js, which is this
// file without comments, indentation and line ends; a test in script.rs holds the two together.
//
// d document, b the bridge's own element, D its data (w: after how many ms of silence; t: what the
// reader is then told), p places by name, w the watchdog's timer (nothing once the end has been
// seen), e the last node that a trigger has seen, a the watchdog's alert, f the text by which a
// marker is told from other nodes, of which none has the same: of a comment without its kind.
{
  let d=document,b=d.currentScript,D=b.dataset,p={},w=d,e,a=d.createElement("mark"),
  f=n=>(n.nodeName+n.data).replace("#comment?",""),

  // Finds the markers below r: processing instructions where the browser knows them, else
  // comments (64 + 128). Runs over the document, then over the content of each patch.
  x=r=>{
    for(let k=d.createTreeWalker(r,192),n,m;n=k.nextNode();)
      if(m=/^\w+ ?name="(\w+)"/.exec(f(n)))p[m[1]]=n
  },

  // Starts the watchdog anew. With v, judges: there was silence, or the parser has stopped. A
  // whole response has its end marker as the last node; of the two that judge, one finds it there.
  c=(v,n=d.lastChild)=>{
    a.remove();
    clearTimeout(w);
    v?
      n.data=="$a"?w=n.remove():w&&(
        a.role="alert",
        a.style="position:fixed;top:0",
        a.textContent=D.t,
        d.body.append(a)
      )
    :w=setTimeout(c,D.w,1)
  };

  // The trigger s stands behind its templates. Between them may be what others have appended to
  // the body meanwhile.
  $a=(s=d.currentScript,t=s,i=d,l=[])=>{
    c();
    // What a template has for content is told from what else may be called so, such as a control
    // of a form, by its class.
    while((t=t.previousSibling)&&t!=e)t.content<"[object E"&&l.unshift(t);
    l.map((t,o,n)=>{
      // A browser that swaps by itself has brought and taken places since they were last looked
      // for. Once per trigger (then i is the empty alert), not for each template of the page.
      d.contains(p[o=t.getAttribute("for")||t.dataset.for])||x(i,i=a);
      if(o=p[o]){
        // A start marker, unlike a point marker, goes with everything up to its end marker. Not by
        // n.remove(), which of a form may be a control of that name.
        for(x(t.content);f(o)>"s"&&(n=o.nextSibling)&&(a.append(n),f(n)!="end"););
        t.remove(o.replaceWith(t.content))
      }
    });
    e=s.previousSibling;
    s.remove()
  };

  // A bridge that arrives late catches up: with the triggers that it has missed, because what
  // stands in front of one has arrived whole.
  [...d.scripts].map(n=>n.text=="self.$a&&$a()"&&$a(n));
  b.remove();
  c(d.readyState<"k"||addEventListener("DOMContentLoaded",c))
}
