import { mkdtempSync, rmSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BuildError, type BuildResult, buildGuest } from '@zisk/build'
import { processorMs } from '@zisk/core/processor-ms'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { setupZisk } from '../forgery/zisk-machine.ts'
import { HOME, runGuest, writeFiles } from './build-and-run.ts'
import { expectPanicProved, HOSTILE_LENGTHS, runOnRecordOf } from './hostile-input.ts'
import { createLinkedProject, runProjectTest } from './template-project.ts'

// Rust is the one language whose compiler npm does not bring. `.ci/run` installs it and demands it; elsewhere these tests
// run where it is, and the first one says what is missing where it is not.

let work = ''
let template = ''
/** Why there is no Rust toolchain to build guests with. */
let missing: BuildError | undefined

beforeAll(async () => {
  work = mkdtempSync(join(tmpdir(), 'zisk rust '))
  template = createLinkedProject(join(work, 'rust'), 'rust')
  await buildGuest({ path: template, home: HOME, signal: new AbortController().signal }).catch((error: BuildError) => {
    if (error.code !== 'TOOLCHAIN_MISSING') throw error
    missing = error
  })
})
afterAll(() => rmSync(work, { recursive: true }))

/** One build, and whether cargo was asked. */
async function build(path: string, env = process.env): Promise<BuildResult & { readonly asked: boolean }> {
  let said = ''
  const result = await buildGuest({
    path,
    home: HOME,
    env,
    onDiagnostics: (text) => {
      said += text
    },
  })
  return { ...result, asked: said !== '' }
}

test('there is a Rust toolchain, or the error says what to install', () => {
  if (missing === undefined) return
  expect(missing.remedy).toContain('rustup toolchain install nightly --profile minimal --component rust-src')
  expect(process.env['CI'], `no Rust guest is tested: ${missing.message}`).toBeUndefined()
  console.warn(`no Rust guest is tested: ${missing.message}. ${missing.remedy}`)
})

describe('the template', () => {
  test('builds, runs, proves and verifies', () => {
    if (missing !== undefined) return
    expect(runProjectTest(template)).toMatchObject({ status: 0, output: expect.stringMatching(/^# pass 3$/m) })
  })

  test('unchanged, it is built without cargo in less than half a second', async () => {
    if (missing !== undefined) return
    const before = processorMs()
    const again = await build(template)
    const spent = processorMs() - before
    expect(again).toMatchObject({ upToDate: true, asked: false, toolchain: { name: 'cargo' } })
    expect(again.toolchain.version).toMatch(/^rustc 1\./)
    // Of processor time: other jobs do not count.
    expect(spent).toBeLessThan(500)
  })
})

test('a record that reaches behind the end of the input is a panic', async () => {
  if (missing !== undefined) return
  // In the template's folder, where core, alloc and the guest library are compiled already.
  writeFiles(template, {
    'src/main.rs': `#![no_std]
#![no_main]
zisk_guest::entrypoint!(main);
fn main() {
    zisk_guest::read();
    zisk_guest::commit(&zisk_guest::read()[..1]);
}
`,
  })
  const { elf } = await build(template)
  expect(await runOnRecordOf(elf, 8n)).toEqual({ exitCode: 0, text: '' })
  for (const [next, length] of HOSTILE_LENGTHS)
    expect(await runOnRecordOf(elf, length), next).toEqual({
      exitCode: 101,
      text: expect.stringContaining('input record reaches behind the end of the input'),
    })
  await expectPanicProved(await setupZisk(), elf)
})

test('a recursion that goes too deep is a stack overflow', async () => {
  if (missing !== undefined) return
  writeFiles(template, {
    'src/main.rs': `#![no_std]
#![no_main]
zisk_guest::entrypoint!(main);
#[inline(never)]
fn deep(n: u32) -> u32 {
    let frame = core::hint::black_box([1u32; 16]);
    if n == 0 { 0 } else { deep(n - 1) + frame[n as usize % 16] }
}
fn main() { zisk_guest::commit_u32(deep(zisk_guest::read_u32())); }
`,
  })
  const { elf } = await build(template)
  expect(await runGuest(elf, [Uint8Array.of(100, 0, 0, 0)])).toMatchObject({ exitCode: 0, outputs: [100] })
  const { execution } = await runGuest(elf, [Uint8Array.of(0, 0, 0, 1)])
  expect(execution.outcome).toMatchObject({ kind: 'fault', fault: { code: 'STACK_OVERFLOW' } })
})

/** A guest that depends on a crate beside it, on a file outside of both, and on an environment variable. */
const WORKSPACE = {
  'rust/Cargo.toml': `[package]
name = "rust"
version = "0.1.0"
edition = "2021"
[dependencies]
zisk-guest = { path = "node_modules/@zisk/guest/rust" }
part = { path = "../part" }
`,
  'rust/src/main.rs': `#![no_std]
#![no_main]
zisk_guest::entrypoint!(main);
fn main() {
    zisk_guest::commit_u32(part::value());
    zisk_guest::commit(include_bytes!("../../word.bin"));
    zisk_guest::commit_u32(option_env!("GUEST_NUMBER").map_or(0, |text| text.len() as u32));
}
`,
  'part/Cargo.toml': '[package]\nname = "part"\nversion = "0.1.0"\nedition = "2021"\n',
  'part/src/lib.rs': '#![no_std]\npub fn value() -> u32 { 1 }\n',
  'word.bin': 'abcd',
}

test('cargo is asked when something may have changed, and only then', async () => {
  if (missing !== undefined) return
  // In the template's folder, where core, alloc and the guest library are compiled already.
  writeFiles(work, WORKSPACE)
  const guest = template
  const first = await build(guest)
  const outputs = async (): Promise<readonly number[]> => (await runGuest(first.elf)).outputs
  const abcd = 0x6463_6261
  expect(await outputs()).toEqual([1, abcd])
  expect(await build(guest)).toMatchObject({ upToDate: true, asked: false })

  const later = new Date(Date.now() + 60_000)
  utimesSync(join(guest, 'src/main.rs'), later, later)
  expect(await build(guest)).toMatchObject({ upToDate: true, asked: false })

  writeFiles(work, { 'part/src/lib.rs': '#![no_std]\npub fn value() -> u32 { 2 }\n' })
  expect(await build(guest)).toMatchObject({ upToDate: false, asked: true })
  expect(await outputs()).toEqual([2, abcd])

  writeFiles(work, { 'word.bin': 'abce' })
  expect(await build(guest)).toMatchObject({ upToDate: false })
  expect(await outputs()).toEqual([2, abcd + (1 << 24)])

  const env = { ...process.env, GUEST_NUMBER: '12345' }
  expect(await build(guest, env)).toMatchObject({ upToDate: false })
  expect(await outputs()).toEqual([2, abcd + (1 << 24), 5])
  expect(await build(guest, env)).toMatchObject({ upToDate: true, asked: false })
  expect(await build(guest, { ...env, GUEST_NUMBER: '123' })).toMatchObject({ upToDate: false })
  expect(await build(guest)).toMatchObject({ upToDate: false })

  // Settings of cargo that were not there, and a program more.
  writeFiles(work, { '.cargo/config.toml': '[build]\njobs = 2\n' })
  expect(await build(guest)).toMatchObject({ asked: true, upToDate: true })
  expect(await build(guest)).toMatchObject({ asked: false })
  rmSync(first.elf)
  expect(await build(guest)).toMatchObject({ upToDate: false })
  expect(await outputs()).toEqual([2, abcd + (1 << 24)])

  // A build script that does not say what it reads may read anything.
  writeFiles(work, { 'part/build.rs': 'fn main() {}\n' })
  expect(await build(guest)).toMatchObject({ asked: true })
  expect(await build(guest)).toMatchObject({ asked: true, upToDate: true })
  writeFiles(work, { 'part/build.rs': 'fn main() { println!("cargo:rerun-if-env-changed=PART_NUMBER"); }\n' })
  expect(await build(guest)).toMatchObject({ asked: true })
  expect(await build(guest)).toMatchObject({ asked: false })
  expect(await build(guest, { ...process.env, PART_NUMBER: '1' })).toMatchObject({ asked: true })

  writeFiles(work, { 'part/src/lib.rs': '#![no_std]\npub fn value() -> u32 { "x" }\n' })
  await expect(build(guest)).rejects.toMatchObject({
    code: 'COMPILE_FAILED',
    details: { output: expect.stringContaining('error[E0308]: mismatched types') },
  })
  expect(await outputs()).toEqual([2, abcd + (1 << 24)])
})

test('a crate with the standard library: collections, strings, a panic with its message', async () => {
  if (missing !== undefined) return
  const folder = join(work, 'with-std')
  writeFiles(folder, {
    'Cargo.toml': `[package]
name = "with-std"
version = "0.1.0"
edition = "2021"
[dependencies]
zisk-guest = { path = "../rust/node_modules/@zisk/guest/rust", features = ["std"] }
`,
    'src/main.rs': `#![no_main]
use std::collections::HashMap;
zisk_guest::entrypoint!(main);
fn main() -> Result<(), String> {
    let text = std::str::from_utf8(zisk_guest::read()).map_err(|error| error.to_string())?;
    let mut counts: HashMap<&str, u32> = HashMap::new();
    for word in text.split_whitespace() { *counts.entry(word).or_default() += 1; }
    println!("{} words", counts.len());
    zisk_guest::commit_u32(counts["be"]);
    assert!(counts.len() < 6, "too many words");
    Ok(())
}
`,
  })
  const { elf } = await build(folder)
  const run = await runGuest(elf, [Buffer.from('to be or not to be')])
  expect(run).toMatchObject({ exitCode: 0, outputs: [2], text: '4 words\n' })
  const panicked = await runGuest(elf, [Buffer.from('a b c d e be f')])
  expect(panicked).toMatchObject({ exitCode: 101, outputs: [1] })
  expect(panicked.text).toMatch(/panicked at src\/main\.rs:10:5:\ntoo many words/)
  const refused = await runGuest(elf, [Uint8Array.of(0xff)])
  expect(refused.exitCode).toBe(1)
  expect(refused.text).toMatch(/^error: "invalid utf-8/)
})
