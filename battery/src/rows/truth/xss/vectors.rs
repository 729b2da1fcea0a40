//! Text that is a script in one place or another. Each adds its frame to the hits when it runs.

/// What they run. It needs no quotes, so that it fits everywhere.
const RUN: &str = "(top.hits??=new/**/Set).add(location.href)";

/// Ends what may be open around the text.
const ESCAPES: [&str; 7] = [
    "",
    "\">",
    "'>",
    "-->",
    "</title></textarea></select></style></script>",
    "</template>",
    "<?end>",
];

/// HTML that runs by itself.
const BODIES: [&str; 6] = [
    "<script>RUN</script>",
    "<img src=x: onerror=RUN>",
    "<svg onload=RUN>",
    "<iframe onload=RUN></iframe>",
    "<details open ontoggle=RUN>x</details>",
    "<iframe src=javascript:RUN></iframe>",
];

/// Single ones: attributes, URLs, markers of the stream, what sanitisers have missed.
const OTHERS: &[&str] = &[
    "\" onfocus=RUN autofocus x=\"",
    "' onfocus=RUN autofocus x='",
    " onfocus=RUN autofocus ",
    "` onfocus=RUN autofocus `",
    "\" onclick=RUN \"",
    "javascript:RUN",
    "JaVaScRiPt:RUN",
    " javascript:RUN",
    "\u{1}javascript:RUN",
    "java\tscript:RUN",
    "java\nscript:RUN",
    "javascript\n:RUN",
    "javascript://%0aRUN",
    "javascript:/*--></title></style></textarea></script><svg onload=RUN>*/RUN",
    "data:text/html,<script>RUN</script>",
    "vbscript:RUN",
    "//x:y@[::1]:9/",
    "\\\\[::1]:9\\",
    "<a href=javascript:RUN>x</a>",
    "<a href=\"java&#9;script:RUN\">x</a>",
    "<a href=\"&#1;javascript:RUN\">x</a>",
    "<form action=javascript:RUN><button>x</button></form>",
    "<form><button formaction=javascript:RUN>x</button></form>",
    "<meta http-equiv=refresh content=0;url=javascript:RUN>",
    "<object data=javascript:RUN></object>",
    "<embed src=javascript:RUN>",
    "<body onload=RUN>",
    "<input autofocus onfocus=RUN>",
    "<video><source onerror=RUN></video>",
    "<audio src=x: onerror=RUN>",
    "<script src=data:text/javascript,RUN></script>",
    "<script type=module>RUN</script>",
    "<svg><animate onbegin=RUN attributeName=x dur=1s>",
    "<svg><style><img src=x: onerror=RUN></style></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=x: onerror=RUN&gt;\">",
    "<noscript><p title=\"</noscript><img src=x: onerror=RUN>\"></noscript>",
    "<svg></p><style><a id=\"</style><img src=x: onerror=RUN>\">",
    "<form><math><mtext></form><form><mglyph><style></math><img src=x: onerror=RUN>",
    "<template for=\"0\"><script>RUN</script></template>",
    "<template data-for=0><img src=x: onerror=RUN></template>",
    "<?start name=\"0\"><img src=x: onerror=RUN><?end>",
    "<!--?start name=\"0\"--><img src=x: onerror=RUN><!--?end-->",
    "<?marker name=\"head\"><script>RUN</script>",
    "</template><script>RUN</script><template>",
    "&lt;script&gt;RUN&lt;/script&gt;",
    "&#60;img src=x: onerror=RUN&#62;",
    "%3Cscript%3ERUN%3C/script%3E",
    "\\u003cscript\\u003eRUN\\u003c/script\\u003e",
    "+ADw-script+AD4-RUN+ADw-/script+AD4-",
    "\u{ff1c}script\u{ff1e}RUN\u{ff1c}/script\u{ff1e}",
    "<scr\0ipt>RUN</scr\0ipt>",
    "<\0script>RUN</script>",
    "<script/x>RUN</script/x>",
    "<img/src=x:/onerror=RUN>",
    "<img src=\"x:\" onerror=\"&#40;top.hits??=new/**/Set&#41;.add&#40;location.href&#41;\">",
    "';RUN//",
    "\";RUN//",
    "${RUN}",
    "{{constructor.constructor('RUN')()}}",
    "</script><script>RUN</script>",
    "<!--<script>--><script>RUN</script>",
    "<![CDATA[<script>RUN</script>]]>",
    "<svg><![CDATA[</svg><img src=x: onerror=RUN>]]></svg>",
    "0;url=javascript:RUN",
    "/\\[::1]:9/",
    "/x\" http-equiv=refresh content=\"0;url=javascript:RUN",
    "stylesheet\" href=\"data:text/css,*{}\" onload=\"RUN",
];

/// All of them.
pub(super) fn vectors() -> Vec<String> {
    let combined = ESCAPES.iter();
    let combined = combined.flat_map(|escape| BODIES.map(|body| format!("{escape}{body}")));
    let others = OTHERS.iter().map(|text| (*text).to_owned());
    let all = combined.chain(others);
    all.map(|vector| vector.replace("RUN", RUN)).collect()
}
