// The bridge: swaps patches into their places where the browser does not do it by itself, and
// says so when a response stopped before its end. It is sent as bridge.min.js, which is this
// file without comments, indentation and line ends; a test in script.rs holds the two together.
//
// d document, b the bridge's own element, p places by name (once d is indexed), w the
// watchdog's timer, a its alert (data-w: after how many ms; data-t: its text), f the text by
// which a marker is told from other nodes.
{
  let d=document,b=d.currentScript,p,w,a=d.createElement("mark"),
  f=n=>n.nodeName+n.data,

  // Finds the markers below r: processing instructions where the browser knows them, else
  // comments (64 + 128). Runs once over the document, then over the content of each patch.
  x=r=>{
    for(let k=d.createTreeWalker(r,192),n,m;n=k.nextNode();)
      if(m=/^(#c\w+\?)?\w+ ?name="(\w+)"/.exec(f(n)))p[m[2]]=n
  },

  // Swaps the patches of the list l that arrived whole: those with something behind them. A
  // start marker goes with everything up to its end marker.
  s=l=>l.forEach(t=>{
    p||x(d,p={});
    let n,o=p[t.getAttribute("for")||t.dataset.for];
    if(o&&t.nextSibling){
      x(t.content);
      if(/t ?n/.test(f(o)))
        while((n=o.nextSibling)&&(n.remove(),!/^(#c\w+\?)?end$/.test(f(n))));
      o.replaceWith(t.content);
      t.remove()
    }
  }),

  // Starts the watchdog anew.
  r=_=>{
    a.remove();
    clearTimeout(w);
    w=setTimeout(c,b.dataset.w)
  },

  // Silence, or the parser has stopped: a whole response has its end marker as the last node.
  c=(_,n=d.lastChild)=>{
    clearTimeout(w);
    n.data=="$a"?n.remove():(
      a.role="alert",
      a.style="position:fixed;top:0",
      a.textContent=b.dataset.t,
      d.body.append(a)
    )
  };

  // The trigger stands behind its templates.
  $a=_=>{
    let n=d.currentScript,t=n,l=[];
    while((t=t.previousSibling)&&t.content)l.push(t);
    s(l.reverse());
    n.remove();
    r()
  };

  // A bridge that arrives late catches up.
  s(d.querySelectorAll("template"));
  b.remove();
  r();
  /g/.test(d.readyState)?addEventListener("DOMContentLoaded",c):c()
}
