function listMap(map: Map<string, i32>): string {
  const keys = map.keys()
  const values = map.values()
  let text = map.size.toString() + ':'
  for (let i = 0; i < keys.length; i++) text += ' ' + keys[i] + '=' + values[i].toString()
  return text
}

function listSet(set: Set<i32>): string {
  return set.size.toString() + ': ' + set.values().join(' ')
}

export function maps(): void {
  console.log('maps')
  const words = new Map<string, i32>()
  const text = 'the cat and the dog and the other cat ü ß 😀 😀'.split(' ')
  for (let i = 0; i < text.length; i++) words.set(text[i], words.has(text[i]) ? words.get(text[i]) + 1 : 1)
  console.log(listMap(words))
  console.log(words.delete('the') ? 'deleted' : 'not there')
  console.log(words.delete('the') ? 'deleted' : 'not there')
  words.set('the', 9)
  words.set('', -1)
  console.log(listMap(words))

  // Grows, shrinks and grows again; the order of insertion stays.
  const many = new Map<string, i32>()
  for (let i = 0; i < 300; i++) many.set('k' + ((i * 7) % 311).toString(), i)
  for (let i = 0; i < 311; i++) if (i % 9 != 0) many.delete('k' + i.toString())
  for (let i = 0; i < 20; i++) many.set('n' + i.toString(), -i)
  console.log(listMap(many))
  many.clear()
  console.log(listMap(many))

  const byNumber = new Map<i32, string>()
  const keys: i32[] = [0, -1, 2147483647, -2147483648, 65536, 1]
  for (let i = 0; i < keys.length; i++) byNumber.set(keys[i], 'v' + i.toString())
  for (let i = 0; i < keys.length; i++) console.log(keys[i].toString() + ' ' + byNumber.get(keys[i]))
  console.log(byNumber.has(2) ? 'has 2' : 'has no 2')

  const floats = new Map<f64, string>()
  floats.set(0.5, 'half')
  floats.set(1e300, 'large')
  floats.set(0.1 + 0.2, 'sum')
  console.log((floats.has(0.3) ? 'yes ' : 'no ') + floats.get(0.30000000000000004) + ' ' + floats.size.toString())

  const set = new Set<i32>()
  for (let i = 0; i < 50; i++) set.add((i * i) % 23)
  console.log(listSet(set))
  set.delete(4)
  set.add(4)
  console.log(listSet(set))
  set.clear()
  console.log(listSet(set))

  const names = new Set<string>()
  names.add('a')
  names.add('b'.concat(''))
  names.add('ab'.substring(0, 1))
  console.log(names.size.toString())

  const nested = new Map<string, Map<string, i32>>()
  nested.set('x', new Map<string, i32>())
  nested.get('x').set('y', 5)
  console.log(nested.get('x').get('y').toString())
}
