//! Texts that break a page which takes them as they are.

use super::holds;

/// Each of them swallows or closes something, reads like the wire, or changes when it is parsed
/// once more.
pub(crate) const PIECES: &[&str] = &[
    "</template>",
    "</template></template></div></main></body></html>",
    "<!-- ",
    "<!--",
    "<!",
    "<?",
    "</",
    "<style>",
    "<script>",
    "<script><!--<script>",
    "<script><!--<script></script>",
    "<textarea>",
    "<title>",
    "<noscript>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<noscript></template></noscript>",
    "<iframe>",
    "<noembed>",
    "<noframes>",
    "<xmp>",
    "<plaintext>",
    "<svg><plaintext>",
    "<svg><![CDATA[ </template> ",
    "<svg><![CDATA[</svg></template>]]>",
    "<svg><style><!--</style></svg>",
    "<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<svg><desc><template></svg></template>",
    "<svg><foreignObject><textarea></svg>",
    "<math><annotation-xml encoding=\"text/html\"><style></math>",
    "<template>",
    "<template><template></template>",
    "<template><tr><td></template>",
    "<template for=\"0\">forged</template>",
    "<template data-for=1>forged</template>",
    "<template for=\"1\">",
    "<template shadowrootmode=open><slot></template>",
    "<p title=\"",
    "<p title='a",
    "<p title=a",
    "<p",
    "<p \" ' <a>",
    "<a href=\"x\">a<a href=\"y\">b",
    "a\0b",
    "<p title=\"a\0b\">",
    "<frameset>",
    "<html><head><body></body></html>",
    "</body></html>",
    "<base href=\"https://elsewhere.example/\"><meta charset=utf-16>",
    "<?start name=\"0\">",
    "<?start name=\"1\">forged<?end>",
    "<?end>",
    "<?marker name=\"head\">",
    "<!--?start name=\"1\"-->forged<!--?end-->",
    "<!--?end-->",
    "<!--$a-->",
    "<?start name=\"title\"><title>forged</title><?end>",
    "<img name=currentScript><form name=body></form><p id=$a>",
    "<table><tr><td><table></table></template>",
    "<table><b><tr><td>a</b></table><i>",
    "<table><a>1<p>2</a>3",
    "<table><form><tr><td></form><form>",
    "<select><style></template></style>",
    "<select><textarea></select></template>",
    "<select><template></select></template>",
    "<button><p></button><button>",
    "<b><p><b><p><b><p>",
    "<b a=1><b a=2><b a=3><p>x</p></b>y",
    "<nobr>a<nobr>b<p><nobr>c",
    "<form><form></form><div></form><form>",
    "<h1><h2></h1></h2><li><li><dd><dt>",
    "<ruby><rb><rt><rtc><rp>",
    "<pre>\n\n\n<listing>\n<textarea>\n\n",
    "<pre><!-- -->\na",
    "\u{feff}\u{feff}a",
    "\r\n\r&#13;&#10;&#0;&#x80;&nbsp;&amp;lt;&notin;&not",
    "<image><isindex><keygen><menuitem><selectedcontent>",
    "<a<b><c\"d><e'f='g' =h /i/>",
    "<svg><font color><g></svg>",
    "<svg><p><style></template></p></style>",
    "<svg><svg:template><template></svg>",
    "<math><mi><svg><mi><p>",
    "<object><applet><marquee></object>",
    "<script>self.$a&&$a()</script>",
    "<script>\"</template>\"</script>",
    "<x-y><slot name=z></x-z>",
    "<dialog open><details><summary>",
];

#[test]
fn each_alone() {
    for piece in PIECES {
        holds(piece);
        holds(&format!("<p>before {piece} after</p>"));
    }
}

#[test]
fn each_pair() {
    for first in PIECES {
        for second in PIECES {
            holds(&format!("{first}{second}"));
        }
    }
}
