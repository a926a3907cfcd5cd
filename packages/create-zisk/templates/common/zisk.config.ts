import { defineConfig } from '@zisk/build'

export default defineConfig({
  // speed: fewest steps, which is what a proof costs; size: smallest program; debug: as it is written.
  optimize: 'speed',
})
