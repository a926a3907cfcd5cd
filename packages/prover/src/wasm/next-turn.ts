/** Lets timers, messages and signals in. Pages have no setImmediate; Node delays setTimeout by a millisecond. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') setImmediate(resolve)
    else setTimeout(resolve)
  })
}
