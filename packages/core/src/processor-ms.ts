/** Processor time of this process so far, in milliseconds: what tests bound, since other processes may share the cores. */
export function processorMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
