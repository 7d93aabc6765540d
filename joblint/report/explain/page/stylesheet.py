"""The page's style sheets as text: one for the pictures (an SVG file also needs it), one for the page around them."""

from __future__ import annotations

_LIGHT = {
    "paper": "#fdfcfa", "card": "#f5f3ee", "ink": "#20242a", "quiet": "#5a626c", "line": "#d8d5cc", "link": "#1f5a94",
    "succeeded": "#2f7a4d", "failed": "#b13a32", "killed": "#8a5a08", "running": "#2f6aa3", "pending": "#6b7079",
    "deadline": "#8a3a86", "gone": "#5a626c", "grid": "#e9e6de",
}  # fmt: skip
_DARK = {
    "paper": "#15181b", "card": "#1d2125", "ink": "#e7e5df", "quiet": "#a4acb5", "line": "#363c43", "link": "#8ab8e6",
    "succeeded": "#6cc08b", "failed": "#ef8a80", "killed": "#e0b05c", "running": "#7db3e8", "pending": "#a0a6ae",
    "deadline": "#d69ad2", "gone": "#a4acb5", "grid": "#262b30",
}  # fmt: skip

_PICTURE = """
text{{font:11px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;fill:{ink}}}
.m{{text-anchor:middle}}.e{{text-anchor:end}}
.paper{{fill:{paper}}}.title{{font-size:18px;font-weight:600}}.quiet,.tick,.row,.gap{{fill:{quiet}}}
.scenario{{font-size:13px;font-weight:600}}.words{{font-size:12px}}.refused{{font-size:12px;fill:{failed};font-weight:600}}
.axis{{stroke:{quiet}}}.grid{{stroke:{grid}}}
.wait{{stroke:{quiet};stroke-dasharray:2 3}}
.gap{{stroke:{paper};stroke-width:5px;paint-order:stroke}}
.bar.succeeded,.glyph.succeeded{{fill:{succeeded}}}.bar.failed,.glyph.failed{{fill:{failed}}}
.soft{{fill:{quiet};fill-opacity:.18}}.bar.killed{{fill:{killed};fill-opacity:.35;stroke:{killed}}}.glyph.killed{{fill:{killed}}}
.bar.running,.glyph.running{{fill:{running}}}
.bar.pending{{fill:none;stroke:{pending};stroke-dasharray:4 3}}.glyph.pending{{fill:{pending}}}
.on{{fill:{paper}}}
.load{{fill:{running};fill-opacity:.55;stroke:{running}}}
line.end{{stroke:{ink};stroke-width:1.5}}line.deadline{{stroke:{deadline};stroke-dasharray:6 3;stroke-width:1.5}}
line.limit{{stroke:{failed};stroke-dasharray:1 3;stroke-width:1.5}}line.gone,line.action{{stroke:{gone};stroke-dasharray:8 4}}
.mark{{paint-order:stroke;stroke:{paper};stroke-width:4px}}
.mark.end{{font-weight:600}}.mark.deadline{{fill:{deadline}}}.mark.limit{{fill:{failed}}}.mark.gone,.mark.action{{fill:{gone}}}
"""

_PAGE_COLOURS = (
    ":root{{--paper:{paper};--card:{card};--ink:{ink};--quiet:{quiet};--line:{line};--link:{link};--bad:{failed};"
    "--mind:{killed};--good:{succeeded};--hint:{running}}}\n"
)

_DARK_SCREEN = "@media screen and (prefers-color-scheme:dark)"

PICTURE_STYLE = _PICTURE.format(**_LIGHT) + _DARK_SCREEN + "{" + _PICTURE.format(**_DARK) + "}"
"""What the classes of a picture look like, in light and dark."""

PAGE_STYLE = (
    ":root{color-scheme:light dark}\n"
    + _PAGE_COLOURS.format(**_LIGHT)
    + _DARK_SCREEN
    + "{"
    + _PAGE_COLOURS.format(**_DARK)
    + "}"
    + """
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);
font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
header,.document,footer{max-width:1560px;margin:0 auto;padding:0 28px}
header{padding-top:22px;color:var(--quiet);font-size:13px}
header h1{font-size:13px;font-weight:600;margin:0;color:var(--quiet);display:inline}
footer{padding-bottom:40px;color:var(--quiet);font-size:13px}
.document{display:grid;grid-template-columns:minmax(300px,5fr) minmax(0,8fr);gap:40px;padding-top:20px;padding-bottom:48px}
.document+.document{border-top:1px solid var(--line)}
.manifest{min-width:0}
.manifest h2{font-size:13px;font-weight:600;margin:8px 0 10px;color:var(--quiet);overflow-wrap:anywhere}
.source{background:var(--card);border:1px solid var(--line);border-radius:6px;padding:10px 0;overflow-x:auto;
font:12.5px/1.6 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
.line{display:flex;white-space:pre;min-height:1.6em}
.line .n{flex:none;width:4em;padding-right:1.2em;text-align:right;color:var(--quiet);user-select:none}
.line mark{background:none;color:inherit;text-decoration:underline wavy;text-underline-offset:3px;text-decoration-thickness:1px}
.line.error mark{text-decoration-color:var(--bad)}.line.warning mark{text-decoration-color:var(--mind)}
.line.info mark{text-decoration-color:var(--hint)}
.finding{white-space:normal;margin:4px 14px 8px 4em;padding:6px 10px;border-left:3px solid var(--hint);background:var(--paper);
font:13px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
.finding.error{border-color:var(--bad)}.finding.warning{border-color:var(--mind)}
.finding b{font-weight:600}
.fix{position:relative;padding-right:4.5em;color:var(--quiet);margin-top:3px;
white-space:pre-wrap;overflow-wrap:anywhere}
.fix .typed{font:12px/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;color:var(--ink)}
.copy{display:none;position:absolute;right:0;top:1px;font:inherit;font-size:12px;color:var(--link);background:none;
border:1px solid var(--line);border-radius:4px;padding:0 8px;cursor:pointer}.js .copy{display:block}
.why{margin-top:2px;color:var(--quiet);white-space:pre-line}.why summary{cursor:pointer;color:var(--link);width:max-content}
.finding .rule{color:var(--quiet);float:right;margin-left:12px;font-size:12px}
.job+.job{margin-top:48px;padding-top:28px;border-top:1px solid var(--line)}
.job{min-width:0}
.job h2{font-size:24px;font-weight:600;letter-spacing:-.01em;margin:0;line-height:1.25;overflow-wrap:anywhere}
.where{color:var(--quiet);font-size:13px;margin:2px 0 14px;overflow-wrap:anywhere}
.headline{font-size:17px;margin:0 0 4px;max-width:62em}
.pattern{color:var(--quiet);margin:0 0 20px}
.refusal{border-left:3px solid var(--bad);padding:4px 14px;margin:0 0 18px;background:var(--card)}
.refusal p{margin:4px 0;font-weight:600}.refusal ul{margin:4px 0;padding-left:18px}.refusal li{overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%;font-size:14px;margin:0 0 22px}
th{text-align:left;font-weight:600;color:var(--quiet);font-size:12.5px;padding:4px 16px 4px 0;border-bottom:1px solid var(--line)}
td{padding:6px 16px 6px 0;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}
td:first-child,.limits td:nth-child(2){overflow-wrap:normal}
code,.kubectl td,.kubectl th{font:12.5px/1.6 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
tr.wins td{font-weight:600}tr.wins td:last-child::before{content:"◀ reached first: "}
.kubectl{width:auto;margin:0 0 8px}.kubectl caption{text-align:left;color:var(--quiet);font-size:12.5px;padding-bottom:2px}
.kubectl th,.kubectl td{border:0;padding:0 24px 0 0}
h3{font-size:15px;font-weight:600;margin:0 0 8px}
.control{display:none;align-items:center;gap:14px;margin:0 0 14px;font-size:14px}
.js .control{display:flex}
.control input{flex:1;max-width:380px;accent-color:var(--link);height:24px}
.control output{font-weight:600;min-width:5.5em}
[role=tablist]{display:none;flex-wrap:wrap;gap:2px 4px;border-bottom:1px solid var(--line);margin:0 0 18px}
.js [role=tablist]{display:flex}
[role=tab]{font:inherit;font-size:14px;color:var(--quiet);background:none;border:0;border-bottom:3px solid transparent;
padding:7px 12px;margin-bottom:-1px;cursor:pointer}
[role=tab]:hover{color:var(--ink)}
[role=tab][aria-selected=true]{color:var(--ink);font-weight:600;border-bottom-color:var(--link)}
:focus-visible{outline:2px solid var(--link);outline-offset:2px;border-radius:3px}
[role=tabpanel]{margin:0 0 28px}
.js [role=tabpanel][hidden]{display:none}
.picture{overflow-x:auto}.picture svg{display:block;width:100%;min-width:560px;height:auto}
.card .picture svg,.narrow svg{min-width:0}.narrow{display:none}
@media (max-width:600px){.wide{display:none}.narrow{display:block}}
.text{margin:10px 0 12px;max-width:62em}
.condition{color:var(--quiet);font-size:13.5px;margin:0 0 8px}
.overview{display:grid;grid-template-columns:repeat(auto-fill,minmax(290px,1fr));gap:16px}
.card{border:1px solid var(--line);border-radius:6px;padding:12px 14px}
.card h3{font-size:13.5px}
.card .text{font-size:13px;margin:6px 0 0;color:var(--quiet)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:8px 20px;margin:0;font-size:14px}
dt{font-weight:600}dd{margin:0;max-width:62em}
.key{color:var(--quiet);font-size:12.5px;margin:-12px 0 22px}.key span{display:inline-block;margin-right:1.8em}
.job>.condition{margin-bottom:20px}
@media (max-width:980px){.document{grid-template-columns:minmax(0,1fr)}.manifest{order:2}
header,.document,footer{padding-left:16px;
padding-right:16px}}
@media screen and (min-width:981px){.manifest>div{position:sticky;top:12px;max-height:calc(100vh - 24px);overflow-y:auto}}
@media print{.copy,.why{display:none!important}
body{font-size:11pt}.document{display:block}.js .control,.js [role=tablist]{display:none}
.js [role=tabpanel][hidden]{display:block}.js .overview-panel,.overview-panel{display:none!important}.job{break-before:page}
[role=tabpanel],.card,tr,.finding{break-inside:avoid}.source{border:0;overflow:visible}.line{white-space:pre-wrap}}
"""
)
"""What the page looks like, in light and dark and on paper."""
