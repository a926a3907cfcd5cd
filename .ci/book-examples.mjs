// The code blocks of a page of the book, as a script that does what a reader does with them. By the first line of a block:
//   ```sh             commands; ```sh no-run never, ```sh cargo says that the page needs a Rust toolchain
//   ```LANG file=PATH a file, written when its turn comes
//   ```LANG from=PATH an excerpt: each line, `...` aside, has to be in that file at that point
//   ```LANG output    what commands print, for readers
// Code in any other block would be an example that nothing runs: it is an error.

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const pathOf = (page) => fileURLToPath(new URL(`../book/${page}`, import.meta.url))

const END = 'END_OF_EXAMPLE'

/** Text for the shell, taken as it stands. */
const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`

/** The page as a script for bash, or `undefined` when it has no examples. */
export function scriptOf(page) {
  const text = readFileSync(pathOf(page), 'utf8')
  const blocks = [...text.matchAll(/^```(\S+)(?: (.*))?\n([\s\S]*?)^```$/gm)]
  const parts = blocks.map(([, language, mark = '', body]) => partOf(page, language, mark, body))
  const used = parts.filter((part) => part !== '')
  return used.length === 0 ? undefined : used.join('\n')
}

/** Whether a page needs a Rust toolchain. */
export const needsRust = (page) => /^```\S+ cargo$/m.test(readFileSync(pathOf(page), 'utf8'))

function partOf(page, language, mark, body) {
  const path = /^(?:file|from)=(\S+)$/.exec(mark)?.[1]
  if (mark === 'no-run' || mark === 'output') return ''
  if (language === 'sh' && (mark === '' || mark === 'cargo')) return body
  if (mark.startsWith('file=')) return `cat > ${quoted(path)} <<'${END}'\n${body}${END}\n`
  if (mark.startsWith('from='))
    return body
      .split('\n')
      .flatMap((line) => excerptLine(line, path))
      .join('\n')
  throw new Error(`book/${page}: a block of ${language} that nothing runs: '${mark}'`)
}

const excerptLine = (line, path) =>
  line.trim() === '' || line.trim() === '...' ? [] : [`grep -qF -- ${quoted(line.trim())} ${quoted(path)}`]
