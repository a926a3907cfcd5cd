function bits(value: f64): string {
  const one = new Float64Array(1)
  one[0] = value
  const words = Uint32Array.wrap(one.buffer)
  return words[1].toString(16) + '.' + words[0].toString(16)
}

function single(value: f32): string {
  const one = new Float32Array(1)
  one[0] = value
  return Uint32Array.wrap(one.buffer)[0].toString(16)
}

export function numbers(): void {
  console.log('numbers')
  const values: f64[] = [0.1, -0.1, 0.5, 1.5, 2.5, -2.5, 3.14159, 1e21, 1.5e300, 5e-324, 2.2250738585072014e-308, 123456789.125, 1e-7, -0.0]
  for (let i = 0; i < values.length; i++) {
    const x = values[i]
    console.log([bits(Math.floor(x)), bits(Math.ceil(x)), bits(Math.trunc(x)), bits(Math.round(x)), bits(Math.abs(x))].join(' '))
    console.log([bits(Math.sqrt(Math.abs(x))), bits(1 / x), bits(x * 3), bits(x / 3), bits(x + 0.3), bits(x - 1e10)].join(' '))
    console.log([bits(Math.min(x, 1)), bits(Math.max(x, 0.25)), single(<f32>x), bits(Math.sign(x))].join(' '))
  }
  console.log([0.1, 0.3, 1.5e300, 5e-324, 123456789.125, 1.7976931348623157e308, 1e-7, -2.5].map<string>((x) => x.toString()).join(' '))
  console.log([bits(Math.min(0, -0.0)), bits(Math.max(-0.0, 0)), isNaN(0.0 / 0.0) ? 'NaN' : '', isFinite(1e308 * 10) ? '' : 'infinite'].join(' '))
  let sum = 0.0
  for (let i = 1; i < 200; i++) sum += 1.0 / i
  console.log(bits(sum) + ' ' + sum.toString())
  let power = 1.0
  for (let i = 0; i < 1074; i++) power /= 2
  console.log(bits(power))
  console.log([<i32>Math.imul(-5, 12345678), <i32>Math.clz32(255), 7 % 3, -7 % 3, 1 << 31, -1 >> 3].join(' '))
  console.log(((-1 >>> 0) as u32).toString() + ' ' + (<u32>3000000000).toString(16))
  console.log([255, 1000, 35].map<string>((n) => n.toString(2) + ' ' + n.toString(36)).join(' '))
  console.log(bits(parseFloat('3.25e2xyz')) + ' ' + bits(parseFloat('-.5')) + ' ' + bits(parseInt('ff', 16)) + ' ' + bits(parseInt(' 12px')) + ' ' + bits(parseFloat('1e-320')))
}
