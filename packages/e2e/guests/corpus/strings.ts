function show(text: string): void {
  let codes = text.length.toString()
  for (let i = 0; i < text.length; i++) codes += ' ' + text.charCodeAt(i).toString(16)
  console.log(text + ' | ' + codes)
}

function hex(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i++) text += bytes[i].toString(16).padStart(2, '0')
  return text
}

export function strings(): void {
  console.log('strings')
  const text = 'Grüße, Welt! 😀 ñ – done'
  show(text)
  show(text.substring(3, 9))
  show(text.substring(9, 3))
  show(text.slice(-6, -2))
  show(text.slice(4, 2))
  show(text.charAt(2) + text.at(-1))
  console.log(text.codePointAt(13).toString() + ' ' + text.codePointAt(14).toString())
  console.log([text.indexOf('e'), text.indexOf('e', 7), text.lastIndexOf('e'), text.indexOf('zz'), text.indexOf('')].join(' '))
  console.log((text.includes('Welt') ? 'in ' : 'out ') + (text.startsWith('Gr') ? 'starts ' : '') + (text.endsWith('done') ? 'ends' : ''))
  show('  \t trim me \n ')
  show('  \t trim me \n '.trim())
  show('  \t trim me \n '.trimStart() + '|' + '  x '.trimEnd())
  show('ab'.repeat(5) + '-'.repeat(0))
  show('7'.padStart(5, 'ab') + '7'.padEnd(4, '.') + 'long'.padStart(2, 'x'))
  show('a-b-c-a'.replace('a', 'XY') + 'a-b-c-a'.replaceAll('a', 'XY'))
  show('ÄÖÜ ß éa Σας İ'.toLowerCase())
  show('äöü ß éa σας ŉ'.toUpperCase())
  show('a,b,,c'.split(',').join('|'))
  show('abc'.split('').join('.'))
  show('a,b,c'.split(',', 2).join('|'))
  show(String.fromCharCode(0x263a) + String.fromCodePoint(0x1f680))
  show('')
  show('nul\0in the middle')
  console.log(half('😀x'))
  const order = ['b', 'a', 'B', 'ab', 'ä', '', 'aa', '😀', '\uffee']
  order.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  console.log(order.join(' '))
  console.log(['a' < 'b', 'a' == 'a', 'abc' > 'abd', 'x' != 'y', '' < 'a'].map<string>((is) => (is ? '1' : '0')).join(''))
  let built = ''
  for (let i = 0; i < 100; i++) built += String.fromCharCode(32 + ((i * 13) % 90))
  show(built)
  console.log(`${built.length} characters, ${built.charCodeAt(50)} in the middle`)

  const parts = ['plain', 'ünïcödé', '€ and 😀', '', '\u0000\u007f\u0080\u07ff\u0800\uffff']
  for (let i = 0; i < parts.length; i++) {
    const bytes = Uint8Array.wrap(String.UTF8.encode(parts[i]))
    console.log(hex(bytes) + ' ' + (String.UTF8.decode(bytes.buffer) == parts[i] ? 'back' : 'lost'))
  }
}

// Half of a pair is printed as U+FFFD, as a terminal gets it from Node.
function half(text: string): string {
  return text.substring(0, 1) + '|' + text.substring(1, 2) + '|' + text.substring(2)
}
