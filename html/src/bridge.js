// The bridge: swaps patches into their places where the browser does not do it by itself, and
// says so when a response stopped before its end. It is sent as bridge.min.js, which is this
// file without comments, indentation and line ends; a test in script.rs holds the two together.
//
// d document, b the bridge's own element, D its data (w: after how many ms of silence; t: what the
// reader is then told), p places by name (once d is indexed), w the watchdog's timer, e the last
// node that a trigger has seen, a the watchdog's alert, f the text by which a marker is told from
// other nodes, of which none has the same: of a comment without its kind.
{
  let d=document,b=d.currentScript,D=b.dataset,p,w,e,a=d.createElement("mark"),
  f=n=>(n.nodeName+n.data).replace("#comment?",""),

  // Finds the markers below r: processing instructions where the browser knows them, else
  // comments (64 + 128). Runs once over the document, then over the content of each patch.
  x=r=>{
    for(let k=d.createTreeWalker(r,192),n,m;n=k.nextNode();)
      if(m=/^\w+ ?name="(\w+)"/.exec(f(n)))p[m[1]]=n
  },

  // Swaps the patches of the list l that arrived whole: those with something behind them. A
  // start marker, unlike a point marker, goes with everything up to its end marker.
  s=l=>l.forEach(t=>{
    p||x(d,p={});
    let n,o=p[t.getAttribute("for")||t.dataset.for];
    if(o&&t.nextSibling){
      x(t.content);
      if(f(o)>"s")
        while((n=o.nextSibling)&&(n.remove(),f(n)!="end"));
      o.replaceWith(t.content);
      t.remove()
    }
  }),

  // Starts the watchdog anew.
  r=_=>{
    a.remove();
    clearTimeout(w);
    w=setTimeout(c,D.w)
  },

  // Silence, or the parser has stopped: a whole response has its end marker as the last node.
  c=(_,n=d.lastChild)=>{
    clearTimeout(w);
    n.data=="$a"?n.remove():(
      a.role="alert",
      a.style="position:fixed;top:0",
      a.textContent=D.t,
      d.body.append(a)
    )
  };

  // The trigger stands behind its templates. Between them may be what others have appended to the
  // body meanwhile.
  $a=_=>{
    r();
    let n=d.currentScript,t=n,l=[];
    while((t=t.previousSibling)&&t!=e)t.content&&l.unshift(t);
    s(l);
    e=n.previousSibling;
    n.remove()
  };

  // A bridge that arrives late catches up.
  s(d.querySelectorAll("template"));
  b.remove();
  r();
  d.readyState>"k"?addEventListener("DOMContentLoaded",c):c()
}
