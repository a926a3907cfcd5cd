abstract class Animal {
  static count: i32 = 0
  protected readonly name: string
  constructor(name: string) {
    this.name = name
    Animal.count++
  }
  abstract sound(): string
  speak(): string {
    return this.name + ' says ' + this.sound()
  }
}
class Dog extends Animal {
  sound(): string {
    return 'wau'
  }
}
class Puppy extends Dog {
  private age: i32 = 0
  get years(): i32 {
    return this.age
  }
  set years(value: i32) {
    this.age = value < 0 ? 0 : value
  }
  sound(): string {
    return super.sound().toUpperCase()
  }
}

interface Scored {
  score(): i32
}
class Card implements Scored {
  constructor(private value: i32) {}
  score(): i32 {
    return this.value
  }
}
class Joker implements Scored {
  score(): i32 {
    return 50
  }
}

class Pair<A, B> {
  constructor(
    public first: A,
    public second: B,
  ) {}
  swap(): Pair<B, A> {
    return new Pair<B, A>(this.second, this.first)
  }
}

class Link {
  next: Link | null = null
  constructor(public value: i32) {}
}

enum Color {
  Red = 1,
  Green,
  Blue = 10,
}

function apply(f: (x: i32) => i32, x: i32): i32 {
  return f(f(x))
}

function pick(index: i32): string {
  switch (index) {
    case 0:
      return 'zero'
    case 1:
    case 2:
      return 'one or two'
    default:
      return 'many'
  }
}

export function classes(): void {
  console.log('classes')
  const puppy = new Puppy('Rex')
  puppy.years = -3
  const animals: Animal[] = [new Dog('Bello'), puppy]
  for (let i = 0; i < animals.length; i++)
    console.log(animals[i].speak() + (animals[i] instanceof Puppy ? ' puppy' : '') + (animals[i] instanceof Animal ? ' animal' : ''))
  console.log(puppy.years.toString() + ' ' + Animal.count.toString())
  const hand: Scored[] = [new Card(7), new Joker()]
  console.log(hand.map<string>((card) => card.score().toString()).join(' '))
  const pair = new Pair<string, i32>('x', 4).swap()
  console.log(pair.first.toString() + pair.second)
  let head: Link | null = null
  for (let i = 0; i < 5; i++) {
    const link = new Link(i)
    link.next = head
    head = link
  }
  let text = ''
  let link = head
  while (link) {
    text += link.value.toString()
    link = link.next
  }
  console.log(text)
  console.log([Color.Red, Color.Green, Color.Blue].join(' '))
  console.log(apply((x) => x * 3 + 1, 5).toString())
  console.log([pick(0), pick(2), pick(9)].join(', '))
  for (let i = 0; i < 5; i++) {
    for (let j = 0; j < 5; j++) {
      if (j == 3) break
      text += (i * j).toString()
    }
  }
  console.log(text)
  let n: i32 = 5
  do {
    n -= 2
  } while (n > 0)
  console.log(n.toString() + ' ' + (n ? 'set' : 'unset') + ' ' + (n++ + ++n).toString())
}
