// Builds book/ to static HTML in book/dist, and fails on links that lead nowhere. The command line reference and the list
// of error codes come from the built command line.

import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import MarkdownIt from 'markdown-it'
import anchor from 'markdown-it-anchor'

const BOOK = 'book'
const OUT = join(BOOK, 'dist')
const zisk = (...args) => execFileSync(process.execPath, ['packages/cli/dist/bin.js', ...args], { encoding: 'utf8' })

/** Names of the commands in a help text. */
const commandsIn = (help) =>
  [...(/\nCommands:\n([\s\S]*?)(\n\n|$)/.exec(help)?.[1] ?? '').matchAll(/^ {2}([a-z]+)/gm)]
    .map((match) => match[1])
    .filter((name) => name !== 'help')

/** Every command with its help. */
function helpTexts(path = []) {
  const help = zisk(...path, '--help')
  const own = `\n## ${['zisk', ...path].join(' ')}\n\n\`\`\`text\n${help.trimEnd()}\n\`\`\`\n`
  return [own, ...commandsIn(help).map((name) => helpTexts([...path, name]))].join('')
}

/** Every error code with its explanation, by subject. */
function errorCodes() {
  const { errors } = JSON.parse(zisk('explain', '--json'))
  const list = (subject) =>
    errors.filter((error) => error.subject === subject).map(({ code, explanation }) => `- \`${code}\`: ${explanation}`)
  const subjects = [...new Set(errors.map(({ subject }) => subject))]
  return subjects.map((subject) => [`\n### ${subject}`, '', ...list(subject)].join('\n')).join('\n')
}

/** Page name to Markdown text. */
function readPages() {
  const names = readdirSync(BOOK).filter((name) => name.endsWith('.md'))
  const pages = new Map(names.map((name) => [name, readFileSync(join(BOOK, name), 'utf8')]))
  pages.set('cli.md', pages.get('cli.md') + helpTexts())
  pages.set('troubleshooting.md', pages.get('troubleshooting.md') + errorCodes())
  return pages
}

const renderer = new MarkdownIt({ html: false, linkify: false })
  .use(anchor, { permalink: anchor.permalink.headerLink() })
  .use((md) => {
    // Links between pages become links between HTML files; files of the repository are named, not linked.
    md.core.ruler.push('links', ({ tokens }) => {
      for (const token of tokens.flatMap((one) => one.children ?? [])) {
        const href = token.type === 'link_open' ? token.attrGet('href') : null
        if (href !== null && /^[\w-]+\.md(#|$)/.test(href))
          token.attrSet('href', href.replace('README.md', 'index.md').replace('.md', '.html'))
        else if (href?.startsWith('../')) token.attrs = [['title', href.slice(3)]]
      }
    })
  })

/** Links of a page that lead to no page, heading or file. */
function deadLinks(name, text, pages, anchors) {
  const prose = text.replace(/^```[\s\S]*?^```$/gm, '')
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map((match) => match[1])
    .filter((link) => !/^https:\/\//.test(link))
    .filter((link) => {
      const [file, heading] = link.split('#')
      const page = file === '' ? name : file
      if (heading !== undefined && pages.has(page)) return !anchors.get(page).has(heading)
      return !existsSync(join(BOOK, page))
    })
    .map((link) => `book/${name}: ${link}`)
}

const STYLE = `body{font:16px/1.55 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222;background:#fff}
nav{font-size:.9rem;border-bottom:1px solid #ccc;padding-bottom:.7rem;margin-bottom:1.5rem}nav a{margin-right:1rem}
pre{background:#f4f4f4;padding:.8rem;overflow-x:auto}code{font-size:.92em}table{border-collapse:collapse;display:block;overflow-x:auto}
td,th{border:1px solid #ccc;padding:.3rem .5rem;text-align:left;vertical-align:top}h1 a,h2 a,h3 a{color:inherit;text-decoration:none}
@media(prefers-color-scheme:dark){body{color:#ddd;background:#181818}pre{background:#242424}a{color:#8ab4f8}}`

const pages = readPages()
const html = new Map([...pages].map(([name, text]) => [name, renderer.render(text)]))
const anchors = new Map(
  [...html].map(([name, text]) => [name, new Set([...text.matchAll(/ id="([^"]+)"/g)].map((match) => match[1]))]),
)
const dead = [...pages].flatMap(([name, text]) => deadLinks(name, text, pages, anchors))
const contents = [...pages.get('README.md').matchAll(/^- \[([^\]]+)\]\(([\w-]+)\.md\)/gm)]
const listed = new Set(['README.md', ...contents.map((match) => `${match[2]}.md`)])
const unlisted = [...pages.keys()].filter((name) => !listed.has(name))
if (dead.length > 0 || unlisted.length > 0) {
  for (const link of dead) console.error(`dead link: ${link}`)
  for (const name of unlisted) console.error(`not in the contents of book/README.md: ${name}`)
  process.exit(1)
}

rmSync(OUT, { recursive: true, force: true })
mkdirSync(OUT, { recursive: true })
const menu = [
  '<a href="index.html">zisk</a>',
  ...contents.map(([, title, file]) => `<a href="${file}.html">${title}</a>`),
]
for (const [name, body] of html) {
  const title = /^# (.*)$/m.exec(pages.get(name))[1]
  const page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title}</title><style>${STYLE}</style></head><body><nav>${menu.join('')}</nav>${body}</body></html>\n`
  writeFileSync(join(OUT, name.replace('README', 'index').replace('.md', '.html')), page)
}
// The schemas under a stable name each, for those who check what a command prints.
const schemas = Object.entries(JSON.parse(zisk('schema')))
mkdirSync(join(OUT, 'schema'))
for (const [name, schema] of schemas)
  writeFileSync(join(OUT, 'schema', `${name.replace(' ', '-')}.json`), `${JSON.stringify(schema, null, 2)}\n`)
console.log(`${pages.size} pages and ${schemas.length} JSON Schemas in ${OUT}`)
