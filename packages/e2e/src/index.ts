export { type Expected, type Fixture, loadFixtures } from './fixtures.ts'
export { type QemuImageOptions, qemuImage } from './qemu-image.ts'
export { type QemuRun, runQemu } from './run-qemu.ts'
