// What the peers in JavaScript share. bench/peers/run explains the whole.
import { readFileSync } from 'node:fs'

export const USER = 'arn:aws:iam::111111111111:user/crossAccountUser'
export const STRANGER = 'arn:aws:iam::111111111111:user/stranger'
export const ROLE = 'arn:aws:iam::222222222222:role/CrossAccountAccessRole'

export const read = name => readFileSync(`${process.argv[2] ?? 'bench/peers/case'}/${name}`, 'utf8')

/**
 * Prints the nanoseconds of one `act` (which may be asynchronous), over half a second after as long a warm-up, in processor
 * time of the process: what runs beside it does not count, the compiler's and the collector's threads do.
 */
export async function measure(peer, what, act) {
  const nanoseconds = () => { const used = process.cpuUsage(); return (used.user + used.system) * 1000 }
  const run = async () => {
    const begin = nanoseconds()
    let calls = 0
    let all = true
    let now = begin
    for (; now - begin < 0.5e9; now = nanoseconds()) {
      for (let i = 0; i < 20; ++i) {
        const answer = act()
        all = (answer instanceof Promise ? await answer : answer) && all
      }
      calls += 20
    }
    if (!all) throw new Error('a decision fell wrong')
    return (now - begin) / calls
  }
  await run()
  console.log(JSON.stringify({ peer, what, ns: Math.round((await run()) * 10) / 10 }))
}
