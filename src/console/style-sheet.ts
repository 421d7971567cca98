import { sha256Hex } from '../domain/ids.ts'

const text = `
:root {
  color-scheme: light dark;
  --ground: #f6f7f9; --paper: #ffffff; --ink: #16202b; --soft: #4c5a68; --line: #d5dbe2; --link: #0b4f9e;
  --good: #0d6b3d; --good-ground: #e3f4ea; --bad: #a3161f; --bad-ground: #fdeaea; --warn: #7a4b00; --warn-ground: #fff3d6;
  --calm-ground: #e6effa; --button: #0b4f9e; --button-ink: #ffffff; --old: #a3161f; --new: #0d6b3d;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #12171d; --paper: #1a2129; --ink: #e8edf2; --soft: #a9b5c1; --line: #37424e; --link: #8cc0ff;
    --good: #7fd6a4; --good-ground: #143524; --bad: #ff9b9b; --bad-ground: #471a1d; --warn: #f2c26b; --warn-ground: #3d2e10;
    --calm-ground: #1b2c40; --button: #2f7fdb; --button-ink: #06121f; --old: #ff9b9b; --new: #7fd6a4;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: .5rem; top: .5rem; background: var(--paper); padding: .5rem; z-index: 1; }
header.top { background: var(--paper); border-bottom: 1px solid var(--line); padding: .5rem 1rem; display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; align-items: center; }
header.top nav { flex: 1 1 auto; }
header.top ul { display: flex; flex-wrap: wrap; gap: .1rem .25rem; list-style: none; margin: 0; padding: 0; }
header.top nav a { display: block; padding: .45rem .6rem; text-decoration: none; border-radius: .3rem; color: var(--ink); }
header.top nav a:hover { background: var(--calm-ground); }
header.top nav a[aria-current] { background: var(--calm-ground); font-weight: 600; }
.count { background: var(--bad); color: var(--paper); border-radius: 1rem; padding: 0 .45rem; font-size: .85rem; font-weight: 600; margin-left: .3rem; }
.who { display: flex; gap: .75rem; align-items: center; color: var(--soft); }
.brand { font-weight: 700; }
main { max-width: 76rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.6rem; margin: .5rem 0 1rem; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; }
h3 { font-size: 1rem; margin: 1.25rem 0 .25rem; overflow-wrap: anywhere; }
.soft { color: var(--soft); }
.small { font-size: .9rem; }
.banner { border-left: .5rem solid var(--soft); background: var(--calm-ground); padding: .8rem 1rem; border-radius: .3rem; margin: 0 0 1rem; }
.banner p { margin: 0; }
.banner .big { font-size: 1.25rem; font-weight: 600; }
.banner.god { border-color: var(--good); background: var(--good-ground); }
.banner.daarlig { border-color: var(--bad); background: var(--bad-ground); }
.banner.obs { border-color: var(--warn); background: var(--warn-ground); }
.god-text { color: var(--good); } .daarlig-text { color: var(--bad); } .obs-text { color: var(--warn); }
.todo { list-style: none; padding: 0; margin: 0; }
.todo li { background: var(--paper); border: 1px solid var(--line); border-left: .4rem solid var(--bad); border-radius: .3rem; padding: .6rem .8rem; margin: 0 0 .5rem; overflow-wrap: anywhere; }
.todo li.obs { border-left-color: var(--warn); }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: .75rem; margin: 0; }
.facts > div { background: var(--paper); border: 1px solid var(--line); border-radius: .4rem; padding: .6rem .8rem; }
.facts dt { color: var(--soft); }
.facts dd { margin: 0; font-size: 1.4rem; font-weight: 600; font-variant-numeric: tabular-nums; }
.facts dd small { display: block; font-size: .9rem; font-weight: 400; color: var(--soft); }
.scroll { position: relative; overflow-x: auto; background: var(--paper); border: 1px solid var(--line); border-radius: .4rem; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
th, td { text-align: left; vertical-align: top; padding: .4rem .7rem; border-top: 1px solid var(--line); }
thead th { border-top: 0; color: var(--soft); font-weight: 600; white-space: nowrap; }
td.n, th.n { text-align: right; }
td .id { overflow-wrap: normal; }
td.nowrap { white-space: nowrap; }
td details { margin: 0; }
td pre { min-width: 16rem; }
code, pre, .id { font-family: ui-monospace, monospace; font-size: .9rem; }
.id { overflow-wrap: anywhere; }
pre { background: var(--paper); border: 1px solid var(--line); border-radius: .4rem; padding: .7rem; overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere; margin: .3rem 0; }
pre mark { background: var(--warn-ground); color: var(--ink); display: block; }
del { color: var(--old); } ins { color: var(--new); text-decoration: none; font-weight: 600; }
.tag { display: inline-block; border: 1px solid currentColor; border-radius: .3rem; padding: 0 .4rem; font-size: .9rem; white-space: nowrap; }
.bar { display: block; width: 100%; height: 1.1rem; border-radius: .3rem; background: var(--line); }
.bar .in { fill: var(--good); } .bar .late { fill: var(--warn); } .bar .open { fill: var(--bad); }
.cutoff { background: var(--paper); border: 1px solid var(--line); border-radius: .4rem; padding: .6rem .8rem; margin: 0 0 .5rem; }
.cutoff p { margin: 0 0 .3rem; }
form.box, .box { background: var(--paper); border: 1px solid var(--line); border-radius: .4rem; padding: .8rem 1rem; margin: .75rem 0; }
form.line { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: end; margin: 0 0 1rem; }
form.line.box { margin: .75rem 0; }
label { display: block; font-weight: 600; }
label.inline { font-weight: 400; }
input[type=text], input[type=password], input[type=search], input[type=date], select, textarea { font: inherit; color: inherit; background: var(--ground); border: 1px solid var(--soft); border-radius: .3rem; padding: .45rem .5rem; width: 100%; max-width: 34rem; }
form.line input, form.line select { width: auto; min-width: 9rem; }
form.line .wide { flex: 1 1 16rem; max-width: 34rem; } form.line .wide input { width: 100%; }
button { font: inherit; font-weight: 600; padding: .5rem 1rem; border-radius: .3rem; border: 1px solid var(--button); background: var(--button); color: var(--button-ink); cursor: pointer; min-height: 2.6rem; }
button.plain { background: transparent; color: var(--link); border-color: var(--soft); }
button.danger { background: transparent; color: var(--bad); border-color: var(--bad); }
.buttons { display: flex; flex-wrap: wrap; gap: .75rem; margin-top: .75rem; }
details { margin: .4rem 0; } summary { cursor: pointer; color: var(--link); }
.pages { display: flex; gap: 1rem; margin: .75rem 0; }
.box > :first-child, .todo li > :first-child, summary:first-child { margin-top: 0; }
.box > :last-child, .todo li > :last-child { margin-bottom: 0; }
.box p, .todo p { margin: .3rem 0; }
.box form.line { margin: .6rem 0; }
.narrow { max-width: 30rem; margin: 2rem auto; }
@media (max-width: 40rem) { main { padding: .75rem; } th, td { padding: .35rem .5rem; } h1 { font-size: 1.35rem; } header.top { padding: .4rem .5rem; } }
`

/** The console's one style sheet; its address changes with it, so a browser may keep it for ever. */
export const styleSheet = { path: `/static/${sha256Hex(text).slice(0, 16)}.css`, text }
