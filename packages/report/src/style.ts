/** Blue and orange with dashes and shapes beside them: told apart by the colour-blind, and in print without colour. */
export const style = `
:root{color-scheme:light dark;--ink:#1a2230;--quiet:#526071;--paper:#fff;--card:#f5f7fa;--line:#d5dce5;--model:#1b5fae;--rule:#b3500a;--good:#0b6b50;--bad:#8a3b12;
--h0:#eef2f7;--h1:#d6e4f4;--h2:#b3cfec;--h3:#86b2de;--h4:#4a86c5;--h5:#2566ab;--h6:#0f467f;--in:#14202f;--dark:#fff}
@media (prefers-color-scheme:dark){:root{--ink:#e8edf4;--quiet:#a9b6c6;--paper:#10161f;--card:#18212d;--line:#324052;--model:#74b0f5;--rule:#f0a259;--good:#6fd3b2;--bad:#f3ab83;
--h0:#1c2735;--h1:#1f3b5b;--h2:#27527f;--h3:#3069a3;--h4:#67a3de;--h5:#94c3f0;--h6:#c9e2fb;--in:#f3f7fc;--dark:#0d1620}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
.skip{position:absolute;left:-999px}.skip:focus{left:8px;top:8px;background:var(--paper);padding:8px;z-index:2}
header,main,footer{max-width:1180px;margin:0 auto;padding:0 24px}
header{padding-top:36px}
h1{font-size:2rem;line-height:1.2;margin:0 0 4px;letter-spacing:-.02em}
h2{font-size:1.5rem;margin:0 0 12px;letter-spacing:-.01em}
h3{font-size:1.15rem;margin:28px 0 8px}
h4{font-size:1rem;margin:22px 0 4px}
p{margin:0 0 10px;max-width:78ch}
a{color:var(--model)}
nav ul{display:flex;flex-wrap:wrap;gap:4px 18px;list-style:none;padding:10px 0;margin:14px 0 0;border-block:1px solid var(--line)}
section{padding:34px 0;border-bottom:1px solid var(--line)}
.quiet,.caption,.question{color:var(--quiet)}
.caption{font-size:.92rem}
.question{font-size:1.05rem}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:14px;list-style:none;padding:0;margin:0 0 20px}
.tiles li{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:14px 16px}
.tiles strong{display:block;font-size:1.7rem;line-height:1.2;letter-spacing:-.02em}
.tiles span{color:var(--quiet);font-size:.92rem}
.says{padding-left:1.2em;margin:0 0 12px}
.says li{margin:4px 0;max-width:90ch}
.verdict{display:inline-block;font-size:.82rem;font-weight:600;padding:1px 9px;border-radius:99px;border:1px solid currentColor;vertical-align:middle;letter-spacing:0}
.published{color:var(--good)}.withheld{color:var(--bad);border-style:dashed}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,460px),1fr));gap:20px;margin:16px 0}
.figures.wide{grid-template-columns:1fr}
figure{margin:0;min-width:0;background:var(--card);border:1px solid var(--line);border-radius:10px;padding:16px 18px}
figure h3{margin:0 0 2px;font-size:1.05rem}
figure>svg{display:block;width:100%;max-width:640px;height:auto;margin-top:6px}.wide figure>svg{max-width:none}.figures>figure:last-child:nth-child(odd){grid-column:1/-1}
svg text{fill:var(--quiet);font-size:12px;font-family:inherit}
svg .name,svg .value,svg .axis{fill:var(--ink)}
svg .value{font-weight:600}
.grid line{stroke:var(--line)}
svg .base{stroke:var(--quiet)}
.bar{fill:var(--model)}
.model{fill:none;stroke:var(--model);stroke-width:2.5}
.model-mark line,.interval{stroke:var(--model);stroke-width:2}
.model-mark circle,.dot{fill:var(--model);stroke:var(--card);stroke-width:1.5}
.rule{stroke:var(--rule);stroke-width:2.5;stroke-dasharray:4 3}.rule-mark line{stroke:var(--rule);stroke-width:2}.rule-mark rect{fill:var(--rule);stroke:var(--card)}
.chance{stroke:var(--quiet);stroke-width:1.5;stroke-dasharray:2 5}
.h0{fill:var(--h0)}.h1{fill:var(--h1)}.h2{fill:var(--h2)}.h3{fill:var(--h3)}.h4{fill:var(--h4)}.h5{fill:var(--h5)}.h6{fill:var(--h6)}
svg .in{fill:var(--in);font-weight:600}svg .in .small{font-weight:400;font-size:11px}svg .in.dark{fill:var(--dark)}
.legend{display:flex;flex-wrap:wrap;gap:2px 18px;list-style:none;padding:0;margin:6px 0 0;font-size:.88rem;color:var(--quiet)}
.legend svg{vertical-align:middle;margin-right:6px}
details{margin-top:10px;font-size:.92rem}
summary{cursor:pointer;color:var(--model)}
.scroll{overflow-x:auto;max-height:30rem;overflow-y:auto}
table{border-collapse:collapse;width:100%;margin:8px 0;font-size:.92rem;overflow-wrap:normal}
th,td{text-align:left;padding:6px 12px 6px 0;border-bottom:1px solid var(--line);vertical-align:top}
thead th{color:var(--quiet);font-weight:600}
thead .number{white-space:normal}tbody th{font-weight:600}
.number{text-align:right;white-space:nowrap}
.slider label{display:block;font-weight:600;margin-top:10px}
.slider input[type=range]{width:100%;height:32px;accent-color:var(--model);margin:4px 0}
.result{font-size:1.05rem}
.costs{border-top:1px solid var(--line);margin-top:10px}
.costs label{display:flex;justify-content:space-between;gap:12px;align-items:center;font-weight:400}
.costs input{width:9em;font:inherit;color:inherit;background:var(--paper);border:1px solid var(--quiet);border-radius:6px;padding:4px 8px}
.costs .result{margin-top:12px}
:focus-visible{outline:3px solid var(--rule);outline-offset:2px}
dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(220px,1fr));gap:4px 20px}
dl div{border-bottom:1px solid var(--line);padding:4px 0}
dt{color:var(--quiet);font-size:.9rem}dd{margin:0;font-weight:600}
footer{padding-block:24px 48px;color:var(--quiet);font-size:.9rem}
@media (max-width:640px){header,main,footer{padding-inline:16px}header{padding-top:22px}h1{font-size:1.6rem}figure{padding:12px}.grid text{font-size:15px}}
@media print{:root{--ink:#000;--quiet:#3d4753;--paper:#fff;--card:#fff;--line:#c3cad3;--model:#1b5fae;--rule:#b3500a;--good:#0b6b50;--bad:#8a3b12;--h0:#eef2f7;--h1:#d6e4f4;--h2:#b3cfec;--h3:#86b2de;--h4:#4a86c5;--h5:#2566ab;--h6:#0f467f;--in:#14202f;--dark:#fff}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
body{font-size:11pt}nav,.skip,.csv,.slider input,.costs,details:not([open])>summary{display:none}figure,tr{break-inside:avoid}h2,h3,h4{break-after:avoid}.scroll{overflow:visible;max-height:none}section{padding:18px 0}.figures{grid-template-columns:1fr 1fr;gap:12px}}
`;
